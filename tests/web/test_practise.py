"""Practising without scripts: from the first page to a problem, its answer, the verdict and the next problem."""

from __future__ import annotations

import pytest

from quiz_bank.registry import FAMILIES
from quiz_bank.variants import draw
from tests.web.conftest import Browser, Shown, SignedIn, Visit
from tests.web.practising import Fields, begun, right_fields

GRADIENT = {"family": "gradient-logits", "level": "2", "seed": "a"}
MOCK = {"family": "cross-entropy-one-hot", "preset": "mock-question"}
RIGHT: Fields = {"loss": "-ln(0.7)"}
CHOICE = {"family": "what-went-wrong", "level": "1", "seed": "a"}


def verdict(shown: Shown) -> str:
    """Return what the verdict says, with single spaces."""
    [section] = shown.all("//section[@id='verdict']")
    return " ".join(section.text_content().split())


def focused(shown: Shown) -> list[str]:
    """Return what has the focus: the names of fields, the texts of buttons."""
    return [each.get("name") or each.text_content() for each in shown.all("//main//*[@autofocus]")]


def test_one_press_leads_to_a_problem_with_its_first_field_in_focus(browser: Browser) -> None:
    assert focused(browser.open("/")) == ["Practise"]
    shown = begun(browser, MOCK)
    assert shown.status == 200
    assert browser.here.startswith("/problems/")
    assert focused(shown) == ["loss"]


def test_the_example_of_the_first_page_starts_the_very_question(browser: Browser) -> None:
    browser.open("/")
    [form] = [form for form in browser.open("/").tree.forms if ("preset", "mock-question") in form.form_values()]
    shown = browser.send("/practise", dict(form.form_values()))
    assert "Cross-entropy loss (nats)" in shown.text


def test_every_kind_of_problem_can_be_answered_on_its_page(browser: Browser) -> None:
    refused = []
    for slug, family in FAMILIES.items():
        level = max(family.levels)
        begun(browser, {"family": slug, "level": str(level), "seed": "a"})
        shown = browser.send(browser.here, right_fields(draw(family, level, "a").variant))
        if not shown.all("//section[@id='verdict' and contains(@class, ' right')]"):
            refused.append(slug)
    assert not refused


def test_a_right_answer_says_how_it_was_read_and_leads_on(browser: Browser) -> None:
    begun(browser, MOCK)
    shown = browser.send(browser.here, RIGHT)
    assert "✓ Right" in verdict(shown)
    assert "-ln(0.7) → read as 0.3567" in verdict(shown)
    assert focused(shown) == ["Next problem"]
    before = browser.here
    browser.send("/practise", form="/practise")
    assert browser.here.startswith("/problems/")
    assert browser.here != before


def test_a_wrong_answer_says_why_and_where_that_is_mended_and_can_be_tried_again(browser: Browser) -> None:
    begun(browser, MOCK)
    shown = browser.send(browser.here, {"loss": "0.5146"})
    assert "✗ Not right" in verdict(shown)
    assert "logarithm to base 2" in verdict(shown)
    assert shown.all("//section[@id='verdict']//a[starts-with(@href, '/topics/') and contains(@href, '#')]")
    assert browser.fields_of(browser.here)["loss"] == ["0.5146"]
    assert "✓ Right" in verdict(browser.send(browser.here, RIGHT))


def test_a_wrong_vector_shows_which_components_in_signs_and_words(browser: Browser) -> None:
    begun(browser, GRADIENT)
    [name] = [part.name for part in draw(FAMILIES["gradient-logits"], 2, "a").variant.parts]
    right = right_fields(draw(FAMILIES["gradient-logits"], 2, "a").variant)
    shown = browser.send(browser.here, {**right, f"{name}.1": "7"})
    cells = [
        " ".join(cell.text_content().split()) for cell in shown.all("//section[@id='verdict']//*[contains(@class, 'cell')]")
    ]
    assert cells[1] == "7 ✗ Not right"
    assert all(cell.endswith("✓ Right") for cell in cells[:1] + cells[2:])
    assert "◐ Partly right" in verdict(shown)


def test_an_answer_with_too_few_digits_is_asked_for_again_and_not_passed_over(browser: Browser) -> None:
    begun(browser, MOCK)
    shown = browser.send(browser.here, {"loss": "0.36"})
    assert "≈ Too coarse" in verdict(shown)
    assert focused(shown) == ["loss"]


def test_what_cant_be_read_stays_in_its_field_with_the_complaint_and_the_place_beside_it(browser: Browser) -> None:
    begun(browser, MOCK)
    shown = browser.send(browser.here, {"loss": "-ln(0.7"})
    assert shown.status == 422
    [field] = shown.all("//input[@name='loss']")
    assert (field.get("value"), field.get("aria-invalid")) == ("-ln(0.7", "true")
    [complaint] = shown.all(f"//*[@id='{field.get('aria-describedby')}']")
    assert complaint.get("role") == "alert"
    assert "Character 4" in complaint.text_content()
    assert [mark.text for mark in complaint.iter("mark")] == ["("]
    assert "✓ Right" in verdict(browser.send(browser.here, RIGHT))


def test_only_the_components_that_cant_be_read_are_complained_about(browser: Browser) -> None:
    shown = begun(browser, GRADIENT)
    names = [field.get("name") for field in shown.all("//form[@id='answer']//input[@type='text']")]
    shown = browser.send(browser.here, {names[0]: "0.1", names[1]: "a lot"})
    at_fault = [field.get("name") for field in shown.all("//*[@aria-invalid='true']")]
    assert at_fault == names[1:]
    assert focused(shown) == [names[1]]


def test_picking_nothing_is_complained_about_in_the_words_of_the_page(browser: Browser) -> None:
    begun(browser, CHOICE)
    shown = browser.send(browser.here)
    assert shown.status == 422
    assert "Choose one of the options." in shown.text


def test_a_wrong_pick_is_shown_with_its_text(browser: Browser) -> None:
    begun(browser, CHOICE)
    variant = draw(FAMILIES["what-went-wrong"], 1, "a").variant
    letter = right_fields(variant)["mistake"]
    shown = browser.send(browser.here, {"mistake": "b" if letter == ["a"] else "a"})
    assert "✗ Not right" in verdict(shown)
    assert shown.all("//section[@id='verdict']//ul[@class='picked']/li[contains(@class, 'wrong')]")


def test_hints_come_one_by_one_and_stay_on_the_page(browser: Browser) -> None:
    begun(browser, MOCK)
    for number in (1, 2, 3):
        address = browser.here
        shown = browser.send(f"{address}/hint")
        assert len(shown.all("//section[contains(@class, 'hints')]//li")) == number
    assert not [form for form in shown.tree.forms if form.get("action") == f"{browser.here}/hint"]


def test_the_solution_ends_the_problem_and_comes_step_by_step_with_the_next_question(browser: Browser) -> None:
    begun(browser, MOCK)
    address = browser.here
    shown = browser.send(f"{address}/solution")
    assert browser.here == f"{address}/solution"
    assert len(shown.all("//ol[@class='steps']/li/details[@open]")) == 3
    assert "What an interviewer would ask next" in shown.text
    assert not browser.open(address).all("//form[@id='answer']")


def test_there_is_no_solution_of_an_open_problem_to_be_had_by_its_address(browser: Browser) -> None:
    begun(browser, MOCK)
    address = browser.here
    browser.open(f"{address}/solution")
    assert browser.here == address


def test_a_form_that_is_sent_twice_counts_once(browser: Browser) -> None:
    shown = begun(browser, MOCK)
    browser.send(browser.here, {"loss": "1"})
    browser.last = shown
    browser.send(browser.here, {"loss": "1"})
    assert browser.client.get(f"/v1{browser.here}").json()["tries"] == 1


def test_confidence_is_stored_only_where_it_is_given(browser: Browser) -> None:
    begun(browser, MOCK)
    browser.send(browser.here, {"loss": "1"})
    browser.send(browser.here, {"loss": "-ln(0.7)", "confidence": "90"})
    attempts = browser.client.get(f"/v1{browser.here}/attempts").json()["items"]
    assert [attempt["confidence"] for attempt in attempts] == [0.9, None]


def test_nobody_is_asked_how_sure_they_are_of_their_own_assessment(browser: Browser) -> None:
    assert not begun(browser, {"family": "one-minute-pitch"}).all("//*[@name='confidence']")


def test_own_words_are_kept_beside_the_points(browser: Browser) -> None:
    begun(browser, {"family": "one-minute-pitch"})
    shown = browser.send(browser.here, {"talk.text": "It is minus\nthe log.", "talk": ["a", "b"]})
    assert "It is minus the log." in shown.text
    assert "You ticked 2 of 4 points" in verdict(shown)


def test_too_many_own_words_are_complained_about_and_kept(browser: Browser) -> None:
    begun(browser, {"family": "one-minute-pitch"})
    shown = browser.send(browser.here, {"talk.text": "log " * 3000, "talk": "a"})
    assert shown.status == 422
    assert "under 10000 characters" in shown.text
    assert browser.fields_of(browser.here)["talk.text"] == [("log " * 3000).strip()]


def test_a_topic_stays_the_topic_until_something_else_is_chosen(browser: Browser) -> None:
    begun(browser, {"topic": "logits"})
    for _ in range(2):
        assert "Logits ·" in (browser.last.text if browser.last else "")
        browser.send("/practise", form="/practise")
    assert "only this topic" in (browser.last.text if browser.last else "")


def test_a_remark_on_the_key_is_filed_and_an_empty_one_asked_for(browser: Browser) -> None:
    begun(browser, MOCK)
    address = browser.here
    shown = browser.send(f"{address}/report", {"remark": " "})
    assert shown.status == 422
    assert "Say in 1 to 2000 characters" in shown.text
    shown = browser.send(f"{address}/report", {"remark": "The key is off."})
    assert "Your remark is noted" in shown.text
    assert [each["remark"] for each in browser.client.get("/v1/reports").json()["items"]] == ["The key is off."]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_problem_is_shown_in_the_language_of_the_page_whichever_it_was_set_in(browser: Browser, language: str) -> None:
    begun(browser, MOCK)
    browser.language = language
    shown = browser.open(browser.here)
    assert ("交叉熵" in shown.text) == (language == "zh")
    assert ("What is the cross-entropy loss" in shown.text) == (language == "en")


def test_a_verdict_in_chinese_says_everything_in_chinese(browser: Browser) -> None:
    browser.language = "zh"
    begun(browser, MOCK)
    said = verdict(browser.send(browser.here, {"loss": "0.5146"}))
    assert "✗ 不正确" in said
    assert "Not right" not in said


def test_another_learners_problem_is_not_there(signed_in: SignedIn) -> None:
    ada, eve = signed_in("Ada"), signed_in("Eve")
    begun(ada, MOCK)
    assert eve.open(ada.here).status == 404


def test_who_is_nobody_is_told_what_this_is_and_led_to_sign_in(visit: Visit) -> None:
    browser = visit(access="tokens")
    shown = browser.open("/")
    assert "Sign in to practise" in shown.text
    assert not [form for form in shown.tree.forms if form.get("action") == "/practise"]


def test_what_was_begun_is_offered_on_the_first_page(browser: Browser) -> None:
    begun(browser, MOCK)
    address = browser.here
    assert browser.open("/").all(f"//main//a[@href='{address}']")
    browser.open(address)
    browser.send(address, RIGHT)
    assert not browser.open("/").all(f"//main//a[@href='{address}']")


READ = [
    ("-ln 0.7", "0.3567", ""),
    ("0.5146 bits", "0.5146 bits", ""),
    ("35.7%", "0.357", ""),
    ("-1/3", "−0.3333", ""),
    ("inf", "∞", ""),
    ("0,357", "", "use a point"),
]


@pytest.mark.parametrize(("text", "read", "error"), READ)
def test_what_a_text_would_be_read_as_can_be_asked_before_it_is_sent(
    browser: Browser, text: str, read: str, error: str
) -> None:
    found = browser.client.get("/read", params={"text": text, "unit": "1"}).json()
    assert found["read"] == read
    assert error in found["error"]


def test_help_is_there_for_everybody(visit: Visit) -> None:
    assert "1/(1+exp(-2))" in visit(access="tokens").open("/help").text


def test_a_remark_leaves_one_in_the_topic_that_alone_is_practised(browser: Browser) -> None:
    browser.open("/")
    browser.send("/practise", {"topic": "gradients"})
    address = browser.here
    browser.send(f"{address}/report", {"remark": " "})
    assert browser.fields_of("/practise")["topic"] == ["gradients"]
    browser.send(f"{address}/report", {"remark": "The key is off."})
    assert browser.fields_of("/practise")["topic"] == ["gradients"]
