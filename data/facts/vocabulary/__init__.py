"""Word lists, one text file each: which words are empty, equal, opposite, or members of one closed class."""

from __future__ import annotations

from pathlib import Path


def lines(name: str) -> list[str]:
    """The lines of a word list of this folder, without comments and empty lines."""
    content = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [line for line in content.splitlines() if line and not line.startswith("#")]
