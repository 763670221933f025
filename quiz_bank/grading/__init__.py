"""A text and a problem in, a verdict out."""

from typing import Final

GRADER_VERSION: Final = "1"
"""Changes whenever some answer would get another verdict; stored with every judgement."""
