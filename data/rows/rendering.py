"""The bytes of an edited file: untouched stretches of the old one, with the edited rows between them.

Line ends, blank lines, commas and indentation between rows that stayed neighbours are those of the file. What a
deleted row leaves behind are its blank lines; a new row is set off the way the file does it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from data.rows.container import Container, Content, Kind
from data.rows.overlay import NEW_IDS, State
from data.rows.value_index import ValueIndex


class Span(NamedTuple):
    """Bytes of the file as it was opened."""

    start: int
    end: int


Part = bytes | Span


def render(container: Container, state: State) -> Iterator[Part]:
    """The parts that make up the file; the index must be complete."""
    found = list(stretches(state))
    if container.kind.one_after_the_other:
        return _lines(container, found)
    return _values(container, found, sum(run.length for run in state.runs))


class Stretch(NamedTuple):
    """Rows that are neighbours in the file and untouched, or one row with another text or in another place."""

    first: int
    length: int
    text: bytes | None
    """None: the text that the file has."""
    in_place: bool


def stretches(state: State) -> Iterator[Stretch]:
    """The rows of an edited file, in order."""
    special = sorted({row_id for row_id in (*state.texts, *state.moved) if row_id < NEW_IDS})
    for first, count in state.runs:
        stop = first + count
        if first >= NEW_IDS:
            for row_id in range(first, stop):
                yield Stretch(row_id, 1, state.texts[row_id], in_place=False)
            continue
        for row_id in special[bisect_left(special, first) : bisect_left(special, stop)]:
            if first < row_id:
                yield Stretch(first, row_id - first, None, in_place=True)
            yield Stretch(row_id, 1, state.texts.get(row_id), row_id not in state.moved)
            first = row_id + 1
        if first < stop:
            yield Stretch(first, stop - first, None, in_place=True)


def _lines(container: Container, stretches: list[Stretch]) -> Iterator[Part]:
    source, index = container.content, container.index
    rows = len(index)

    def after(row: int) -> bytes:
        return source.read(index.end(row), index.limit(row))

    def blank_lines(first: int, stop: int) -> bytes:
        """The blank lines behind rows that are not where they were."""
        return b"".join(after(row).partition(b"\n")[2] for row in range(first, stop))

    head = source.read(0, index.start(0) if rows else source.size)
    crlf = after(0).startswith(b"\r\n") if rows and after(0) else b"\r\n" in head
    newline = b"\r\n" if crlf else b"\n"
    ends_with_newline = not rows or bool(after(rows - 1))
    following = (stretch.first for stretch in (*stretches, Stretch(rows, 0, None, in_place=True)) if stretch.in_place)
    opening = head + blank_lines(0, next(following))
    yield opening
    pending = b""
    open_line = opening not in (b"", b"\xef\xbb\xbf") and not opening.endswith(b"\n")
    for stretch in stretches:
        if pending:
            yield pending
            open_line = not pending.endswith(b"\n")
        if open_line:
            yield newline
        last = stretch.first + stretch.length - 1
        yield Span(index.start(stretch.first), index.end(last)) if stretch.text is None else stretch.text
        open_line, pending = True, b""
        if stretch.in_place:
            pending = after(last) + blank_lines(last + 1, next(following))
    if pending in (b"\n", b"\r\n") and not ends_with_newline:
        return
    yield pending
    if stretches and open_line and not pending and ends_with_newline:
        yield newline


def _values(container: Container, stretches: list[Stretch], count: int) -> Iterator[Part]:
    source, index = container.content, container.index
    rows = len(index)
    in_array = container.kind is Kind.ARRAY
    becomes_list = not in_array and ((rows <= 1 and count > 1) or (rows == 1 and count == 0))
    first, end = (
        (index.start(0), index.end(rows - 1)) if rows else _before_and_after(container.content, in_array=in_array)
    )
    gap = _gap(container)
    yield Span(0, first)
    if becomes_list:
        yield b"["
    previous: Stretch | None = None
    for stretch in stretches:
        if previous:
            last = previous.first + previous.length - 1
            whole = previous.in_place and last + 1 < rows
            yield Span(index.end(last), index.start(last + 1)) if whole else gap
        last = stretch.first + stretch.length - 1
        yield Span(index.start(stretch.first), index.end(last)) if stretch.text is None else stretch.text
        previous = stretch
    if becomes_list:
        yield b"]"
    torn = isinstance(index, ValueIndex) and not index.closed
    as_it_was = previous and previous.in_place and previous.text is None and previous.first + previous.length == rows
    if torn and not as_it_was:
        yield b"\n]\n"  # whoever mends or removes the torn last row wants the file whole
    else:
        yield Span(end, source.size)


def _before_and_after(source: Content, *, in_array: bool) -> tuple[int, int]:
    """Where the rows of a file without rows would begin and end."""
    place = source.read(0, source.size).index(b"[") + 1 if in_array else source.size
    return place, place


def _gap(container: Container) -> bytes:
    """What stands between two rows of this file, or would."""
    source, index = container.content, container.index
    if len(index) > 1:
        gap = source.read(index.end(0), index.start(1))
        if container.kind is Kind.VALUES or gap.count(b",") == 1:
            return gap
    if container.kind is Kind.VALUES or not len(index):
        return b",\n"
    before = source.read(0, index.start(0)).partition(b"[")[2]
    return b"," + (before or b" ")
