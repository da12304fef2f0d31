"""The training strip: how the active run stands, in one line that every pane shows."""

from __future__ import annotations

import math

from textual.timer import Timer

from engine.jobs.events import RunState
from engine.reports import RunSnapshot
from tui.literal import literal
from tui.widgets.canvas import Canvas, Markers, terminal_markers
from tui.widgets.figures import count, duration, loss, rate
from tui.widgets.lines import Line, Lines, Part, cut, cut_line, width_of
from tui.widgets.run_words import best_held_out, can_be_served, colour, sign, word

SPARK_CELLS = 6
SPARK_STEPS = 400
"""Latest steps that the little curve is made of, at most."""
END_SECONDS = 300.0
"""How long the end of a run stays on the strip."""
_LONGEST_NAME = 24
_GAP = "  "


class TrainingStrip(Lines):
    """Takes no room while there is nothing to tell. Follows one run: the active one, then its end for a while."""

    DEFAULT_CSS = """
    TrainingStrip { height: 1; padding: 0 1; display: none; }
    TrainingStrip.-shown { display: block; }
    """

    def __init__(self, *, markers: Markers | None = None) -> None:
        super().__init__()
        self._markers: Markers = markers or terminal_markers()
        self._run: RunSnapshot | None = None
        self._timer: Timer | None = None

    @property
    def active(self) -> bool:
        """Whether the run shown is still going."""
        return self._run is not None and self._run.state.active

    def show_run(self, run: RunSnapshot) -> None:
        """Take note of a run; one that is over is shown only if its beginning was."""
        shown = self._run
        if not run.state.active and (shown is None or shown.run_id != run.run_id or not shown.state.active):
            return
        if self.active and shown is not None and shown.run_id != run.run_id and _start(run) < _start(shown):
            return
        self._run = run
        self._stop_timer()
        if not run.state.active:
            self._timer = self.set_timer(END_SECONDS, self.dismiss)
        self.add_class("-shown")
        self._write()

    def dismiss(self) -> None:
        """Take the strip away, until a run is active again."""
        self._stop_timer()
        self._run = None
        self.remove_class("-shown")

    def on_resize(self) -> None:
        """Another width may drop other parts."""
        self._write()

    def _write(self) -> None:
        if self._run is None or self.size.width < 1:
            return
        self.show_lines((strip_line(self._run, self.size.width, self._markers),))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None


def strip_line(run: RunSnapshot, width: int, markers: Markers) -> Line:
    """The parts of the line that fit a width, in order of reading; the least important are left out first."""
    name = literal(run.run_id, one_line=True)
    head: list[Part] = [(f"{sign(run.state)} ", colour(run.state)), (cut(name, _LONGEST_NAME), "bold")]
    parts = _going(run, markers) if run.state.active else _over(run)
    while parts:
        line = [*head]
        for _, part in parts:
            line += [(_GAP, ""), *part]
        if width_of(tuple(line)) <= width or len(parts) == 1:
            return cut_line(tuple(line), width)
        parts.remove(min(parts, key=lambda part: part[0]))
    return cut_line(tuple(head), width)


def _going(run: RunSnapshot, markers: Markers) -> list[tuple[int, list[Part]]]:
    """The parts of a run under way, each with its importance."""
    last = run.last
    if last is None:
        return [(1, [(literal(run.reason, one_line=True) or word(run.state), "dim")])]
    parts = [
        (5, [(spark([step.loss for step in run.progress[-SPARK_STEPS:]], SPARK_CELLS, markers), "train")]),
        (9, [("loss ", "dim"), (loss(last.loss), "")]),
        (7, [("step ", "dim"), (f"{count(last.step)}/{count(last.total_steps)}", "")]),
        (3, [(rate(last.tokens_per_second), "")]),
    ]
    if run.evaluations:
        parts.insert(2, (4, [("held-out ", "dim"), (loss(run.evaluations[-1].loss), "")]))
    if run.state is RunState.RUNNING:
        if last.eta_seconds is not None:
            parts.append((8, [("ETA ", "dim"), (duration(last.eta_seconds), "")]))
    else:
        parts.append((8, [(word(run.state), colour(run.state))]))
    return parts


def _over(run: RunSnapshot) -> list[tuple[int, list[Part]]]:
    """The parts of a run that has ended."""
    style = colour(run.state)
    parts: list[tuple[int, list[Part]]] = [(9, [(word(run.state), style)])]
    if run.state in (RunState.FAILED, RunState.LOST, RunState.PAUSED):
        reason = literal(run.reason, one_line=True)
        return [(9, [(f"{word(run.state)}: {reason}" if reason else word(run.state), style)])]
    best = best_held_out(run)
    if run.last is not None:
        parts.append((4, [("loss ", "dim"), (loss(run.last.loss), "")]))
    if best is not None:
        parts.append((3, [("held-out ", "dim"), (loss(best[1]), "")]))
    if can_be_served(run):
        parts.append((8, [("press ", "dim"), ("3", "accent"), (" to compare", "dim")]))
    return parts


def spark(values: list[float], cells: int, markers: Markers) -> str:
    """A curve of a few cells in one line of text."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return " " * cells
    canvas = Canvas(cells, 1, markers)
    low, high = min(finite), max(finite)
    spread = (high - low) or 1.0
    size = len(finite) / canvas.dot_columns
    before: tuple[int, int] | None = None
    for x in range(canvas.dot_columns):
        inside = finite[int(x * size) : max(int((x + 1) * size), int(x * size) + 1)]
        share = (sum(inside) / len(inside) - low) / spread
        here = (x, round((1 - share) * (canvas.dot_rows - 1)))
        canvas.line(*(before or here), *here, "curve")
        before = here
    return "".join(text for text, _ in canvas.rows()[0])


def _start(run: RunSnapshot) -> float:
    return run.started or 0.0
