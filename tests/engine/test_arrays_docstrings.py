"""The array face's docstrings say what they must, and their examples run."""

import doctest
import importlib
import inspect

import pytest

from quiz_bank.engine import arrays

SECTIONS = ("Parameters\n----------", "Returns\n-------", "Raises\n------", "Examples\n--------")
MODULES = sorted({getattr(arrays, name).__module__ for name in arrays.__all__})


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run_as_they_are_printed(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("name", arrays.__all__)
def test_every_function_says_what_it_takes_gives_and_refuses_with_an_example(name: str) -> None:
    text = inspect.getdoc(getattr(arrays, name)) or ""
    assert [section for section in SECTIONS if section not in text] == []
    assert ">>> " in text
