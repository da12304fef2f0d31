"""The job file that the form makes, and the command that starts the same run without a screen."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.message import Message

from data.errors import BurnishError
from engine.training.job import TrainingJob, job_text
from engine.training.job_files import job_file_name, write_job
from tui.literal import literal
from tui.messages import Flashed
from tui.widgets.clipboard import send_to_clipboard
from tui.widgets.lines import Line, Lines, cut

_HEADING = 3
"""Lines above the file: the command, what the keys do, a gap."""


class JobFileWanted(Message):
    """The job file of the form is to be shown."""

    def __init__(self, job: TrainingJob) -> None:
        super().__init__()
        self.job = job


class JobFileClosed(Message):
    """The person has seen the job file."""


class JobFileView(Lines, can_focus=True):
    """Shows a job as the file it is; `w` writes it into the workspace."""

    DEFAULT_CSS = """
    JobFileView { height: 1fr; padding: 0 1; }
    """
    BINDING_GROUP_TITLE = "Job file"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "write", "Write", id="job-file.write", tooltip="Write it into the workspace"),
        Binding("y", "copy", "Copy", id="job-file.copy", tooltip="Send it to the clipboard"),
        Binding("escape,q", "close", "Back", key_display="esc", id="job-file.close", tooltip="Back to the form"),
        Binding("j,down", "scroll(1)", "Down", show=False, id="job-file.down", tooltip="A line down"),
        Binding("k,up", "scroll(-1)", "Up", show=False, id="job-file.up", tooltip="A line up"),
        Binding(
            "pagedown,ctrl+f,space", "page(1)", "Page down", show=False, id="job-file.page-down", tooltip="A page down"
        ),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="job-file.page-up", tooltip="A page up"),
        Binding("home,g", "edge(-1)", "Start", show=False, id="job-file.start", tooltip="To the first line"),
        Binding("end,G", "edge(1)", "End", show=False, id="job-file.end", tooltip="To the last line"),
    ]

    def __init__(self, workspace: Path, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._workspace = workspace
        self._job = TrainingJob()
        self._top = 0

    def open(self, job: TrainingJob) -> None:
        """Show this job from its first line on."""
        self._job, self._top = job, 0
        self._draw()

    def on_resize(self) -> None:
        """Another size shows other lines."""
        self._draw()

    def _draw(self) -> None:
        width, room = self.size.width, self.size.height - _HEADING
        if width < 1 or room < 1:
            return
        lines = job_text(self._job).splitlines()
        self._top = max(0, min(self._top, len(lines) - room))
        command = literal(f"burnish train {shlex.quote(job_file_name(self._job))}", one_line=True)
        heading: list[Line] = [
            (("the same run without the screen  ", "dim"), (cut(command, max(width - 33, 1)), "accent")),
            (("w writes the file below into the workspace", "dim"),),
            (),
        ]
        shown = (_line(literal(line, one_line=True), width) for line in lines[self._top : self._top + room])
        self.show_lines((*heading, *shown))

    def action_scroll(self, by: int) -> None:
        """Show what is further down."""
        self._top += by
        self._draw()

    def action_page(self, direction: int) -> None:
        """Show the next page."""
        self.action_scroll(direction * max(self.size.height - _HEADING - 1, 1))

    def action_edge(self, direction: int) -> None:
        """Show the start or the end."""
        self.action_scroll(direction * len(job_text(self._job)))

    def action_write(self) -> None:
        """Write the file; one that is there already stays, and the new one gets a number."""
        try:
            path = write_job(self._workspace, self._job)
        except BurnishError as error:
            self.post_message(Flashed(error.sentence, severity="error"))
        else:
            self.post_message(Flashed(f"Written to {path.name}; start it with: burnish train {shlex.quote(path.name)}"))

    @work(group="clipboard", description="copy the job file")
    async def action_copy(self) -> None:
        """Send the file to the terminal's clipboard."""
        went = await send_to_clipboard(self.app, job_text(self._job))
        self.post_message(Flashed(f"The job file was {went}; w writes it into the workspace."))

    def action_close(self) -> None:
        """Back to the form."""
        self.post_message(JobFileClosed())


def _line(text: str, width: int) -> Line:
    """A line of TOML: headings and names stand out, values are plain."""
    if text.startswith("["):
        return ((cut(text, width), "title"),)
    name, sign, value = text.partition(" = ")
    return (
        ((name, "dim"), (sign, "dim"), (cut(value, max(width - len(name) - len(sign), 1)), ""))
        if sign
        else ((text, ""),)
    )
