"""One row of a batch in full: the question with what came before it, the reference, and every answer with its facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from data.wording import counted
from engine.evaluation.judging import JUDGED
from engine.evaluation.results import EvaluatedRow
from engine.reports import BatchAdvanced
from tui.compare.batch.row_table import look_of
from tui.compare.marks import ONLY_HERE, Mark, marks
from tui.compare.wrapping import TAB, WrappedText
from tui.literal import literal
from tui.widgets.lines import Line, Lines, Part

if TYPE_CHECKING:
    from data.facts import Comparison

_MARGIN = 2
_LABEL = 11
"""Cells of "reference" and of what stands before a question."""
_MOST_LINES = 2000
"""Lines that are written of one row; an answer may be 100 KB long."""


class BatchRowDetail(Lines):
    """Below the table; scrolled line by line."""

    DEFAULT_CSS = """
    BatchRowDetail { height: 40%; margin: 0 1; border-top: solid $line; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._row: EvaluatedRow | None = None
        self._names: tuple[str, ...] = ()
        self._found: dict[int, tuple[Mark, ...]] = {}
        self._all: list[Line] = []
        self._top = 0
        self._facts = False

    def allow_facts(self) -> None:
        """Mark facts from now on: what finds them has been loaded."""
        self._facts = True
        self._mark()
        self._write()

    def show_row(self, batch: BatchAdvanced | None, row: EvaluatedRow | None) -> None:
        """Show a row from its beginning on; the same row stays where it is scrolled to."""
        if row is self._row:
            return
        same = row is not None and self._row is not None and row.question == self._row.question
        self._row = row
        self._names = tuple(arm.name for arm in batch.batch.arms) if batch is not None else ()
        self._top = self._top if same else 0
        self._mark()
        self._write()

    def scroll(self, lines: int) -> None:
        """Move down by some lines, up if negative."""
        self._top = max(min(self._top + lines, len(self._all) - self.size.height), 0)
        self._draw()

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self._write()

    def _mark(self) -> None:
        """Compare each answer with the first; the first is marked as it stands to the second."""
        self._found = {}
        if not self._facts or self._row is None:
            return
        from data.facts import compare

        row = self._row
        texts = {
            place: answer.text[:JUDGED]
            for place, answer in enumerate(row.answers)
            if answer is not None and not answer.error
        }
        first = texts.get(0)
        for place, text in texts.items():
            if place == 0 and len(texts) > 1:
                continue
            found: Comparison = compare(
                first if first is not None else text, text, question=row.question.text, reference=row.question.reference
            )
            if first is not None:
                self._found.setdefault(0, marks(found.a, len(first)))
            self._found[place] = marks(found.b, len(text))

    def _write(self) -> None:
        self._all = list(self._lines_of_row())[:_MOST_LINES] if self._row is not None else []
        self._top = max(min(self._top, len(self._all) - self.size.height), 0)
        self._draw()

    def _draw(self) -> None:
        self.show_lines(tuple(self._all[self._top : self._top + max(self.size.height, 1)]))

    def _lines_of_row(self) -> list[Line]:
        row, lines = self._row, list[Line]()
        if row is None:
            return lines
        question = row.question
        for each in question.messages[:-1]:
            lines += self._paragraph(each["role"], each["content"], style="dim")
        lines += self._paragraph(f"row {question.row:,}", question.text)
        if question.reference is not None:
            lines += self._paragraph("reference", question.reference, style="agrees")
        for place, (name, answer) in enumerate(zip(self._names, row.answers, strict=True)):
            sign, style = look_of(answer)
            head: list[Part] = [(f"{sign} ", style), (literal(name, one_line=True), "title")]
            if answer is None:
                lines.append((*head, ("  not asked yet", "dim")))
                continue
            if answer.error:
                lines.append((*head, ("  failed", "disagrees")))
                lines += self._text(answer.error, ())
                continue
            said = f"  {answer.verdict}" + (f": {answer.reason}" if answer.reason else "")
            counts = f"   {counted(answer.tokens, 'token')}" + (", cut off" if answer.finish_reason == "length" else "")
            lines.append((*head, (literal(said, one_line=True), style), (counts, "dim")))
            lines += self._text(answer.text, self._found.get(place, ()))
        return lines

    def _paragraph(self, label: str, text: str, *, style: str = "") -> list[Line]:
        """A text with its label to the left."""
        label = literal(label, one_line=True)
        lines = self._text(text, (), style=style, margin=_LABEL)
        return [((f"{label:<{_LABEL}}"[:_LABEL], "dim"), *lines[0][1:]), *lines[1:]]

    def _text(self, text: str, found: Sequence[Mark], *, style: str = "", margin: int = _MARGIN) -> list[Line]:
        """A text wrapped and indented, its facts with a sign before them."""
        shown = literal(text.rstrip())
        found = [mark for mark in found if mark.end <= len(shown)]
        wrapped = WrappedText()
        wrapped.update(shown, max(self.size.width - margin - 2, 10), [mark.start for mark in found])
        return [((" " * margin, ""), *_parts(shown, line, found, style)) for line in wrapped.lines[:_MOST_LINES]]


def _parts(text: str, line: tuple[int, int], found: Sequence[Mark], style: str) -> list[Part]:
    start, end = line
    parts: list[Part] = []
    for mark in found:
        if mark.end <= start or mark.start >= end:
            continue
        parts.append((text[start : max(mark.start, start)], style))
        name = mark.look.style.removeprefix("$") if mark.look is not ONLY_HERE else "dim"
        if mark.start >= start:
            parts.append((mark.look.sign, name))
        parts.append((text[max(mark.start, start) : min(mark.end, end)], name))
        start = min(mark.end, end)
    parts.append((text[start:end], style))
    return [(said.replace("\t", TAB), name) for said, name in parts if said]
