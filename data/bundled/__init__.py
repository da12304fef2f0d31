"""The datasets that burnish ships: Raspberry Pi facts, the same asked differently, and general knowledge."""

from __future__ import annotations

from pathlib import Path

from data.errors import InputError

BUNDLED: tuple[str, ...] = ("raspberry_pi.jsonl", "raspberry_pi_paraphrased.jsonl", "general.jsonl")
"""File names, the one to train on first.

All hold Alpaca rows; a paraphrase also has the number, from 1, of the row that it asks differently (`fact`).
"""


def bundled_path(name: str) -> Path:
    """Where a bundled dataset lies in the installed package.

    Raises InputError for a name that is not in `BUNDLED`.
    """
    if name not in BUNDLED:
        raise InputError(f"There is no bundled dataset “{name}”; take one of {', '.join(BUNDLED)}.")
    return Path(__file__).parent / name
