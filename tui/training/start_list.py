"""What a new run can start from: a preset, a job file of the workspace, or an earlier run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import events, work
from textual.binding import Binding, BindingType
from textual.message import Message

from engine.training.job import TrainingJob
from tui.literal import literal
from tui.widgets.lines import Line, Lines, cut

_MOST_RUNS = 100


@dataclass(frozen=True, slots=True)
class Start:
    """One thing to start from."""

    kind: str
    """"preset", "job file" or "run"."""
    name: str
    description: str
    job: TrainingJob


class StartsWanted(Message):
    """The person wants to choose what a new run starts from."""


class StartChosen(Message):
    """A new run starts from this job; None: the person has chosen nothing."""

    def __init__(self, start: Start | None) -> None:
        super().__init__()
        self.start = start


class StartList(Lines, can_focus=True):
    """One line each, under headings; enter fills the form."""

    DEFAULT_CSS = """
    StartList { height: 1fr; padding: 0 1; }
    """
    BINDING_GROUP_TITLE = "Start from"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Take it", id="starts.take", tooltip="Fill the form from this"),
        Binding("escape,q", "leave", "Back", key_display="esc", id="starts.leave", tooltip="Back to the form"),
        Binding("j,down", "move(1)", "Down", show=False, id="starts.down", tooltip="The next one"),
        Binding("k,up", "move(-1)", "Up", show=False, id="starts.up", tooltip="The one before"),
        Binding("home,g", "edge(-1)", "First", show=False, id="starts.first", tooltip="The first one"),
        Binding("end,G", "edge(1)", "Last", show=False, id="starts.last", tooltip="The last one"),
    ]

    class _Found(Message):
        """What there is was read from the disk."""

        def __init__(self, starts: tuple[Start, ...]) -> None:
            super().__init__()
            self.starts = starts

    def __init__(self, workspace: Path, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._workspace = workspace
        self._starts: tuple[Start, ...] = ()
        self._at = 0
        self._top = 0

    @work(thread=True, exclusive=True, group="starts", description="look for what a run can start from")
    def look(self) -> None:
        """Read anew what there is."""
        # On the thread: it reads files, which the screen itself never does.
        from engine.training.history import RunHistory
        from engine.training.job_files import job_files
        from engine.training.presets import preset_names, read_preset
        from engine.training.runs import run_folders

        presets = map(read_preset, preset_names())
        found = [Start("preset", each.name, each.description, each.job) for each in presets]
        found += [
            Start("job file", each.path.name, _in_short(each.job), each.job) for each in job_files(self._workspace)
        ]
        for folder in run_folders(self._workspace)[:_MOST_RUNS]:
            job = RunHistory(folder).snapshot(with_progress=False).job
            if job is not None:
                found.append(Start("run", folder.name, _in_short(job), job))
        self.post_message(self._Found(tuple(found)))

    def on_start_list__found(self, message: _Found) -> None:
        """Show what there is."""
        message.stop()
        self._starts = message.starts
        self.action_move(0)

    def on_resize(self) -> None:
        """Another size shows other lines."""
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Choose the line under the pointer, and take the one that is chosen already."""
        places = self._places()
        at = self._top + event.y
        if at in places:
            index = places.index(at)
            self.action_take() if index == self._at else self.action_move(index - self._at)

    def action_move(self, by: int) -> None:
        """Go to another line."""
        self._at = max(0, min(self._at + by, len(self._starts) - 1))
        self._draw()

    def action_edge(self, direction: int) -> None:
        """Go to the first or the last line."""
        self.action_move(direction * len(self._starts))

    def action_take(self) -> None:
        """Fill the form from this."""
        if self._starts:
            self.post_message(StartChosen(self._starts[self._at]))

    def action_leave(self) -> None:
        """Back to the form as it is."""
        self.post_message(StartChosen(None))

    def _places(self) -> list[int]:
        """The line of each, from the first: a heading and a gap stand before each kind."""
        places: list[int] = []
        line, kind = -1, ""
        for start in self._starts:
            line += 1 if start.kind == kind else 2 if not kind else 3
            kind = start.kind
            places.append(line)
        return places

    def _draw(self) -> None:
        width, room = self.size.width, self.size.height
        if width < 1 or room < 1:
            return
        if not self._starts:
            self.show_lines(((("reading …", "dim"),),))
            return
        names = min(max(cell_len(literal(each.name, one_line=True)) for each in self._starts), width // 2)
        lines: list[Line] = []
        for index, (place, start) in enumerate(zip(self._places(), self._starts, strict=True)):
            if index == 0 or self._starts[index - 1].kind != start.kind:
                lines += [()] * (place - 1 - len(lines)) + [((f"{start.kind}s", "title"),)]
            lines.append(_line(start, names, width, chosen=index == self._at))
        at = self._places()[self._at]
        # The heading of the first of a kind stays in sight with it.
        self._top = max(min(self._top, at - 1), at - room + 1, 0)
        self.show_lines(tuple(lines[self._top : self._top + room]))


def _line(start: Start, names: int, width: int, *, chosen: bool) -> Line:
    name = set_cell_size(cut(literal(start.name, one_line=True), names), names)
    rest = cut(literal(start.description, one_line=True), max(width - names - 4, 0))
    if chosen:
        return (("▸ ", "cursor-accent"), (name, "cursor"), ("  ", "cursor"), (rest, "cursor"))
    return (("  ", ""), (name, ""), ("  ", ""), (rest, "dim"))


def _in_short(job: TrainingJob) -> str:
    return f"{Path(job.model).name} · {job.method.kind} · {job.dataset.path}"
