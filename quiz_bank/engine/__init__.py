"""The engine that truths are computed with: losses, their gradients and the information theory beneath them."""

from typing import Final

ENGINE_VERSION: Final = "1"
"""Changes whenever some truth would come out otherwise; stored with every problem and judgement."""
