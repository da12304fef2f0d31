"""Choosing another file: type a path, or pick one of the dataset files of the workspace."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from data.dataset_files import SUFFIXES, TEXT_SUFFIXES
from tui.literal import literal

_SKIPPED = {"runs", "node_modules", "__pycache__", "venv"}
_MOST_FOLDERS = 2000
_MOST_FILES = 500


class FilePicker(Vertical):
    """An input above a list that follows what is typed; enter opens what is highlighted, or the path as typed."""

    BINDING_GROUP_TITLE = "Opening a file"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", id="dataset.picker-leave", tooltip="Back to the table"),
        Binding(
            "down", "move(1)", "Next", show=False, id="dataset.picker-down", priority=True, tooltip="One file down"
        ),
        Binding("up", "move(-1)", "Previous", show=False, id="dataset.picker-up", priority=True, tooltip="One file up"),
        Binding("tab", "complete", "Complete", id="dataset.picker-complete", tooltip="Take over the highlighted path"),
    ]
    DEFAULT_CSS = """
    FilePicker {
        display: none;
        height: 1fr;
        &.-open { display: block; }
        & > .picker-title { height: 1; color: $dim; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & > Input {
            height: 1; border: none; padding: 0 1; background: $surface; color: $foreground;
            &:focus { border: none; }
        }
        & > OptionList {
            height: 1fr; border: none; padding: 0; background: $background; scrollbar-size-vertical: 1;
            &:focus { border: none; }
        }
    }
    """

    class Picked(Message):
        """This file is to be opened."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    class Left(Message):
        """No other file is wanted."""

    class FilesFound(Message):
        """The dataset files of a folder."""

        def __init__(self, folder: Path, files: tuple[str, ...]) -> None:
            super().__init__()
            self.folder = folder
            self.files = files
            """Relative to the folder; folders end in "/"."""

    def __init__(self, workspace: Path) -> None:
        super().__init__()
        self._workspace = workspace
        self._found: dict[Path, tuple[str, ...]] = {}
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """A word, the input, the list."""
        yield Static("open a file: type its name, or a path", classes="picker-title", markup=False)
        yield Input(compact=True, select_on_focus=False)
        files = OptionList(markup=False)
        files.can_focus = False
        yield files

    def open(self) -> None:
        """Show the files there are now and take the keyboard."""
        self._found.clear()
        self.add_class("-open")
        box = self.query_one(Input)
        box.cursor_blink = False
        box.value = ""
        self._narrow()
        self.focus_input()

    def focus_input(self) -> None:
        """Go on typing."""
        self.query_one(Input).focus()

    def close(self) -> None:
        """Hide; whoever called gives the focus to something else."""
        self.remove_class("-open")

    def action_leave(self) -> None:
        """Nothing is to be opened."""
        self.post_message(self.Left())

    def action_move(self, rows: int) -> None:
        """Move the highlight while the cursor stays in the input."""
        files = self.query_one(OptionList)
        if files.option_count:
            none_yet = -1 if rows > 0 else 0
            files.highlighted = (
                (none_yet if files.highlighted is None else files.highlighted) + rows
            ) % files.option_count

    def action_complete(self) -> None:
        """Put the highlighted path into the input, to go on typing from there."""
        if (path := self._highlighted()) is not None:
            box = self.query_one(Input)
            box.value = path
            box.cursor_position = len(path)

    @on(Input.Changed)
    def _narrow(self) -> None:
        folder, rest = self._typed()
        if folder not in self._found:
            self._found[folder] = ()
            self._look(folder, deep=folder == self._workspace)
        before = self.query_one(Input).value[: len(self.query_one(Input).value) - len(rest)]
        names = [name for name in self._found[folder] if rest.casefold() in name.casefold()]
        self._shown = [before + name for name in names]
        files = self.query_one(OptionList)
        files.clear_options()
        files.add_options(Option(Content(literal(name, one_line=True))) for name in names)
        if names and rest:
            files.highlighted = 0

    @on(FilesFound)
    def _list(self, event: FilesFound) -> None:
        event.stop()
        self._found[event.folder] = event.files
        self._narrow()

    @on(Input.Submitted)
    def _pick(self, event: Input.Submitted) -> None:
        event.stop()
        typed = event.value.strip()
        path = self._highlighted() or typed
        if not path:
            return
        if path.endswith("/"):
            self.action_complete()
            return
        self.post_message(self.Picked(self._workspace / Path(path).expanduser()))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Picked(self._workspace / Path(self._shown[event.option_index]).expanduser()))

    def _highlighted(self) -> str | None:
        place = self.query_one(OptionList).highlighted
        return None if place is None or place >= len(self._shown) else self._shown[place]

    def _typed(self) -> tuple[Path, str]:
        """The folder that is looked at, and what is typed after it."""
        head, slash, rest = self.query_one(Input).value.rpartition("/")
        return (self._workspace / Path(head + slash).expanduser(), rest) if slash else (self._workspace, rest)

    @work(thread=True, group="files")
    def _look(self, folder: Path, *, deep: bool) -> None:
        """Look for files; a large or slow folder must not stop the screen."""
        worker = get_current_worker()
        files: list[str] = []
        for name in _dataset_files(folder, deep=deep):
            files.append(name)
            if worker.is_cancelled or len(files) >= _MOST_FILES:
                break
        if not worker.is_cancelled:
            self.post_message(self.FilesFound(folder, tuple(sorted(files))))


def _dataset_files(folder: Path, *, deep: bool) -> Iterator[str]:
    """Dataset files in a folder, and either those in the folders below it or those folders' names."""
    for count, (root, folders, files) in enumerate(os.walk(folder)):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        prefix = "" if Path(root) == folder else f"{Path(root).relative_to(folder)}/"
        yield from (prefix + name for name in files if name.lower().endswith((*SUFFIXES, *TEXT_SUFFIXES)))
        if not deep:
            yield from (name + "/" for name in folders)
            return
        if count >= _MOST_FOLDERS:
            return
