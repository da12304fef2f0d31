"""The figures of one run: where it is, how fast it goes, how long it takes."""

from __future__ import annotations

from typing import ClassVar

from engine.jobs.events import RunState
from engine.reports import HardwareSampled, RunSnapshot
from tui.literal import literal
from tui.training.curves import RunCurves
from tui.training.run_figures import EXPLAINED, Figure, figures_at, figures_now
from tui.widgets.figures import count
from tui.widgets.lines import Line, Lines, cut, width_of, wrapped
from tui.widgets.run_words import colour, sign, word

LABEL_WIDTH = 10
WIDTH = 30
"""Columns that the longest figure takes."""


class ProgressFigures(Lines):
    """Name and state above, then one figure a line; where lines are few, the less important figures are left out."""

    EXPLAINED: ClassVar[tuple[tuple[str, str], ...]] = EXPLAINED
    """For the help."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._run: RunSnapshot | None = None
        self._curves: RunCurves | None = None
        self._hardware: HardwareSampled | None = None
        self._at: int | None = None

    def show_run(
        self,
        run: RunSnapshot | None,
        curves: RunCurves | None,
        hardware: HardwareSampled | None,
        at: int | None = None,
    ) -> None:
        """Show this run from now on: how it stands, or how it stood at a logged step, by its index."""
        self._run, self._curves, self._hardware, self._at = run, curves, hardware, at
        self._draw()

    def on_resize(self) -> None:
        """Another size has room for other figures."""
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        if self._run is None or width < 1:
            self.show_lines(())
            return
        if self._curves is not None and self._at is not None:
            figures = figures_at(self._curves, self._at)
        else:
            figures = figures_now(self._run, self._hardware)
        self.show_lines(figure_lines(self._run, figures, width, height))


def figure_lines(run: RunSnapshot, figures: list[Figure], width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines; figures stand in two columns where that many lines would leave some out."""
    head = _head(run, width, max(height // 3, 1))
    columns = 2 if width >= 2 * WIDTH and len(head) + len(figures) > height else 1
    room = max(height - len(head), 0) * columns
    while len(figures) > room:
        figures.remove(min(figures, key=lambda figure: figure[2]))
    lines: list[Line] = list(head)
    each = width // columns
    for start in range(0, len(figures), columns):
        line: list[tuple[str, str]] = []
        for label, value, _ in figures[start : start + columns]:
            value = cut(value, each - LABEL_WIDTH)
            line += [(label.ljust(LABEL_WIDTH), "dim"), (value.ljust(each - LABEL_WIDTH), "")]
        lines.append(tuple(line))
    return tuple(lines)


def _head(run: RunSnapshot, width: int, most: int) -> list[Line]:
    """The name and the state; below them the reason, in as many lines as it takes."""
    name = literal(run.run_id, one_line=True)
    state = f"{sign(run.state)} {word(run.state)}"
    style = colour(run.state)
    room = width - len(state) - 2
    first: Line = ((cut(name, room), "bold"), ("  ", ""), (state, style))
    gap = width - width_of(first)
    lines: list[Line] = [(first[0], ("  " + " " * max(gap, 0), ""), first[2])]
    reason = literal(run.reason, one_line=True)
    if reason and not (run.state is RunState.RUNNING and run.last is not None):
        bad = run.state in (RunState.FAILED, RunState.LOST, RunState.PAUSED)
        lines += [((line, style if bad else "dim"),) for line in wrapped(reason, width, most)]
    if run.resumes_at is not None:
        what = f" goes on from step {count(run.resumes_at)}" if run.resumes_at else " starts it over"
        lines.append((("r", "accent"), (what, "dim")))
    elif run.state is RunState.QUEUED:
        lines.append((("K", "accent"), (" takes it out of the queue", "dim")))
    return lines
