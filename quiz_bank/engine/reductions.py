"""How several losses become one number."""

from __future__ import annotations

from typing import Literal, TypeAlias

Reduction: TypeAlias = Literal["none", "sum", "mean"]


def check_reduction(reduction: str) -> None:
    """Refuse anything but "none", "sum" and "mean"."""
    if reduction not in ("none", "sum", "mean"):
        raise ValueError(f"reduction must be 'none', 'sum' or 'mean', not {reduction!r}")
