"""What a problem shows, rendered once when it is made: it stays so, whatever becomes of its family."""

from __future__ import annotations

from typing import Any

from quiz_bank import rendering
from quiz_bank.problem import ChoicePart, Language, Part, Variant, shape


def shown(variant: Variant[Any], language: Language) -> dict[str, object]:
    """Return the prompt, the parts and what else of a problem never changes, as JSON."""
    return {
        "prompt": _text(rendering.prompt(variant, language)),
        "parts": [_part(variant, part, language) for part in variant.parts],
        "expected_seconds": variant.family.levels[variant.level].seconds,
        "hints_available": rendering.hint_count(variant.family),
    }


def _text(rendered: rendering.Rendered) -> dict[str, object]:
    return {"markdown": rendered.markdown, "text": rendered.text}


def _part(variant: Variant[Any], part: Part | ChoicePart, language: Language) -> dict[str, object]:
    asked = {"name": part.name, "label": rendering.part_label(variant, part.name, language), "kind": part.spec.kind}
    if isinstance(part, Part):
        digits = part.spec.significant_digits
        return {**asked, "shape": shape(part.truth), "unit": part.unit, "significant_digits": digits}

    def said(code: str) -> dict[str, object]:
        return _text(rendering.option_text(variant, code, language))

    options = [{"letter": letter, "text": said(code)} for letter, code in part.letters.items()]
    items = [said(code) for code in part.items] or None
    return {**asked, "shape": (), "unit": None, "significant_digits": None, "options": options, "items": items}
