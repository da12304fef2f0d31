"""Alpaca: `instruction`, `output`, and at will `input` and `system`.

The question is the instruction, a blank line, and the input where there is one. Axolotl and the original Alpaca prompt
also set the two apart; LLaMA-Factory joins them with one line break.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from data.formats.pair import Pair, PairError, read_pairs
from data.store import RowStore

NAME = "Alpaca"


def recognise(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether rows (their fields; some hundred are plenty) are of this format: most have instruction and output."""
    return 2 * sum("instruction" in row and "output" in row for row in rows) > len(rows)


def pair(values: Mapping[str, Any], row_number: int) -> Pair:
    """The question and answer of a row. Raises PairError."""
    if values.get("history"):
        raise PairError("has a history of earlier turns, which cannot be trained on as one question and answer")
    question = "\n\n".join(part for part in (_text(values, "instruction"), _text(values, "input")) if part)
    answer = _text(values, "output")
    if not question:
        raise PairError("has no instruction")
    if not answer:
        raise PairError("has no output")
    return Pair(question, answer, row_number, _text(values, "system") or None)


def pairs(rows: RowStore | Path) -> Iterator[Pair]:
    """The pairs of a file or an open store. Raises InputError naming file and row; see `read_pairs`."""
    return read_pairs(rows, pair)


def _text(values: Mapping[str, Any], field: str) -> str:
    """A field as text: empty when it is missing, null or only whitespace."""
    value = values.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise PairError(f"has {field} that is no text")
    return value if value.strip() else ""
