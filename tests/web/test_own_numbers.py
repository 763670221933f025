"""Problems of one's own numbers, in a browser without scripts."""

from __future__ import annotations

import pytest

from app.web.bank_words import PARAMETERS, PRESETS, parameter_label, preset_label
from app.web.own_numbers import NOTHING_TYPED, own_numbers, parameters_of, takes_own_numbers
from quiz_bank.parameters import schema
from quiz_bank.registry import FAMILIES
from quiz_bank.variants import explicit
from tests.web.conftest import Browser, Shown

ONE_HOT = "/families/cross-entropy-one-hot"
NUMERIC = [slug for slug, family in FAMILIES.items() if takes_own_numbers(family)]


def sent(browser: Browser, slug: str, fields: dict[str, str]) -> Shown:
    """Send the form of own numbers as a browser would, with its presets where nothing is typed."""
    shown = browser.open(f"/families/{slug}")
    [form] = [each for each in shown.tree.forms if "own" in each.fields]
    own = {name: value or "" for name, value in form.form_values()}
    return browser.send(f"/families/{slug}", {**own, **fields})


@pytest.mark.parametrize("slug", NUMERIC)
def test_what_stands_in_the_form_at_first_makes_a_problem(slug: str) -> None:
    family = FAMILIES[slug]
    form = own_numbers(family, "en", NOTHING_TYPED)
    assert form
    simplest = min(family.levels)
    variant = explicit(family, simplest, parameters_of({each.parameter: each.value for each in form.fields}, family))
    assert variant.parameters == family.fallbacks[simplest]


@pytest.mark.parametrize("typed", ["0.25, 0.75", "[0.25 0.75]", "0.25，0.75", "1/4;3/4"])
def test_numbers_may_be_separated_in_any_way(browser: Browser, typed: str) -> None:
    sent(browser, "cross-entropy-one-hot", {"own-prediction": typed, "own-target": "1, 0"})
    assert browser.here.startswith("/problems/")


def test_a_table_is_typed_a_row_a_line(browser: Browser) -> None:
    shown = sent(browser, "batch-cross-entropy", {"own-predictions": "0.5, 0.5\n0.25, 0.75\n", "own-targets": "0 1"})
    assert browser.here.startswith("/problems/"), shown.text


@pytest.mark.parametrize(
    ("slug", "fields", "field", "said"),
    [
        ("cross-entropy-one-hot", {"own-prediction": "0.7, 0.2"}, "own-prediction", "must sum to 1 exactly"),
        ("cross-entropy-one-hot", {"own-prediction": "0.7, x, 0.1"}, "own-prediction", "Number 2: "),
        ("cross-entropy-one-hot", {"own-prediction": "", "own-target": "1, 0"}, "own-prediction", "needs this parameter"),
        ("batch-cross-entropy", {"own-predictions": "0.5, 0.5\n0.5, x"}, "own-predictions", "Row 2, number 2: "),
        ("batch-cross-entropy", {"own-predictions": "0.5, 0.5\n0.5, 0.6"}, "own-predictions", "Row 2: "),
    ],
)
def test_a_complaint_stands_beside_its_field_with_what_was_typed(
    browser: Browser, slug: str, fields: dict[str, str], field: str, said: str
) -> None:
    shown = sent(browser, slug, fields)
    assert shown.status == 422
    [at_fault] = shown.all("//*[@aria-invalid='true' and @autofocus]")
    assert at_fault.get("name") == field
    assert (at_fault.get("value") or at_fault.text or "").strip() == fields[field]
    [complaint] = shown.all(f"//*[@id='{field}-complaint']")
    assert said in complaint.text
    assert f"{field}-complaint" in (at_fault.get("aria-describedby") or "")
    assert shown.all("//details[@open]//input[@name='own']")


def test_families_of_prose_and_codes_have_no_such_form(browser: Browser) -> None:
    for slug in set(FAMILIES) - set(NUMERIC):
        assert not browser.open(f"/families/{slug}").all("//input[@name='own']"), slug


def test_every_parameter_and_preset_has_a_chinese_name() -> None:
    taken = {name for slug in NUMERIC for name in schema(FAMILIES[slug].parameters)["properties"]}  # type: ignore[attr-defined]
    assert set(PARAMETERS) == taken
    assert set(PRESETS) == {name for family in FAMILIES.values() for name in family.presets}


def test_names_that_have_no_translation_speak_for_themselves() -> None:
    assert parameter_label("log_base", "en") == "Log base"
    assert parameter_label("log_base", "zh") == "对数底（log_base）"
    assert parameter_label("of_a_plugin", "zh") == "of_a_plugin"
    assert (preset_label("mock-question", "en"), preset_label("of-a-plugin", "zh")) == ("Mock question", "Of a plugin")
