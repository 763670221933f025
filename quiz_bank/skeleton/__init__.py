"""What a new family starts from: a small family that passes its proof, to be changed into another one."""

from __future__ import annotations

import re
from importlib.resources import files
from keyword import iskeyword
from pathlib import Path
from typing import Final

SLUG: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
FILES: Final = {"family.py": "family.py.txt", "en.md": "en.md", "zh.md": "zh.md"}


def write(slug: str, families: Path) -> Path:
    """Write the folder of a new family below `families` and return it.

    Raises
    ------
    ValueError
        The slug isn't lower-case words with hyphens, or is a word of Python's own.
    FileNotFoundError
        There is no folder `families`.
    FileExistsError
        There is such a folder already; nothing is changed.
    """
    if not SLUG.fullmatch(slug):
        raise ValueError(f"a slug is lower-case words with hyphens, such as two-events; {slug!r} is not")
    if iskeyword(slug):
        raise ValueError(f"a family is a module, and {slug} is a word of Python's own that can't name one: choose another slug")
    folder = families / slug.replace("-", "_")
    folder.mkdir()
    (folder / "__init__.py").touch()
    for name, source in FILES.items():
        text = files(__package__).joinpath(source).read_text("utf-8")
        (folder / name).write_text(text.replace("two-events", slug), "utf-8")
    return folder
