"""One row on its way into another format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from data.formats import kto
from data.formats.conversation import Conversation
from data.formats.detect import FORMATS, format_of
from data.formats.format import Format
from data.formats.mapping import FieldMapping
from data.formats.pair import PairError

_AS_TURNS = {"prompt": "user", "completion": "assistant", "chosen": "assistant", "rejected": "assistant"}


@dataclass(frozen=True, slots=True)
class Converted:
    """What becomes of one row."""

    rows: tuple[dict[str, Any], ...] = ()
    """Two for a better and a worse answer where each gets a row of its own; none for a row that is left out."""
    carried: tuple[str, ...] = ()
    """Fields that neither format has, carried along as they are."""
    losses: tuple[str, ...] = ()
    """What is lost, in words that follow "3 rows have"."""
    left_out: str = ""
    """Why there is no row: the words after "row 12"."""


def converted(
    values: Mapping[str, Any], row_number: int, form: Format | None, target: Format | None, *, cells: bool = False
) -> Converted:
    """A row of a file of the format `form` as one of `target`; None or the same format leaves every field as it is.

    With `cells`, all values are texts, of which the same format makes what they stand for. A row that is of another
    format than its file is read as what it is.
    """
    own = _own_format(values, form)
    if own is None and target is not None:
        return Converted(left_out="has the fields of no known format")
    if own is None or target is None or (own is target and not cells):
        return Converted((dict(values),))
    try:
        conversation = own.conversation(values, row_number)
        written = tuple(target.write(each) for each in _answers(conversation, target))
    except PairError as error:
        return Converted(left_out=str(error))
    known = own.fields(values)
    beside = {field: value for field, value in values.items() if field not in known}
    carried = {field: value for field, value in beside.items() if _has_room(written[0], field, value, target)}
    losses = target.losses(_held(conversation, target))
    if lost := [field for field in beside if field not in carried]:
        losses.append(f"{', '.join(lost)} beside the format, which {target.NAME} takes for something else")
    return Converted(tuple({**row, **carried} for row in written), tuple(carried), tuple(losses))


def as_turns(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of prompt, completion, chosen and rejected with lists of turns where it has texts."""
    return {
        field: [{"role": _AS_TURNS[field], "content": value}]
        if field in _AS_TURNS and isinstance(value, str)
        else value
        for field, value in row.items()
    }


def has_turns(row: Mapping[str, Any]) -> bool | None:
    """Whether prompt, completion, chosen or rejected are lists of turns; None where there is none of them."""
    return next((isinstance(row[field], list) for field in _AS_TURNS if field in row), None)


def _own_format(values: Mapping[str, Any], form: Format | None) -> Format | None:
    return form if isinstance(form, FieldMapping) and form.evidence(values) else format_of(values) or form


def _answers(conversation: Conversation, target: Format) -> Iterator[Conversation]:
    """The conversation; for KTO once with the better answer as a good one, and once with the worse as a bad one."""
    both = conversation.preference
    if both is None or target is not kto:
        yield conversation
        return
    for answer, label in ((both.chosen, True), (both.rejected, False)):
        yield replace(conversation, turns=conversation.turns + answer, preference=None, label=label)


def _held(conversation: Conversation, target: Format) -> Conversation:
    """The conversation whose losses count: its rejected answer is none for KTO, where it gets a row."""
    return next(_answers(conversation, target))


def _has_room(written: Mapping[str, Any], field: str, value: Any, target: Format) -> bool:
    """Whether a field can stand beside a written row without changing what it says."""
    if field in written:
        return False
    with_it = {**written, field: value}
    return target not in FORMATS or (format_of(with_it) is target and target.fields(with_it) == target.fields(written))
