"""How far a learner's confidence can be trusted, in numbers and in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import isinf, sqrt
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from app.services.calibration import Calibration, Forecast, calibration
from app.storage import history
from quiz_bank.problem import Language

ENOUGH: Final = 20
"""With fewer answers the share of right ones says too little."""

SMALLEST_GAP: Final = 0.05
"""A difference between confidence and success that is smaller matters to nobody."""

STANDARD_ERRORS: Final = 2
"""A difference within so many standard errors may be chance, were the confidence just right."""

_TEXTS: Final[dict[str, dict[Language, str]]] = {
    "none": {
        "en": "You haven't said yet how sure you are. Send a confidence with an answer, and see here how far to trust it.",
        "zh": "你还没有说明过自己有多大把握。作答时附上 confidence，这里就会显示它有多可信。",
    },
    "few": {
        "en": "You said how sure you are {count} times so far; from {enough} on, this tells how far to trust it.",
        "zh": "目前你有 {count} 次作答说明了把握；满 {enough} 次后，这里会说明它有多可信。",
    },
    "overconfident": {
        "en": "You are overconfident: {confidence} sure on average, and right {rate} of the time.",
        "zh": "你过于自信：平均把握为 {confidence}，而首答正确率为 {rate}。",
    },
    "underconfident": {
        "en": "You know more than you think: {confidence} sure on average, and right {rate} of the time.",
        "zh": "你懂的比你以为的多：平均把握为 {confidence}，而首答正确率为 {rate}。",
    },
    "fair": {
        "en": "Your confidence is about right: {confidence} sure on average, and right {rate} of the time.",
        "zh": "你的把握基本准确：平均把握为 {confidence}，首答正确率为 {rate}。",
    },
    "infinite": {
        "en": "Certain and wrong {certain} time(s): that alone makes the log loss infinite.",
        "zh": "有 {certain} 次完全确定却错了：仅此就使对数损失为无穷大。",
    },
    "telling": {
        "en": "It tells what you know from what you don't: always saying {rate} would lose more.",
        "zh": "它能区分你懂与不懂的题：若每次都说 {rate}，损失会更大。",
    },
    "not telling": {
        "en": "It doesn't tell yet what you know from what you don't: always saying {rate} would lose no more.",
        "zh": "它还不能区分你懂与不懂的题：若每次都说 {rate}，损失也不会更大。",
    },
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the scores mean: none, few, overconfident, underconfident or fair, and the same in words."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Confidence:
    """The scores of all first tries of which the learner said how sure they were, and of those of each topic."""

    overall: Calibration
    topics: dict[str, Calibration]
    reading: Reading


def confidence(connection: Connection, learner_id: UUID, language: Language, since: datetime | None = None) -> Confidence:
    """Return how well a learner's confidence fits, over what they first tried from `since` on."""
    forecasts: list[Forecast] = []
    by_topic: dict[str, list[Forecast]] = {}
    for row in history.sure(connection, learner_id, since):
        forecast = Forecast(row.confidence, row.right, row.times)
        forecasts.append(forecast)
        by_topic.setdefault(row.topic, []).append(forecast)
    topics = {topic: calibration(by_topic[topic]) for topic in sorted(by_topic)}
    overall = calibration(forecasts)
    return Confidence(overall, topics, reading(overall, forecasts, language))


def reading(scores: Calibration, forecasts: Iterable[Forecast], language: Language) -> Reading:
    """Return in words what the scores of some forecasts mean."""
    given = tuple(forecasts)
    code = _verdict(scores, given)
    texts = [code] if code in ("none", "few") else [code, *_more(scores)]
    certain = sum(each.times for each in given if abs(each.confidence - each.right) == 1)
    values = {
        "count": scores.count,
        "enough": ENOUGH,
        "certain": certain,
        "confidence": f"{scores.mean_confidence or 0:.0%}",
        "rate": f"{scores.base_rate or 0:.0%}",
    }
    return Reading(code, ("" if language == "zh" else " ").join(_TEXTS[each][language].format(**values) for each in texts))


def _verdict(scores: Calibration, forecasts: Iterable[Forecast]) -> str:
    if scores.mean_confidence is None or scores.base_rate is None:
        return "none"
    if scores.count < ENOUGH:
        return "few"
    spread = sqrt(sum(each.times * each.confidence * (1 - each.confidence) for each in forecasts)) / scores.count
    gap = scores.mean_confidence - scores.base_rate
    if abs(gap) <= max(SMALLEST_GAP, STANDARD_ERRORS * spread):
        return "fair"
    return "overconfident" if gap > 0 else "underconfident"


def _more(scores: Calibration) -> list[str]:
    """Return what else there is to say where there is enough to go by."""
    if scores.log_loss is None or scores.base_log_loss is None:
        return []
    if isinf(scores.log_loss):
        return ["infinite"]
    return ["telling" if scores.log_loss < scores.base_log_loss else "not telling"]
