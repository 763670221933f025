"""Problems that belong to a drill: what their pages tell, and what they keep to themselves."""

from __future__ import annotations

from tests.web.conftest import Browser, Shown

FAMILIES = ["cross-entropy-one-hot"]


def drilled(browser: Browser, **conditions: object) -> Shown:
    """Start a drill of one-number problems and open its first one."""
    blueprint = {"length": 2, "families": FAMILIES, **conditions}
    drill = browser.client.post("/v1/drills", json={"blueprint": blueprint}).json()["id"]
    problem = browser.client.post(f"/v1/drills/{drill}/next").json()["id"]
    return browser.open(f"/problems/{problem}")


def answer(browser: Browser, text: str) -> Shown:
    return browser.send(browser.here, {"loss": text})


def actions(shown: Shown) -> list[str]:
    """Return where the forms of a page go, by the end of the address."""
    return [str(form.get("action")).rsplit("/", 1)[-1] for form in shown.tree.forms]


def test_the_bar_of_the_drill_stands_above_and_next_goes_on_in_it(browser: Browser) -> None:
    shown = drilled(browser)
    assert "Problem 1 of 2" in shown.text
    [action] = [form.get("action") for form in answer(browser, "7").tree.forms if form.get("id") == "next"]
    assert "Problem 2 of 2" in browser.send(str(action)).text


def test_with_feedback_at_the_end_an_answer_is_noted_and_can_be_changed_and_nothing_told(browser: Browser) -> None:
    drilled(browser, feedback="at-end")
    shown = answer(browser, "7")
    [verdict] = shown.all("//section[@id='verdict']")
    assert "Noted" in verdict.text_content()
    assert not [sign for sign in "✓✗≈◐" if sign in shown.text]
    assert "solution" not in actions(shown)
    assert "Change your answer" in shown.text
    assert browser.fields_of(browser.here)["loss"] == ["7"]


def test_without_hints_none_are_offered(browser: Browser) -> None:
    assert "hint" in actions(drilled(browser))
    assert "hint" not in actions(drilled(browser, hints=False))


def test_out_of_tries_there_is_no_other_answer_to_give(browser: Browser) -> None:
    drilled(browser, tries=1)
    shown = answer(browser, "7")
    assert "✗ Not right" in shown.text
    assert not shown.all("//form[@id='answer']")


def test_while_the_clock_stands_still_the_problem_is_put_away(browser: Browser) -> None:
    shown = drilled(browser)
    address = browser.here
    [pause] = [str(form.get("action")) for form in shown.tree.forms if str(form.get("action")).endswith("/pause")]
    browser.send(pause)
    shown = browser.open(address)
    assert "The clock stands still" in shown.text
    assert not shown.all("//*[@id='prompt'] | //form[@id='answer']")


def test_after_the_end_there_is_a_report_and_nothing_to_answer(browser: Browser) -> None:
    drilled(browser)
    address = browser.here
    [drill] = browser.client.get("/v1/drills").json()["items"]
    browser.client.post(f"/v1/drills/{drill['id']}/finish")
    shown = browser.open(address)
    assert "The drill ended before this problem was answered." in shown.text
    assert not shown.all("//form[@id='answer']")
    assert shown.all(f"//main//a[@href='/drills/{drill['id']}/report']")
