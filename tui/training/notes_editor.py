"""Where a person writes about a run: tags in a line, a note below."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, TextArea

from data.errors import BurnishError
from engine.reports import RunSnapshot
from engine.training.notes import RunNotes, read_notes, tags_in, write_notes
from tui.literal import literal
from tui.messages import Flashed
from tui.training.run_messages import ViewClosed
from tui.widgets.lines import Lines
from tui.widgets.text_box import TextBox


class NotesEditor(Container):
    """Saves with ctrl+s; what somebody else wrote meanwhile is not overwritten without a word."""

    DEFAULT_CSS = """
    NotesEditor { height: 1fr; padding: 0 1; layout: vertical; }
    NotesEditor > Lines { height: 1; }
    NotesEditor > Input { height: 1; border: none; padding: 0; background: $surface; }
    NotesEditor > Input:focus { border: none; background: $panel; }
    NotesEditor > TextArea { height: 1fr; border: none; padding: 0; background: $surface; }
    NotesEditor > TextArea:focus { border: none; background: $panel; }
    """
    BINDING_GROUP_TITLE = "Notes and tags"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", id="notes.save", priority=True, tooltip="Save the note and the tags"),
        Binding("escape", "leave", "Back", id="notes.leave", priority=True, tooltip="Back; asked again if not saved"),
    ]

    heading = query_one("#notes-title", Lines)
    tags = query_one(Input)
    note = query_one(TextArea)

    class _Saved(Message):
        """The notes are on the disk, or the sentence why they are not."""

        def __init__(self, folder: Path, known: RunNotes, refusal: str) -> None:
            super().__init__()
            self.folder = folder
            self.known = known
            self.refusal = refusal

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._folder: Path | None = None
        self._known = RunNotes()
        """What the file held when it was last read."""
        self._asked = False

    def compose(self) -> ComposeResult:
        """A title, tags, the note."""
        yield Lines(id="notes-title")
        yield Input(placeholder="tags, with spaces between", compact=True, id="notes-tags")
        yield TextBox(soft_wrap=True, show_line_numbers=False, id="notes-text")

    def on_mount(self) -> None:
        """No blinking over SSH."""
        self.tags.cursor_blink = False
        self.note.cursor_blink = False

    def open(self, run: RunSnapshot) -> None:
        """Write about this run."""
        self._folder = run.folder
        self._known = RunNotes(run.note, run.tags)
        self._asked = False
        self.heading.show_lines(((("notes on " + literal(run.run_id, one_line=True), "title"),),))
        self.tags.value = " ".join(run.tags)
        self.note.text = run.note

    def focus_first(self) -> None:
        """The tags."""
        self.tags.focus()

    @property
    def written(self) -> RunNotes:
        """What stands in the fields."""
        return RunNotes(self.note.text, tags_in(self.tags.value))

    def action_save(self) -> None:
        """Write the file."""
        if self._folder is not None:
            self._save(self._folder, self.written, self._known)

    @work(thread=True, exclusive=True, group="notes", description="save a run's notes")
    def _save(self, folder: Path, notes: RunNotes, before: RunNotes) -> None:
        try:
            write_notes(folder, notes, before=before)
        except BurnishError as error:
            self.post_message(self._Saved(folder, read_notes(folder), error.sentence))
        else:
            self.post_message(self._Saved(folder, notes, ""))

    def on_notes_editor__saved(self, message: _Saved) -> None:
        """Close, or say why it was not saved; saving again then replaces what somebody else wrote."""
        message.stop()
        if message.folder != self._folder:
            return
        changed = message.known != self._known
        self._known = message.known
        if message.refusal:
            again = " ctrl+s again replaces theirs." if changed else ""
            self.post_message(Flashed(f"{message.refusal}{again}", severity="error"))
        else:
            self.post_message(ViewClosed())

    def action_leave(self) -> None:
        """Go back; what is not saved is asked about once."""
        if self.written != self._known and not self._asked:
            self._asked = True
            self.post_message(Flashed("Not saved: ctrl+s saves, esc again drops what was written.", severity="warning"))
            return
        self.post_message(ViewClosed())
