"""The last lines of a log that a process writes."""

from __future__ import annotations

import os
import re
from pathlib import Path

_BLOCK = 16 << 10
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def tail(path: Path, lines: int) -> tuple[str, ...]:
    """The last non-empty lines of a log, without terminal escapes; of a progress bar only its last state.

    Reads at most 16 KiB from the end; () when there is no log.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _BLOCK))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ()
    whole = text.split("\n")
    if size > _BLOCK:
        whole = whole[1:]
    clean = (plain(line) for line in whole)
    return tuple([line for line in clean if line.strip()][-lines:])


def plain(line: str) -> str:
    """One line of foreign output as a person would see it: escapes removed, carriage returns obeyed."""
    line = _ESCAPES.sub("", line.rstrip("\r")).rpartition("\r")[2]
    return _CONTROLS.sub("", line.replace("\t", "    "))
