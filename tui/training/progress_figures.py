"""The figures of one run: where it is, how fast it goes, how long it takes."""

from __future__ import annotations

from collections.abc import Callable

from engine.jobs.events import RunState
from engine.reports import RunSnapshot
from tui.literal import literal
from tui.widgets.figures import NONE, count, decimal, duration, loss, power, rate, size
from tui.widgets.lines import Line, Lines, cut, width_of, wrapped
from tui.widgets.run_words import best_held_out, colour, sign, word

LABEL_WIDTH = 10
WIDTH = 30
"""Columns that the longest figure takes."""

Figure = tuple[str, str, int]
"""Label, value and importance."""


class ProgressFigures(Lines):
    """Name and state above, then one figure a line; where lines are few, the less important figures are left out."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._run: RunSnapshot | None = None
        self._memory_total: int | None = None

    def show_run(self, run: RunSnapshot | None, memory_total: int | None) -> None:
        """Show this run from now on."""
        self._run, self._memory_total = run, memory_total
        self._draw()

    def on_resize(self) -> None:
        """Another size has room for other figures."""
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        if self._run is None or width < 1:
            self.show_lines(())
            return
        self.show_lines(figure_lines(self._run, self._memory_total, width, height))


def figure_lines(run: RunSnapshot, memory_total: int | None, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines; figures stand in two columns where that many lines would leave some out."""
    head = _head(run, width, max(height // 3, 1))
    figures = _figures(run, memory_total)
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
    lines = [(first[0], ("  " + " " * max(gap, 0), ""), first[2])]
    reason = literal(run.reason, one_line=True)
    if reason and not (run.state is RunState.RUNNING and run.last is not None):
        bad = run.state in (RunState.FAILED, RunState.LOST)
        lines += [((line, style if bad else "dim"),) for line in wrapped(reason, width, most)]
    return lines


def _figures(run: RunSnapshot, memory_total: int | None) -> list[Figure]:
    last = run.last
    going = run.state.active
    figures: list[Figure] = []
    add: Callable[[str, str, int], None] = lambda label, value, weight: figures.append((label, value, weight))  # noqa: E731
    if last is None:
        add("step", NONE, 9)
        if run.started is not None and run.ended is not None:
            add("took", duration(run.ended - run.started), 5)
        return figures
    add("step", f"{count(last.step)} / {count(last.total_steps)}", 20)
    epochs = f" of {decimal(run.job.training.epochs)}" if run.job else ""
    add("epoch", f"{last.epoch:.1f}{epochs}", 8)
    add("loss", loss(last.loss), 19)
    if run.evaluations:
        add("held-out", loss(run.evaluations[-1].loss), 18)
    best = best_held_out(run)
    if best is not None:
        add("best", f"{loss(best[1])} at step {count(best[0])}", 12)
    add("speed", rate(last.tokens_per_second), 15)
    if going:
        add("ETA", duration(last.eta_seconds), 17)
    elif run.started is not None and run.ended is not None:
        add("took", duration(run.ended - run.started), 16)
    of_all = f" of {size(memory_total)}" if memory_total and going else ""
    add("memory", f"{size(last.memory_bytes)}{of_all}", 11)
    if going:
        add("lr", power(last.learning_rate), 9)
    add("grad norm", decimal(last.grad_norm), 7)
    if run.checkpoints:
        saved = run.checkpoints[-1]
        add("saved", f"step {count(saved.step)}, {size(saved.size_bytes)}", 10)
    padding = 1 - last.tokens / last.padded_tokens if last.padded_tokens else 0.0
    add("tokens", f"{count(last.tokens)}" + (f", {padding * 100:.0f} % padding" if padding >= 0.005 else ""), 4)
    return figures
