"""What a person writes about a run: a note and tags, in `notes.toml` of its folder."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from data.atomic import write_atomically
from data.errors import InputError
from data.toml_value import toml_value

NOTES_FILE = "notes.toml"
LONGEST_NOTE = 20_000
"""Characters."""


@dataclass(frozen=True, slots=True)
class RunNotes:
    """A note of any length and tags of one word each."""

    text: str = ""
    tags: tuple[str, ...] = ()


def read_notes(run_folder: Path) -> RunNotes:
    """What was written about a run; nothing where there is no such file or it cannot be read."""
    try:
        values = tomllib.loads((run_folder / NOTES_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return RunNotes()
    text, tags = values.get("note", ""), values.get("tags", [])
    return RunNotes(
        text if isinstance(text, str) else "",
        tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def write_notes(run_folder: Path, notes: RunNotes, *, before: RunNotes) -> None:
    """Replace what was written about a run.

    `before` is what the writer had seen: raises InputError when somebody else wrote meanwhile, or for a note that is
    too long; BurnishError when it cannot be written.
    """
    if len(notes.text) > LONGEST_NOTE:
        raise InputError(f"The note has {len(notes.text):,} characters; keep it below {LONGEST_NOTE:,}.")
    if read_notes(run_folder) != before:
        raise InputError(f"The notes of {run_folder.name} were changed elsewhere meanwhile; yours are not saved yet.")
    write_atomically(run_folder / NOTES_FILE, f"note = {toml_value(notes.text)}\ntags = {toml_value(notes.tags)}\n")


def tags_in(text: str) -> tuple[str, ...]:
    """The tags in a line of words with spaces or commas between, each once."""
    return tuple(dict.fromkeys(text.replace(",", " ").split()))
