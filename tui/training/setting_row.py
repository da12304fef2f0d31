"""One line of the form: a label, and a text or a choice to its right."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from tui.training.settings.setting import Setting
from tui.widgets.lines import Lines
from tui.widgets.word_choice import WordChoice

LABEL_WIDTH = 16


class SettingEdited(Message):
    """The person changed a setting."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__()
        self.path = path
        self.text = text


class SettingRow(Horizontal):
    """A setting with its editor; `refused` marks it with ✗."""

    DEFAULT_CSS = """
    SettingRow { height: 1; }
    SettingRow > #label { width: 16; }
    SettingRow > Input { width: 1fr; background: $background; color: $foreground; }
    SettingRow > Input:focus { background: $surface; }
    SettingRow.-refused > Input { color: $disagrees; }
    """

    def __init__(self, setting: Setting, text: str) -> None:
        super().__init__()
        self.setting = setting
        self._label = Lines(id="label")
        self._editor: Input | WordChoice
        if setting.choices:
            self._editor = WordChoice(setting.choices, text)
        else:
            # A blinking cursor is half a kilobyte a second over SSH.
            self._editor = Input(text, placeholder=setting.when_empty, compact=True)
            self._editor.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Label and editor."""
        yield self._label
        yield self._editor

    def on_mount(self) -> None:
        """Write the label."""
        self._write_label(focused=False)

    def on_descendant_focus(self) -> None:
        """Bring the label out."""
        self._write_label(focused=True)

    def on_descendant_blur(self) -> None:
        """Let the label stand back."""
        self._write_label(focused=False)

    @property
    def text(self) -> str:
        """What the editor says."""
        return self._editor.value

    def show_text(self, text: str) -> None:
        """Put a text into the editor; nothing is said of it, since the person did not write it."""
        if self._editor.value != text:
            with self._editor.prevent(Input.Changed):
                self._editor.value = text

    def refuse(self, refused: bool) -> None:
        """Mark the setting as one that cannot be used, or take the mark away."""
        if refused != self.has_class("-refused"):
            self.set_class(refused, "-refused")
            self._write_label(focused=self.has_focus_within)

    def _write_label(self, *, focused: bool) -> None:
        sign = "✗ " if self.has_class("-refused") else "  "
        self._label.show_lines((((sign, "disagrees"), (self.setting.label, "accent" if focused else "dim")),))

    def take_focus(self) -> None:
        """Put the focus into the editor."""
        self._editor.focus()

    @on(Input.Changed)
    @on(WordChoice.Chosen)
    def _edited(self, message: Input.Changed | WordChoice.Chosen) -> None:
        message.stop()
        self.post_message(SettingEdited(self.setting.path, message.value))
