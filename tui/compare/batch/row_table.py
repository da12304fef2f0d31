"""The rows of a batch: question, reference, what each arm says with its verdict, and which facts changed."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.message import Message

from engine.evaluation.judging import Answered
from engine.evaluation.results import EvaluatedRow
from engine.reports import BatchAdvanced
from tui.compare.batch.keeping import Keep, Wanted, changed, kept, ordered
from tui.literal import literal
from tui.widgets.chosen_lines import ChosenLines
from tui.widgets.lines import Line, Part, cut

_HEAD = 2
"""Cells before the first column: the cursor."""
_NUMBER = 7
_NARROWEST = 13
"""Cells that a column of text must have; with less, the least important is left out."""
LOOKS = {
    "right": ("✓", "agrees"),
    "wrong": ("✗", "disagrees"),
    "unclear": ("?", "differs"),
    "": ("·", "dim"),
    "failed": ("!", "disagrees"),
    "waiting": ("…", "dim"),
}
"""Sign and colour of a verdict."""


def look_of(answer: Answered | None) -> tuple[str, str]:
    """Sign and colour of an answer."""
    if answer is None:
        return LOOKS["waiting"]
    return LOOKS["failed" if answer.error else answer.verdict]


class BatchTable(ChosenLines):
    """Sorted, filtered and searched; a batch of many thousand rows costs what is in sight."""

    DEFAULT_CSS = """
    BatchTable { height: 1fr; }
    """
    BINDING_GROUP_TITLE = "Rows of an evaluation"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Ask", id="batch.open", tooltip="Ask this row's question in the chat"),
        Binding("a", "keep('all')", "All", id="batch.all", tooltip="Show all rows"),
        Binding("d", "keep('differ')", "Differ", id="batch.differ", tooltip="Only rows in which the facts differ"),
        Binding("w", "keep('not right')", "Wrong", id="batch.wrong", tooltip="Only rows in which the arm is not right"),
        Binding(
            "r", "keep('lost')", "Regressions", id="batch.lost", tooltip="Only rows: first arm right, this arm not"
        ),
        Binding(
            "i", "keep('gained')", "Improved", show=False, id="batch.gained", tooltip="Only rows: right only since"
        ),
        Binding("tab", "arm(1)", "Arm", show=False, id="batch.arm", tooltip="The arm that the filters are about"),
        Binding("left,h", "sort(-1)", "Sort", show=False, id="batch.sort-left", tooltip="Sort by the column before"),
        Binding("right,l", "sort(1)", "Sort", show=False, id="batch.sort-right", tooltip="Sort by the next column"),
        Binding("R", "reverse", "Reverse", show=False, id="batch.reverse", tooltip="Sort the other way round"),
    ]

    class Chosen(Message):
        """Another row is under the cursor, or it says something else now; None where there is none."""

        def __init__(self, row: EvaluatedRow | None) -> None:
            super().__init__()
            self.row = row

    class Opened(Message):
        """A row is to be asked in the chat."""

        def __init__(self, row: EvaluatedRow) -> None:
            super().__init__()
            self.row = row

    class Kept(Message):
        """Another choice of rows is shown."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._batch: BatchAdvanced | None = None
        self._shown: list[EvaluatedRow] = []
        self._wanted = Wanted()
        self._told: EvaluatedRow | None = None

    @property
    def row(self) -> EvaluatedRow | None:
        """The row under the cursor."""
        return self._shown[self._at] if self._at < len(self._shown) else None

    @property
    def wanted(self) -> Wanted:
        """What is shown."""
        return self._wanted

    def show_batch(self, batch: BatchAdvanced) -> None:
        """Show this batch from now on; the cursor stays on its row where it is the same one."""
        if self._batch is None or self._batch.batch.id != batch.batch.id:
            self._at, self._wanted = 0, Wanted(arm=min(1, len(batch.batch.arms) - 1))
            self._shown = []
        self._batch = batch
        self._arrange()

    def search(self, words: str) -> None:
        """Show only rows that have all of these words."""
        self._want(replace(self._wanted, words=words))

    def length(self) -> int:
        """Rows that are kept."""
        return len(self._shown)

    def nothing(self) -> str:
        """Why there is no row."""
        return "no row is kept; a shows all" if self._batch and self._batch.rows else "no rows"

    def chose(self) -> None:
        """Tell which row is under the cursor now."""
        if self.row is not self._told:
            self._told = self.row
            self.post_message(self.Chosen(self.row))

    def action_open(self) -> None:
        """Ask the row in the chat."""
        if self.row is not None:
            self.post_message(self.Opened(self.row))

    def action_keep(self, keep: str) -> None:
        """Show only some rows."""
        self._want(replace(self._wanted, keep=Keep(keep)))

    def action_arm(self, by: int) -> None:
        """Have the filters be about the next arm."""
        others = len(self._names) - 1
        if others > 1:
            self._want(replace(self._wanted, arm=(self._wanted.arm - 1 + by) % others + 1))

    def action_sort(self, by: int) -> None:
        """Sort by the next column; beyond the ends in the order of the file."""
        columns = ["", *(name for name, _ in self._columns(self.size.width) if name != "row")]
        at = columns.index(self._wanted.column) if self._wanted.column in columns else 0
        self._want(replace(self._wanted, column=columns[(at + by) % len(columns)]))

    def action_reverse(self) -> None:
        """Sort the other way round."""
        self._want(replace(self._wanted, reverse=not self._wanted.reverse))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Filters are about a further arm, which a batch of one has not; there is no next of it in a batch of two."""
        if action == "arm":
            return len(self._names) > 2
        return len(self._names) > 1 if action == "keep" and parameters != ("all",) else True

    @property
    def _names(self) -> list[str]:
        return [arm.name for arm in self._batch.batch.arms] if self._batch is not None else []

    def _want(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._arrange()
        self.post_message(self.Kept())

    def _arrange(self) -> None:
        """Filter and sort anew; the cursor stays on its row, or at its place when that is gone."""
        number = self.row.question.number if self.row is not None else None
        rows = self._batch.rows if self._batch is not None else ()
        self._shown = ordered(kept(rows, self._wanted), self._wanted, self._names)
        places = (place for place, row in enumerate(self._shown) if row.question.number == number)
        self._at = next(places, self._at)
        self.draw()
        self.chose()

    # -- lines --------------------------------------------------------------------------------------------------------

    def _columns(self, width: int) -> list[tuple[str, int]]:
        """The columns that fit, with their cells; text shares what is left over."""
        names = self._names
        regressions = self._wanted.keep in (Keep.LOST, Keep.GAINED)
        optional = ["changes", "reference"] if regressions else ["reference", "changes"]
        optional = [name for name in optional if name != "changes" or len(names) > 1]
        room = width - _HEAD - _NUMBER - 1
        while optional and room // (1 + len(names) + len(optional)) < _NARROWEST + 1:
            optional.pop()
        texts = ["question", *(name for name in ("reference",) if name in optional), *names]
        texts += [name for name in ("changes",) if name in optional]
        # What changed is what one looks for among the regressions.
        shares = [2 if name == "changes" and regressions else 1 for name in texts]
        each, rest = divmod(max(room, 0), sum(shares))
        widths = [max(each * share - 1 + (place < rest), 1) for place, share in enumerate(shares)]
        return [("row", _NUMBER), *zip(texts, widths, strict=True)]

    def heading(self, width: int) -> Line:
        """The names of the columns, and by which they are sorted."""
        parts: list[Part] = [(" " * _HEAD, "")]
        for name, cells in self._columns(width):
            by_it = name == (self._wanted.column or "row")
            sign = (" ▾" if self._wanted.reverse else " ▴") if by_it else ""
            text = literal(name, one_line=True) + sign
            parts.append((_placed(text, cells, right=name == "row"), "title" if by_it else "dim"))
        return tuple(parts)

    def line(self, index: int, width: int, *, chosen: bool) -> Line:
        """A row; verdicts are signs before the answers."""
        row, names = self._shown[index], self._names
        parts: list[Part] = [("▸ " if chosen else "  ", "cursor-accent" if chosen else "")]
        for name, cells in self._columns(width):
            style = ""
            if name == "row":
                text, style = f"{row.question.row:,}", "dim"
            elif name in names:
                answer = row.answers[names.index(name)]
                sign, style = look_of(answer)
                said = "" if answer is None else answer.error or answer.text
                text = f"{sign} {literal(said[: 4 * cells].strip(), one_line=True)}"
            elif name == "changes":
                told = changed(row, self._wanted.arm)
                text, style = (f"≠ {literal(told, one_line=True)}", "differs") if row.different else ("", "")
            else:
                said = row.question.text if name == "question" else row.question.reference or ""
                text = literal(said[: 4 * cells], one_line=True)
            parts.append((_placed(text, cells, right=name == "row"), "cursor" if chosen else style))
        return tuple(parts)


def _placed(text: str, width: int, *, right: bool) -> str:
    """A text in its column, with a blank behind it."""
    text = cut(text, width)
    air = " " * (width - cell_len(text))
    return f"{air}{text} " if right else f"{text}{air} "
