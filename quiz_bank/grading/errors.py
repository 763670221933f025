"""What is no answer, and is refused instead of being judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quiz_bank.grading.unreadable import UnreadableError, explain
from quiz_bank.problem import Language
from quiz_bank.texts.templates import common


@dataclass(frozen=True, slots=True)
class AnswerError:
    """One field that is no answer: where it is, why, and at which character where that matters."""

    pointer: str
    code: str
    position: int | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    cause: UnreadableError | None = None

    def detail(self, language: Language) -> str:
        """Return what is wrong and what to do, as one sentence or two."""
        if self.cause is not None:
            return explain(self.cause, language)
        return common(language).render(f"answer {self.code}", self.values)


class UnreadableAnswersError(ValueError):
    """An attempt that can't be judged; `errors` name every field at fault."""

    def __init__(self, errors: tuple[AnswerError, ...]) -> None:
        super().__init__(", ".join(f"{error.pointer}: {error.code}" for error in errors))
        self.errors = errors


def pointer_of(name: str) -> str:
    """Return the JSON pointer of a part's answer."""
    return "/answers/" + name.replace("~", "~0").replace("/", "~1")
