"""Word lists, one text file each: which words are empty, equal, opposite, or members of one closed class."""

from __future__ import annotations

_FOLDER = __file__.removesuffix("__init__.py")


def lines(name: str) -> list[str]:
    """The lines of a word list of this folder, without comments and empty lines."""
    # pathlib would take a seventh of the whole import of the package.
    with open(_FOLDER + name, encoding="utf-8") as file:  # noqa: PTH123
        content = file.read()
    return [line for line in content.split("\n") if line and not line.startswith("#")]
