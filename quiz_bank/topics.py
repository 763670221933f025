"""What the bank's topics are called, in both languages."""

from __future__ import annotations

from typing import Final

from quiz_bank.problem import Language

_TOPICS: Final[dict[str, dict[Language, str]]] = {
    "information": {"en": "Information", "zh": "信息量"},
    "cross-entropy": {"en": "Cross-entropy", "zh": "交叉熵"},
    "logits": {"en": "Logits", "zh": "Logits 专题"},
    "binary-and-multi-label": {"en": "Binary and multi-label", "zh": "二分类与多标签"},
    "gradients": {"en": "Gradients", "zh": "梯度"},
    "language-models-and-evaluation": {"en": "Language models and evaluation", "zh": "语言模型与评估"},
    "concepts": {"en": "Concepts", "zh": "概念"},
}

TOPICS: Final = tuple(_TOPICS)
"""The bank's own topics, each resting on those before it."""


def topic_title(topic: str, language: Language) -> str:
    """Return a topic's title; a topic that an installed package brought has none but its own name."""
    return _TOPICS.get(topic, {}).get(language, topic)
