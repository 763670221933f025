"""What lies ready for Prometheus and Grafana speaks of metrics that there are, and so does what is written about them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Metric

from app.edge.metrics import Metrics

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "deploy/grafana/crossdrill.json"
ALERTS = ROOT / "deploy/prometheus/alerts.yml"
SCRAPE = ROOT / "deploy/prometheus/prometheus.yml"
GUIDE = ROOT / "docs/observability.md"

NAMES = re.compile(r"\b((?:crossdrill|process|python)_\w+)(?:\{([^}]*)\})?")
OTHERS = {"up", "node_filesystem_avail_bytes", "node_filesystem_size_bytes"}
"""What Prometheus and the node exporter tell."""
BUILT_IN_LABELS = {"job", "instance", "le"}
UNITS = ("_seconds", "_bytes", "_info", "_fds", "_ratio")
COUNTS = {
    "crossdrill_requests_in_progress",
    "crossdrill_streams_in_progress",
    "crossdrill_transaction_works",
    "crossdrill_queue_length",
    "crossdrill_connections",
    "crossdrill_connections_busy",
    "crossdrill_database_reachable",
}
"""Metrics that are numbers of things, or yes and no: they have no unit."""


@cache
def exported() -> dict[str, Metric]:
    metrics = Metrics()
    return {family.name: family for family in metrics.instruments.registry.collect()}


@cache
def labels_of() -> dict[str, set[str]]:
    """Return the labels of every sample that can be exported."""
    metrics = Metrics()
    metrics.answered("GET", "/livez", 200, 0.1)
    metrics.posed("entropy")
    metrics.judged("entropy", "wrong", "sign-flipped", 0.1)
    metrics.drew(0.1)
    metrics.ended("writer", 1, 0.1, 0.01, failed=True)
    metrics.did("purge", 0.1, failed=False)
    metrics.did("purge", 0.1, failed=True)
    known = metrics.instruments
    for gauge in (known.waiting, known.busy, known.connections):
        gauge["writer",].set(0)
    metrics.sample()
    samples = [sample for family in known.registry.collect() for sample in family.samples]
    return {sample.name: set(sample.labels) for sample in samples}


def expressions() -> Iterator[str]:
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))
    for rule in rules():
        yield str(rule["expr"])


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_an_expression_asks_for_what_is_exported_by_labels_that_it_has(expression: str) -> None:
    asked = NAMES.findall(expression)
    assert asked or OTHERS & set(re.findall(r"\w+", expression))
    grouped = {label.strip() for by in re.findall(r"by \(([^)]*)\)", expression) for label in by.split(",")}
    for name, selector in asked:
        assert name in labels_of()
        selected = set(re.findall(r"(\w+)\s*[=!]", selector))
        assert selected | grouped <= labels_of()[name] | BUILT_IN_LABELS
    assert expression.count("(") == expression.count(")")


def test_everything_of_the_service_is_on_the_dashboard() -> None:
    text = DASHBOARD.read_text()
    assert [name for name in exported() if name.startswith("crossdrill_") and name not in text] == []


def test_panels_have_titles_and_units_and_do_not_overlap() -> None:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & taken
        assert place["x"] + place["w"] <= 24
        assert panel["title"]
        assert panel["type"] == "row" or panel["fieldConfig"]["defaults"]["unit"]
        taken |= cells


def test_an_alert_says_what_is_the_matter_and_what_to_look_at() -> None:
    assert len({rule["alert"] for rule in rules()}) == len(rules())
    for rule in rules():
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["description"].endswith(".")


def test_the_scrape_loads_the_alerts_and_asks_where_the_service_answers() -> None:
    scrape = yaml.safe_load(SCRAPE.read_text())
    assert scrape["rule_files"] == [ALERTS.name]
    [job] = scrape["scrape_configs"]
    assert (job["job_name"], job["metrics_path"]) == ("crossdrill", "/metrics")


def test_metrics_are_named_as_prometheus_wants_them_and_explained() -> None:
    for name, metric in exported().items():
        assert metric.documentation
        if name.startswith("crossdrill_") and metric.type != "counter":
            assert name.endswith(UNITS) or name in COUNTS, name


def test_the_guide_has_every_metric_with_its_labels_and_no_other() -> None:
    rows = re.findall(r"^\| `(crossdrill_\w+)` \|([^|]*)\|", GUIDE.read_text(), re.MULTILINE)
    written = {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}
    told = {}
    for name, metric in exported().items():
        if name.startswith("crossdrill_"):
            sample = {"counter": "_total", "histogram": "_count"}.get(metric.type, "")
            told[name + ("_total" if metric.type == "counter" else "")] = labels_of()[name + sample]
    assert written == told
