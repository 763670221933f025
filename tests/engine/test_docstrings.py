"""The examples in the engine's docstrings are right to the last digit."""

import doctest
import inspect
from types import ModuleType

import pytest

from quiz_bank.engine import reference
from quiz_bank.engine.reference import binary, information, logits

SECTIONS = ("Parameters\n----------", "Returns\n-------", "Raises\n------", "Examples\n--------")
FUNCTIONS = [name for name in reference.__all__ if inspect.isfunction(getattr(reference, name))]


@pytest.mark.parametrize("module", [binary, information, logits])
def test_the_examples_of_a_module_run_as_they_are_printed(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_says_what_it_takes_gives_and_refuses_with_an_example(name: str) -> None:
    text = inspect.getdoc(getattr(reference, name)) or ""
    assert [section for section in SECTIONS if section not in text] == []
    assert ">>> " in text
