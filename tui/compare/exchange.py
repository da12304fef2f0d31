"""One question with its answers as it stands on the screen: which of them are shown, and what is pointed at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.reports import Answer, AnswersAdvanced, AnswerSet
from tui.compare.marks import FactRow, fact_rows


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the pane shows; a new one for every report and every step from fact to fact."""

    report: AnswersAdvanced | None = None
    """None before anything was asked."""
    rows: tuple[FactRow, ...] = ()
    """The facts of the pair, as the table lists them."""
    selected: int | None = None
    """The row that is pointed at."""
    sample: int = 0
    """Which of several samples is shown."""
    focused: int = 1
    """The place of the arm that keys for one side act on."""
    beside: int = 1
    """The place of the arm that is compared with the first; 0 where there is no other."""

    def after(self, report: AnswersAdvanced | None) -> Exchange:
        """The exchange once answers have advanced: what is pointed at stays so while it is there."""
        if report is None:
            return Exchange()
        last = len(report.answers) - 1
        changed = replace(
            self,
            report=report,
            sample=min(self.sample, len(report.samples) - 1),
            focused=min(self.focused, last),
            beside=max(min(1, last), min(self.beside, last)),
        )
        return changed._compared()

    def focus_moved(self, step: int) -> Exchange:
        """The exchange with the next arm in focus, round at the ends; it is compared with the first one then."""
        if not self.answers:
            return self
        focused = (self.focused + step) % len(self.answers)
        return replace(self, focused=focused, beside=focused or self.beside)._compared()

    def sample_moved(self, step: int) -> Exchange:
        """The exchange with another sample shown, round at the ends."""
        if self.report is None:
            return self
        return replace(self, sample=(self.sample + step) % len(self.report.samples))._compared()

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
        ended = tuple(
            replace(sample, answers=tuple(replace(answer, done=True) for answer in sample.answers))
            for sample in self.report.samples
        )
        return replace(self, report=replace(self.report, samples=ended))

    @property
    def row(self) -> FactRow | None:
        """The facts that are pointed at."""
        return None if self.selected is None else self.rows[self.selected]

    @property
    def shown(self) -> AnswerSet | None:
        """The sample that is shown."""
        return None if self.report is None else self.report.samples[self.sample]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Those of the sample that is shown, in the order of the arms; nothing before anything was asked."""
        return () if self.shown is None else self.shown.answers

    @property
    def pair(self) -> tuple[int, ...]:
        """The places of the arms whose facts are listed: the first and the one beside it, or a single one."""
        return (0, self.beside) if self.beside else (0,)

    @property
    def streaming(self) -> bool:
        """Whether more is to come."""
        return self.report is not None and not self.report.done

    @property
    def has_text(self) -> bool:
        """Whether any side has said something."""
        return any(answer.text for answer in self.answers)

    @property
    def failed(self) -> tuple[int, ...]:
        """The places of the arms that could not answer to the end."""
        return tuple(place for place, answer in enumerate(self.answers) if answer.error is not None)

    def answered(self, arm: int) -> str | None:
        """What one side has said, once it has come to its end."""
        answer = self.answers[arm] if arm < len(self.answers) else None
        return answer.text if answer is not None and answer.done and answer.text else None

    def _compared(self) -> Exchange:
        rows = fact_rows(self.shown.comparison(self.beside)) if self.shown is not None else ()
        place = None if self.row is None else self.row.place
        selected = next((index for index, row in enumerate(rows) if row.place == place), None)
        return replace(self, rows=rows, selected=selected)
