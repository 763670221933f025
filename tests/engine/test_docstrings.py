"""The examples in the engine's docstrings are right to the last digit."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

from quiz_bank.engine import reference

SECTIONS = ("Parameters\n----------", "Returns\n-------", "Raises\n------", "Examples\n--------")
MODULES = [module.name for module in pkgutil.iter_modules(reference.__path__, reference.__name__ + ".")]
FUNCTIONS = [name for name in reference.__all__ if inspect.isfunction(getattr(reference, name))]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run_as_they_are_printed(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_says_what_it_takes_gives_and_refuses_with_an_example(name: str) -> None:
    text = inspect.getdoc(getattr(reference, name)) or ""
    assert [section for section in SECTIONS if section not in text] == []
    assert ">>> " in text
