"""The parts of a verdict as they are stored: facts and codes, from which messages are made in any language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.services.shelf import value_from_json, value_to_json
from quiz_bank.problem import ChoicePart, Codes, Diagnosis, Part, PartVerdict, Value, Variant


def parts_to_json(parts: Iterable[PartVerdict]) -> dict[str, object]:
    """Return the verdicts on the parts, by name, as JSON."""
    return {part.name: _part_to_json(part) for part in parts}


def _part_to_json(part: PartVerdict) -> dict[str, object]:
    return {
        "verdict": part.result,
        "submitted": part.submitted,
        "read_as": value_to_json(part.read_as),
        "states": list(part.states),
        "credit": part.credit,
        "diagnosis": part.diagnosis and [part.diagnosis.code, *part.diagnosis.also],
        "other_unit": part.other_unit,
        "carried_from": list(part.carried_from),
        "identity": part.identity and list(part.identity),
    }


def parts_as_stored(raw: Mapping[str, Any]) -> tuple[PartVerdict, ...]:
    """Return the verdicts on the parts of a problem that can't be restored: what was read stays as JSON has it."""
    return tuple(_verdict(name, part, _frozen(part["read_as"])) for name, part in raw.items())


def _frozen(raw: Any) -> Any:  # noqa: ANN401 - JSON has no narrower type
    return tuple(map(_frozen, raw)) if isinstance(raw, list) else raw


def parts_from_json(variant: Variant[Any], raw: Mapping[str, Any]) -> tuple[PartVerdict, ...]:
    """Return the verdicts on the parts as they were before `parts_to_json`."""
    return tuple(_part_from_json(part, raw[part.name]) for part in variant.parts)


def _part_from_json(part: Part | ChoicePart, raw: Mapping[str, Any]) -> PartVerdict:
    read_as = raw["read_as"]
    return _verdict(part.name, raw, value_from_json(read_as) if isinstance(part, Part) else tuple(read_as))


def _verdict(name: str, raw: Mapping[str, Any], read_as: Value | Codes) -> PartVerdict:
    diagnosis, identity = raw["diagnosis"], raw["identity"]
    return PartVerdict(
        name=name,
        result=raw["verdict"],
        submitted=raw["submitted"],
        read_as=read_as,
        states=tuple(raw["states"]),
        credit=raw["credit"],
        diagnosis=Diagnosis(diagnosis[0], tuple(diagnosis[1:])) if diagnosis else None,
        other_unit=raw["other_unit"],
        carried_from=tuple(raw["carried_from"]),
        identity=(identity[0], identity[1]) if identity else None,
    )
