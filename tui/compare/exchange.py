"""One question with both answers as it stands on the screen, and the fact that is pointed at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.reports import Answer, AnswersAdvanced
from tui.compare.marks import FactRow, fact_rows


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the pane shows; a new one for every report and every step from fact to fact."""

    report: AnswersAdvanced | None = None
    """None before anything was asked."""
    rows: tuple[FactRow, ...] = ()
    """The facts, as the table lists them."""
    selected: int | None = None
    """The row that is pointed at."""

    def after(self, report: AnswersAdvanced | None) -> Exchange:
        """The exchange once answers have advanced: the same fact stays selected while it is there."""
        rows = fact_rows(report.comparison) if report is not None else ()
        place = None if self.row is None else self.row.place
        selected = next((index for index, row in enumerate(rows) if row.place == place), None)
        return Exchange(report, rows, selected)

    def stepped(self, step: int) -> Exchange:
        """The exchange with another fact selected, round at the ends; with none for a step of 0."""
        if step == 0 or not self.rows:
            return replace(self, selected=None)
        if self.selected is None:
            return replace(self, selected=0 if step > 0 else len(self.rows) - 1)
        return replace(self, selected=(self.selected + step) % len(self.rows))

    def given_up(self) -> Exchange:
        """The exchange with nothing more to come."""
        if self.report is None:
            return self
        base, tuned = (replace(answer, done=True) for answer in self.answers)
        return replace(self, report=replace(self.report, base=base, tuned=tuned))

    @property
    def row(self) -> FactRow | None:
        """The facts that are pointed at."""
        return None if self.selected is None else self.rows[self.selected]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Base and tuned; nothing before anything was asked."""
        return () if self.report is None else (self.report.base, self.report.tuned)

    @property
    def streaming(self) -> bool:
        """Whether more is to come."""
        return not all(answer.done for answer in self.answers)

    @property
    def has_text(self) -> bool:
        """Whether any side has said something."""
        return any(answer.text for answer in self.answers)

    def answered(self, arm: str) -> str | None:
        """What one side has said, once it has come to its end."""
        return next((answer.text for answer in self.answers if answer.arm == arm and answer.done and answer.text), None)
