"""Every operation with input that is generated from its document, and with input that is at odds with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.python import asgi

from app.main import create_app
from app.settings import Settings
from app.storage.database import Database
from tests.api.contract import MOCK, document
from tests.contracts.test_schemathesis import ADDRESS, CHECKS, calls, made
from tests.faults.crowd import PATIENCE_SECONDS
from tests.faults.findings import Row, examine

FIXED: Final = {"slug": "cross-entropy-one-hot", "topic": "gradients", "date": "2026-11-20"}


def asked(url: str, examples: int) -> Row:
    """Send so many requests for each kind of input to each operation; every answer is one that the document promises."""
    schema = schemathesis.openapi.from_dict(document())
    schema.app = create_app(Settings(), Database(url))
    requests, faults = 0, list[str]()
    for path, method, mode in calls():
        strategy = schema[path][method].as_strategy(generation_mode=mode, path_parameters=_ids(schema, path) or None)
        sent, said = _sent(strategy, examples)
        requests += sent
        faults += [f"{method} {path}: {each}" for each in said]
    asgi.shutdown_lifespans()
    return Row("generated requests", examples, requests, 0, 0, 0, 0, (*faults, *examine(url, {}, []).faults))


def _sent(strategy: Any, examples: int) -> tuple[int, list[str]]:  # noqa: ANN401 - the framework's
    """Return how many requests were sent, and the first answer that was none of those promised."""
    sent = 0

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def holds(case: Case[Any]) -> None:
        nonlocal sent
        sent += 1
        case.call_and_validate(base_url=ADDRESS, checks=CHECKS, timeout=PATIENCE_SECONDS)

    try:
        holds()
    except Exception as failure:  # whatever it is, it stands in the table
        return sent, [f"{type(failure).__name__}: {failure}"]
    return sent, []


def _ids(schema: schemathesis.BaseSchema, path: str) -> dict[str, str]:
    """Return an id that exists for every name in a path."""
    makers: dict[str, Callable[[], str]] = {
        "problem_id": lambda: made(schema, "problems", MOCK),
        "attempt_id": lambda: made(schema, f"problems/{made(schema, 'problems', MOCK)}/attempts", {"answers": {"loss": "0.3"}}),
        "drill_id": lambda: made(schema, "drills", {"preset": "warm-up"}),
        "token_id": lambda: made(schema, "me/tokens", {"name": "t"}),
        "learner_id": lambda: made(schema, "learners", {"name": "Ada"}),
        "code": lambda: made(schema, "rooms", {"problems": [MOCK]}, "code"),
        "report_id": lambda: made(schema, f"problems/{made(schema, 'problems', MOCK)}/reports", {"remark": "Wrong."}),
    }
    return {name: FIXED[name] if name in FIXED else makers[name]() for name in _names(path)}


def _names(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]
