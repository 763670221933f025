"""The report of a drill: what was asked and answered, what it came to, and what to practise next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from app.errors import WithheldError
from app.services.blueprints import blueprint_from_json
from app.services.reports.advice import advice_of
from app.services.reports.comparison import comparison_of
from app.services.reports.items import View, items_of
from app.services.reports.model import DrillReport
from app.services.reports.scores import calibration_of, groups_of, mistakes_of, score_of
from app.services.shelf import Shelf
from app.storage.drills import DrillRow
from quiz_bank.problem import Language
from quiz_bank.topics import topic_title


def report_of(
    connection: Connection, shelf: Shelf, drill: DrillRow, language: Language, *, now: datetime, for_coach: bool = False
) -> DrillReport:
    """Return how a drill went, or stands at `now` while it runs. The caller has settled one whose time is over.

    Parameters
    ----------
    language
        Of the titles and explanations.
    for_coach
        Tell what is still withheld from the learner, with the truths of problems that are open.

    Raises
    ------
    WithheldError
        The drill runs and gives its feedback at the end; a coach is told all the same.
    """
    blueprint = blueprint_from_json(drill.blueprint)
    final = drill.state == "finished"
    if blueprint.feedback == "at-end" and not final and not for_coach:
        raise WithheldError
    items = items_of(connection, shelf, drill.id, View(language, blueprint.interview, final or for_coach))
    score = score_of(items, drill, blueprint, now)
    families = groups_of(items, lambda item: item.family, lambda item: item.title)
    topics = groups_of(items, lambda item: item.topic, lambda item: topic_title(item.topic, language))
    return DrillReport(
        drill_id=drill.id,
        preset=drill.preset,
        state=drill.state,
        final=final,
        language=language,
        started_at=drill.started_at,
        finished_at=drill.finished_at,
        score=score,
        topics=topics,
        families=families,
        problems=items,
        mistakes=mistakes_of(items),
        unanswered=tuple(item.position for item in items if item.verdict is None),
        advice=advice_of(items, families, topics),
        comparison=comparison_of(connection, drill, items, score.share),
        calibration=calibration_of(items),
    )
