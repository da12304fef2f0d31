"""The question that was asked, and what the dataset says to it."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from tui.literal import literal

_GAP = 4


class QuestionLine(Widget):
    """One or two lines: the question, and at its right (or below, where there is no room) the reference."""

    DEFAULT_CSS = """
    QuestionLine {
        height: 0;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines = 0
        """Its height."""
        self._question = ""
        self._reference: str | None = None
        self._row: int | None = None
        self._place = ""

    def show_place(self, place: str) -> None:
        """Say which turn or sample it is ("turn 2 of 3"); empty where there is one only."""
        if place != self._place:
            self._place = place
            self._fit()
            self.refresh()

    def show(self, question: str, reference: str | None, row: int | None) -> None:
        """Show another question; `row` is counted from 1."""
        if (question, reference, row) == (self._question, self._reference, self._row):
            return
        self._question, self._reference, self._row = question, reference, row
        self._fit()
        self.refresh()

    def on_resize(self) -> None:
        """One line where both fit, else two."""
        self._fit()

    def render(self) -> Content:
        """The question in bold, the reference with its row."""
        width = self.size.width
        if not self._question:
            return Content("")
        question = _cut(self._question_text(), width)
        reference = self._reference_text()
        if reference is None:
            return question
        gap = width - question.cell_length - reference.cell_length
        if gap >= _GAP:
            return Content.assemble(question, " " * gap, reference)
        return Content("\n").join([question, _cut(reference, width)])

    def _question_text(self) -> Content:
        place = (f"{self._place}   ", "$info") if self._place else ""
        return Content.assemble(place, (literal(self._question, one_line=True), "bold"))

    def _reference_text(self) -> Content | None:
        if self._reference is None:
            return None
        said = literal(self._reference, one_line=True)
        where = f"row {self._row} · " if self._row is not None else ""
        return Content.assemble((f"{where}dataset says  ", "$text-muted"), said)

    def _fit(self) -> None:
        reference = self._reference_text()
        room = self.size.width - self._question_text().cell_length - _GAP
        height = 0 if not self._question else 2 if reference is not None and reference.cell_length > room else 1
        if height != self.lines:
            self.lines = height
            self.styles.height = height


def _cut(text: Content, width: int) -> Content:
    return text.truncate(width, ellipsis=True) if text.cell_length > width else text
