"""Pairs of answers in a JSONL file, one object a line, for a comparison of many at once."""

from __future__ import annotations

from typing import NamedTuple

from data.rows.text import RowError, read_row


class AnswerPair(NamedTuple):
    """Two answers to one question."""

    name: str | int | None
    """The `id` of the object; None where it has none."""
    question: str
    """Empty where there is none."""
    reference: str | None
    """The right answer; None where there is none, or an empty one."""
    answer_a: str
    answer_b: str


def read_pair(line: bytes) -> AnswerPair | None:
    """The pair of one line: {"id", "question", "reference", "answer_a", "answer_b"}; the answers must be there.

    None for an empty line; other keys are passed over. Raises RowError with the words after "Line 12 …".
    """
    text = line.removeprefix(b"\xef\xbb\xbf").decode(errors="surrogateescape")
    if not text.strip():
        return None
    row = read_row(text)
    name = row.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int | None):
        raise RowError("has an id that is neither a text nor a whole number")
    return AnswerPair(
        name,
        _text(row, "question") or "",
        _text(row, "reference") or None,
        _text(row, "answer_a", needed=True) or "",
        _text(row, "answer_b", needed=True) or "",
    )


def _text(row: dict[str, object], key: str, *, needed: bool = False) -> str | None:
    found = row.get(key)
    if isinstance(found, str):
        return found
    if key not in row and needed:
        raise RowError(f'has no field "{key}"')
    if found is not None or needed:
        raise RowError(f'has a "{key}" that is no text')
    return None
