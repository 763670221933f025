"""The numerically stable reference engine."""

from typing import Final

ENGINE_VERSION: Final = "1"
"""Changes whenever some truth would come out otherwise; stored with every problem and judgement."""
