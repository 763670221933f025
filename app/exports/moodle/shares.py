"""What a picked option counts, as the grader has it, in per cent with the five decimals that Moodle knows."""

from __future__ import annotations

from quiz_bank.problem import ChoicePart


def share(part: ChoicePart, code: str) -> str:
    """Return what picking an option adds: of several right ones a part each, and a wrong one takes as much away."""
    if part.spec.kind == "choice":
        return "100" if code in part.truth else "0"
    value = 100 / len(part.truth)
    return f"{value if code in part.truth else -value:.5f}".rstrip("0").rstrip(".")


def mistake(part: ChoicePart, code: str) -> str | None:
    """Return the misconception that picking an option shows; None where it is right."""
    return None if code in part.truth else code
