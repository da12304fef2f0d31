"""The settings in which the jobs of some runs differ, side by side, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType

from engine.reports import RunSnapshot
from engine.training.job_changes import differing_settings, setting_text
from tui.literal import literal
from tui.training.run_messages import ViewClosed
from tui.training.table_columns import accuracy_of_best, best_evaluation, seconds_of
from tui.widgets.figures import NONE, count, duration, loss, rate
from tui.widgets.lines import Line, Lines, Part, cut
from tui.widgets.run_words import sign, word

NARROWEST = 16
"""Cells that a run's column has at least; runs for which there is no room are left out and counted."""

Row = tuple[str, tuple[str, ...]]
"""A name and its value for each run."""


class DifferenceView(Lines, can_focus=True):
    """Settings above, results below; to scroll."""

    DEFAULT_CSS = """
    DifferenceView { height: 1fr; padding: 0 1; }
    """
    BINDING_GROUP_TITLE = "Differences"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,d,q", "close", "Back", key_display="esc", id="differences.close", tooltip="Back"),
        Binding("j,down", "scroll(1)", "Down", show=False, id="differences.down", tooltip="A line down"),
        Binding("k,up", "scroll(-1)", "Up", show=False, id="differences.up", tooltip="A line up"),
        Binding(
            "pagedown,ctrl+f,space",
            "page(1)",
            "Page down",
            show=False,
            id="differences.page-down",
            tooltip="A page down",
        ),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="differences.page-up", tooltip="A page up"),
        Binding("home,g", "edge(-1)", "Start", show=False, id="differences.start", tooltip="To the first line"),
        Binding("end,G", "edge(1)", "End", show=False, id="differences.end", tooltip="To the last line"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._runs: tuple[RunSnapshot, ...] = ()
        self._top = 0

    def show_runs(self, runs: Sequence[RunSnapshot]) -> None:
        """Show these runs from now on."""
        if [run.run_id for run in runs] != [run.run_id for run in self._runs]:
            self._top = 0
        self._runs = tuple(runs)
        self._draw()

    @property
    def run_ids(self) -> tuple[str, ...]:
        """The runs shown."""
        return tuple(run.run_id for run in self._runs)

    def on_resize(self) -> None:
        """Another size has room for more runs."""
        self._draw()

    def action_close(self) -> None:
        """Back to where the person came from."""
        self.post_message(ViewClosed())

    def action_scroll(self, lines: int) -> None:
        """Move by lines."""
        self._top += lines
        self._draw()

    def action_edge(self, direction: int) -> None:
        """Go to the first or the last line."""
        self.action_scroll(direction * len(difference_lines(self._runs, max(self.size.width, 20))))

    def action_page(self, pages: int) -> None:
        """Move by pages."""
        self.action_scroll(pages * max(self.size.height - 2, 1))

    def _draw(self) -> None:
        width, height = self.size
        if width < 20 or not self._runs:
            return
        lines = difference_lines(self._runs, width)
        room = max(height - 1, 1)
        self._top = min(max(self._top, 0), max(len(lines) - 1 - room, 0))
        self.show_lines((lines[0], *lines[1 + self._top : 1 + self._top + room]))


def difference_lines(runs: Sequence[RunSnapshot], width: int) -> list[Line]:
    """A heading with the names, then one line a setting and one a result."""
    different = setting_rows(runs)
    results = result_rows(runs)
    first = min(max(cell_len(name) for name, _ in (*different, *results)) + 2, width // 2)
    fit = max(min(len(runs), (width - first) // NARROWEST), 1)
    each = (width - first) // fit
    names = tuple(literal(run.run_id, one_line=True) for run in runs)
    head = f"{len(runs) - fit} more" if fit < len(runs) else ""
    lines: list[Line] = [_line(head, names[:fit], first, each, "title")]
    if different:
        lines += [_line(name, values[:fit], first, each, "") for name, values in different]
    else:
        readable = all(run.job is not None for run in runs)
        said = "the jobs are the same" if readable else "a job file cannot be read"
        lines.append(((said, "dim"),))
    lines += [(), (("results", "title"),)]
    lines += [_line(name, values[:fit], first, each, "") for name, values in results]
    return lines


def setting_rows(runs: Sequence[RunSnapshot]) -> list[Row]:
    """The settings that are not the same in all jobs, in the order of the job file."""
    return [
        (path, tuple(literal(setting_text(value), one_line=True) for value in values))
        for path, values in differing_settings([run.job for run in runs])
    ]


def result_rows(runs: Sequence[RunSnapshot]) -> list[Row]:
    """How the runs came out."""
    return [
        ("state", tuple(f"{sign(run.state)} {word(run.state)}" for run in runs)),
        (
            "step",
            tuple(f"{count(run.last.step)} / {count(run.last.total_steps)}" if run.last else NONE for run in runs),
        ),
        ("loss", tuple(loss(run.last.loss if run.last else None) for run in runs)),
        ("best held-out", tuple(_best(run) for run in runs)),
        ("right answers", tuple(_accuracy(run) for run in runs)),
        ("took", tuple(duration(seconds_of(run)) for run in runs)),
        ("tokens", tuple(count(run.last.tokens if run.last else None) for run in runs)),
        ("speed", tuple(rate(run.last.tokens_per_second if run.last else None) for run in runs)),
        ("tags", tuple(literal(" ".join(run.tags), one_line=True) or NONE for run in runs)),
    ]


def _best(run: RunSnapshot) -> str:
    best = best_evaluation(run)
    return f"{loss(best.loss)} at step {count(best.step)}" if best is not None else NONE


def _accuracy(run: RunSnapshot) -> str:
    share = accuracy_of_best(run)
    return NONE if share is None else f"{share * 100:.1f} % of the tokens"


def _line(name: str, values: Sequence[str], first: int, each: int, style: str) -> Line:
    parts: list[Part] = [(cut(name, first - 2).ljust(first), "dim" if style != "title" else "accent")]
    for value in values:
        text = cut(value, each - 2)
        parts.append((text + " " * (each - cell_len(text)), style))
    return tuple(parts)
