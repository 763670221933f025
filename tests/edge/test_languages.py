from __future__ import annotations

import pytest

from app.edge.languages import Language, choose_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh", "zh"),
        ("ZH-hans-CN", "zh"),
        ("en, zh", "en"),
        ("zh, en", "zh"),
        ("en;q=0.5, zh;q=0.9", "zh"),
        ("en; q=0.5 , zh; q=0.9", "zh"),
        ("zh;q=0, en;q=0.1", "en"),
        ("zh;q=0", "en"),
        ("fr, zh;q=0.2", "zh"),
        ("fr", "en"),
        ("*", "en"),
        ("zh;q=nonsense", "en"),
        ("zh;q=nan", "en"),
        ("zh;q=7", "en"),
        (";;;,,,", "en"),
    ],
)
def test_the_best_language_that_is_spoken_here_wins(header: str, language: Language) -> None:
    assert choose_language(header) == language
