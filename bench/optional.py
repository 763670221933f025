"""Libraries to compare with, where they happen to be installed; the product needs none of them."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def library(name: str) -> ModuleType | None:
    """Import a module by name; None where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        return None
