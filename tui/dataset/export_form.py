"""The questions before a file is written in another format, and what would be lost by it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from textual.content import Content

from data.conversion.plan import Plan
from data.conversion.targets import FORMATS, Target, format_named, target_of
from data.errors import InputError
from data.wording import counted
from tui.dataset.ask_panel import Asked
from tui.literal import literal

AS_IT_IS = "as it is"


def questions(path: Path) -> list[Asked]:
    """What is asked about a new file."""
    return [
        Asked(
            "to", "format", AS_IT_IS, (AS_IT_IS, *FORMATS), "What the fields are called and how they are put together."
        ),
        Asked(
            "file",
            "file",
            f"{path.name.split('.')[0]}-export.jsonl",
            about="The name tells the kind: .jsonl, .json, .csv, .tsv, .parquet or .txt, and .gz or .zst after it.",
        ),
        Asked("lossy", "if something is lost", "stop", ("stop", "go on"), "Whether to write the file nevertheless."),
    ]


def target(values: Mapping[str, str], workspace: Path, source: Path) -> tuple[Path, Target]:
    """The file to be written and what it is. Raises InputError for a name that tells no kind, or is in use."""
    typed = Path(values["file"].strip()).expanduser()
    path = typed if typed.is_absolute() else workspace / typed
    if not typed.name:
        raise InputError("Type the name of the new file.")
    if path.is_dir():
        raise InputError(f"{typed} is a folder; name a file.")
    if path.exists():
        same = path.samefile(source)
        raise InputError(f"{typed} is {'the file that is open' if same else 'there already'}; choose another name.")
    return path, target_of(path, None if values["to"] == AS_IT_IS else format_named(values["to"]))


def outcome(plan: Plan) -> Content:
    """What would be written, carried along and lost."""
    parts: list[str | tuple[str, str]] = [f"{counted(plan.rows)} of {plan.read:,} as {plan.target.kind}\n"]
    if plan.carried:
        carried = ", ".join(f"{name} ({counted(rows)})" for name, rows in plan.carried.items())
        parts.append((f"carried along: {literal(carried, one_line=True)}\n", "$dim"))
    if plan.lossless:
        parts.append(("✓ nothing is lost", "$agrees"))
    for loss in plan.losses:
        parts += [("≠ lost: ", "$differs"), literal(loss.sentence, one_line=True), "\n"]
    return Content.assemble(*parts)
