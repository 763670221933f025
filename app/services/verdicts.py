"""The parts of a verdict as they are stored: facts and codes, from which messages are made in any language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.services.shelf import value_from_json, value_to_json
from quiz_bank.problem import Diagnosis, PartVerdict


def parts_to_json(parts: Iterable[PartVerdict]) -> dict[str, object]:
    """Return the verdicts on the parts, by name, as JSON."""
    return {part.name: _part_to_json(part) for part in parts}


def _part_to_json(part: PartVerdict) -> dict[str, object]:
    return {
        "verdict": part.result,
        "submitted": part.submitted,
        "read_as": value_to_json(part.read_as),
        "states": list(part.states),
        "diagnosis": part.diagnosis and [part.diagnosis.code, *part.diagnosis.also],
        "other_unit": part.other_unit,
        "carried_from": list(part.carried_from),
        "identity": part.identity and list(part.identity),
    }


def parts_from_json(raw: Mapping[str, Any]) -> tuple[PartVerdict, ...]:
    """Return the verdicts on the parts as they were before `parts_to_json`."""
    return tuple(_part_from_json(name, part) for name, part in raw.items())


def _part_from_json(name: str, raw: Mapping[str, Any]) -> PartVerdict:
    diagnosis, identity = raw["diagnosis"], raw["identity"]
    return PartVerdict(
        name=name,
        result=raw["verdict"],
        submitted=raw["submitted"],
        read_as=value_from_json(raw["read_as"]),
        states=tuple(raw["states"]),
        diagnosis=Diagnosis(diagnosis[0], tuple(diagnosis[1:])) if diagnosis else None,
        other_unit=raw["other_unit"],
        carried_from=tuple(raw["carried_from"]),
        identity=(identity[0], identity[1]) if identity else None,
    )
