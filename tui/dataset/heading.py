"""The line above the rows: which file it is, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from data.store import RowStore
from tui.dataset.columns import Format
from tui.dataset.desk import RowDesk
from tui.dataset.survey import Survey
from tui.literal import literal

Part = tuple[str, str]
"""Some text and its style."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the heading tells."""

    name: str
    format: str
    rows: int
    counting: bool
    """Whether more rows are being found."""
    unsaved: int
    bad: int
    marked: int
    shown: str
    """The filter and how many rows it shows, and the order; empty when the file is shown as it is."""
    evidence: str = ""
    """What shows the format."""
    filtered: bool = False
    """Whether a filter leaves rows out."""
    changed_on_disk: bool = False
    """Whether somebody else wrote to the file."""
    flags: str = ""
    """How many rows are flagged, or how far the checks are; empty before they ran."""


def facts_of(store: RowStore, desk: RowDesk, form: Format, survey: Survey, *, changed_on_disk: bool) -> Facts:
    """How an open file stands."""
    return Facts(
        name=store.path.name,
        format=f"{form.name} · {store.format_name}",
        evidence=form.evidence if form.form is not None else "",
        rows=len(store),
        counting=not store.indexed,
        unsaved=store.unsaved,
        bad=survey.bad,
        changed_on_disk=changed_on_disk,
        flags=desk.checkup.words,
        marked=len(desk.table.marked),
        shown=desk.browser.view_words,
        filtered=desk.browser.filtered,
    )


class Heading(Widget):
    """One line; where it is too narrow, what matters least is left out."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Heading { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._facts: Facts | None = None

    def show(self, facts: Facts | None) -> None:
        """Show this; None when no file is open."""
        if facts != self._facts:
            self._facts = facts
            self.refresh()

    def render(self) -> Content:
        """The fullest form that fits."""
        facts, width = self._facts, self.size.width
        if facts is None:
            return Content.assemble(("no file is open · ", "$dim"), ("o", "bold $accent"), (" opens one", "$dim"))
        lines = (_line(facts, left_out) for left_out in range(4))
        left, right = next((line for line in lines if _gap(line, width) >= 2), _line(facts, 3))
        return Content.assemble(left, " " * max(_gap((left, right), width), 2), right)


def _gap(line: tuple[Content, Content], width: int) -> int:
    return width - line[0].cell_length - line[1].cell_length


def _line(facts: Facts, left_out: int) -> tuple[Content, Content]:
    """Both ends of the line without the first of: evidence, format, the word for the filter."""
    rows = f"{facts.rows:,} row{'' if facts.rows == 1 else 's'}{' …' if facts.counting else ''}"
    parts: list[Part] = [] if left_out > 1 else [(facts.format, "$dim")]
    parts.append((rows, "$dim"))
    if facts.unsaved:
        parts.append((f"● {facts.unsaved:,} unsaved", "$accent"))
    if facts.changed_on_disk:
        parts.append(("≠ changed on disk", "$differs"))
    if facts.bad:
        parts.append((f"! {facts.bad:,} bad", "$disagrees"))
    if facts.flags:
        parts.append((facts.flags, "$differs"))
    if facts.marked:
        parts.append((f"* {facts.marked:,} marked", "$accent"))
    left: list[Part] = [(literal(facts.name, one_line=True), "bold"), ("   ", "")]
    for part in parts:
        left += [part, (" · ", "$dim")]
    shown = literal(facts.shown, one_line=True)
    right: list[Part] = []
    if shown:
        right = [("filter  " if facts.filtered and left_out < 3 else "", "$dim"), (shown, "$accent")]
    elif left_out == 0:
        right = [(literal(facts.evidence, one_line=True), "$dim")]
    return Content.assemble(*left[:-1]), Content.assemble(*right)
