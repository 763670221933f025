"""How far a learner's confidence can be trusted, as documents."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.api.drill_report_documents import Nats, Share
from app.services.calibration import Calibration
from app.services.confidence import Confidence
from quiz_bank.problem import Language
from quiz_bank.topics import topic_title

_EMPTY_BINS: Final[list[JsonValue]] = [
    {"low": low / 10, "high": (low + 1) / 10, "count": 0, "mean_confidence": None, "accuracy": None} for low in range(8)
]
_SCORES_EXAMPLE: Final[dict[str, JsonValue]] = {
    "count": 40,
    "mean_confidence": 0.85,
    "base_rate": 0.65,
    "log_loss": 0.7711,
    "base_log_loss": 0.6474,
    "brier": 0.265,
    "expected_calibration_error": 0.2,
    "bins": [
        *_EMPTY_BINS,
        {"low": 0.8, "high": 0.9, "count": 20, "mean_confidence": 0.8, "accuracy": 0.6},
        {"low": 0.9, "high": 1.0, "count": 20, "mean_confidence": 0.9, "accuracy": 0.7},
    ],
}


class BinOut(BaseModel):
    """A row of the reliability table: the answers with low ≤ confidence < high; the last one includes its end."""

    low: Share
    high: Share
    count: int
    mean_confidence: Share | None
    accuracy: Share | None = Field(description="The share that was right.")


class ScoresOut(BaseModel):
    """Scores of confidence in first tries; losses in nats, and nothing is clipped."""

    count: int
    mean_confidence: Share | None
    base_rate: Share | None = Field(description="The share that was right.")
    log_loss: Nats = Field(description='The mean cross-entropy; "inf" where one was certain and wrong.')
    base_log_loss: float | None = Field(description="What always saying the base rate would have lost.")
    brier: Share | None = Field(description="The mean squared distance from what came.")
    expected_calibration_error: Share | None = Field(description="How far the bins are off, by their counts.")
    bins: list[BinOut]


class TopicScoresOut(ScoresOut):
    """The scores of one topic."""

    topic: str
    title: str


class ReadingOut(BaseModel):
    """What the scores mean."""

    code: Literal["none", "few", "overconfident", "underconfident", "fair"]
    text: str


class CalibrationOut(BaseModel):
    """How far your confidence can be trusted; null where nothing was said of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reading": {
                        "code": "overconfident",
                        "text": "You are overconfident: 85% sure on average, and right 65% of the time. It doesn't tell yet "
                        "what you know from what you don't: always saying 65% would lose no more.",
                    },
                    "overall": _SCORES_EXAMPLE,
                    "topics": [{**_SCORES_EXAMPLE, "topic": "cross-entropy", "title": "Cross-entropy"}],
                }
            ]
        }
    )

    reading: ReadingOut
    overall: ScoresOut
    topics: list[TopicScoresOut]


def calibration_out(confidence: Confidence, language: Language) -> CalibrationOut:
    """Return how far a confidence can be trusted as it is sent."""
    return CalibrationOut(
        reading=ReadingOut.model_validate(confidence.reading, from_attributes=True),
        overall=ScoresOut(**_scores(confidence.overall)),
        topics=[
            TopicScoresOut(**_scores(scores), topic=topic, title=topic_title(topic, language))
            for topic, scores in confidence.topics.items()
        ],
    )


def _scores(scores: Calibration) -> dict[str, Any]:
    return {**asdict(scores), "mean_confidence": scores.mean_confidence}
