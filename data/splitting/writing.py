"""Writing both sides of a split: rows byte for byte where the kind of file stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from data.conversion.plan import Choice, Plan, planning_of
from data.conversion.targets import target_of
from data.conversion.writing import write_conversion
from data.errors import InputError
from data.formats.format import Format
from data.splitting.split import Split
from data.store import RowStore


def write_split(
    store: RowStore, form: Format, split: Split, train: Path, held_out: Path, say: Callable[[float], None] | None = None
) -> tuple[Plan, Plan]:
    """Write the rows to train on and those held out, replacing what was there; what was written of each.

    Raises InputError for a kind of file in which a row would lose something, before anything is written, and
    BurnishError when a file cannot be written.
    """
    check_files(train, held_out)
    held = split.held_out
    plans = (
        _planned(store, form, train, lambda index: index not in held),
        _planned(store, form, held_out, lambda index: index in held),
    )
    for plan, path in zip(plans, (train, held_out), strict=True):
        write_conversion(plan, path, say)
    return plans


def check_files(train: Path, held_out: Path) -> None:
    """Raise InputError when both sides would go into one file."""
    if train.resolve() == held_out.resolve():
        raise InputError(f"{train} cannot hold both sides; give two files.")


def _planned(store: RowStore, form: Format, path: Path, choice: Choice) -> Plan:
    planning = planning_of(store, form, target_of(path, None), choice)
    for _ in planning.run():
        pass
    assert planning.plan is not None
    if planning.plan.losses:
        named = planning.plan.losses[0].sentence
        raise InputError(f"Nothing was written: as {path.name}, {named}. Write JSONL, or convert afterwards.")
    return planning.plan
