"""The report of a drill of two problems, of which one was answered in bits and the other never reached, in each format."""

from __future__ import annotations

from typing import Final

from pydantic import JsonValue

_FAMILY: Final = "cross-entropy-one-hot"
_TITLE: Final = "Cross-entropy of a one-hot target"
_PROBLEM: Final = "01990b7e-3c00-7000-8000-000000000000"
_DRILL: Final = "01990b7e-3c00-7000-8000-000000000010"
_WHY: Final[JsonValue] = {"markdown": "This is the result with …", "text": "This is the result with …"}
_MISTAKE: Final[JsonValue] = {"code": "wrong-log-base-2", "part": "loss", "why": _WHY}
_SUMS: Final[dict[str, JsonValue]] = {
    "problems": 1,
    "credit": 0.0,
    "share": 0.0,
    "first_right": 0,
    "seconds": 41.0,
    "expected_seconds": 60,
    "pace": 0.6833333333333333,
}

REPORT_EXAMPLE: Final[dict[str, JsonValue]] = {
    "drill_id": _DRILL,
    "preset": None,
    "state": "finished",
    "final": True,
    "language": "en",
    "started_at": "2026-11-20T21:16:00Z",
    "finished_at": "2026-11-20T21:18:00Z",
    "score": {
        "credit": 0.0,
        "possible": 2,
        "share": 0.0,
        "right": 0,
        "partly_right": 0,
        "wrong": 1,
        "too_coarse": 0,
        "unanswered": 1,
        "never_reached": 1,
        "late": 0,
        "seconds": 120.0,
        "seconds_allowed": None,
    },
    "topics": [{"name": "cross-entropy", "title": "Cross-entropy", **_SUMS}],
    "families": [{"name": _FAMILY, "title": _TITLE, **_SUMS}],
    "problems": [
        {
            "position": 1,
            "problem_id": _PROBLEM,
            "family": _FAMILY,
            "title": _TITLE,
            "topic": "cross-entropy",
            "level": 2,
            "self_assessed": False,
            "prompt": {"markdown": "A classifier predicts …", "text": "A classifier predicts …"},
            "state": "expired",
            "verdict": "wrong",
            "credit": 0.0,
            "tries": 1,
            "hints": 0,
            "seconds": 41.0,
            "expected_seconds": 60,
            "confidence": 0.9,
            "answers": [
                {
                    "number": 1,
                    "submitted": {"loss": "0.5146"},
                    "verdict": "wrong",
                    "parts": {"loss": "wrong"},
                    "credit": 0.0,
                    "counted": True,
                    "late": False,
                    "confidence": 0.9,
                    "seconds": 41.0,
                    "submitted_at": "2026-11-20T21:17:00Z",
                    "mistakes": [_MISTAKE],
                }
            ],
            "mistakes": [_MISTAKE],
            "truth": {"loss": 0.3566749439387324},
            "solution": f"/v1/problems/{_PROBLEM}/solution",
            "follow_up": None,
        }
    ],
    "mistakes": [
        {"code": "wrong-log-base-2", "family": _FAMILY, "title": _TITLE, "problems": 1, "positions": [1], "why": _WHY}
    ],
    "unanswered": [],
    "advice": {
        "weaknesses": [
            {
                "family": _FAMILY,
                "title": _TITLE,
                "reasons": ["credit", "misconception"],
                "problem": {"family": _FAMILY, "level": 2},
            }
        ],
        "drill": {"blueprint": {"families": [_FAMILY], "length": 3}},
        "topic": {
            "topic": "cross-entropy",
            "title": "Cross-entropy",
            "drill": {"blueprint": {"topics": ["cross-entropy"], "length": 10}},
        },
    },
    "comparison": {"same_preset": False, "earlier": [], "pace": 0.6833333333333333, "change": None, "trend": None},
    "calibration": {
        "count": 1,
        "log_loss": 2.302585092994046,
        "brier": 0.81,
        "base_rate": 0.0,
        "base_log_loss": 0.0,
        "expected_calibration_error": 0.9,
    },
}

MARKDOWN_EXAMPLE: Final = """# Drill report

**0 of 2** (0%)

- Began 2026-11-20 21:16 UTC
- Right 0 · partly right 0 · wrong 1 · too few digits 0 · unanswered 1
…
"""

CSV_EXAMPLE: Final = (
    "drill_id,position,problem_id,family,title,topic,level,self_assessed,state,verdict,credit,tries,hints,seconds,expected_seconds,"
    "confidence,answer,own_words,truth,misconceptions,late_answers,follow_up_answer,mark,remark\r\n"
    f"{_DRILL},1,{_PROBLEM},{_FAMILY},{_TITLE},cross-entropy,2,false,expired,wrong,0.0,1,0,41.0,60,0.9,0.5146,,0.3566749439387324,"
    "wrong-log-base-2,0,,,\r\n"
)
