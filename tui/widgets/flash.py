"""One line above the keys for a word to the person."""

from __future__ import annotations

from time import monotonic

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from tui.literal import literal
from tui.widgets.lines import cut

SECONDS = 6.0
"""How long a message that is no error stays, if no key is pressed."""

SEEN_AFTER = 1.0
"""Seconds that an error stands at least: a key pressed earlier was not meant for it."""

_LINES = 3

LOOKS = {
    "information": ("·", "$info"),
    "warning": ("!", "$differs"),
    "error": ("✗", "$disagrees"),
}
"""The sign and the style of each severity."""


class Flash(Static):
    """Takes no room while there is nothing to say. The next key clears it; an error stays until a key is pressed."""

    DEFAULT_CSS = """
    Flash {
        height: auto;
        max-height: 3;
        padding: 0 1;
        display: none;
    }
    Flash.-shown {
        display: block;
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._timer: Timer | None = None
        self._error_since: float | None = None

    def show(self, text: str, severity: str = "information", more: str = "") -> None:
        """Show a message ("information", "warning" or "error") in place of the one before.

        `more` says where its details are, and stays in sight however long the message is.
        """
        sign, style = LOOKS.get(severity, LOOKS["information"])
        self._stop_timer()
        self._error_since = monotonic() if severity == "error" else None
        if severity != "error":
            self._timer = self.set_timer(SECONDS, self.clear)
        width = max(self.app.size.width - 2, 1)
        said = literal(text, one_line=True)
        end = (f"  {more}", "$dim") if more else ""
        # Lines end between words, so how much fits is known only when it is tried.
        # A terminal of a few cells has no room for the end itself.
        room = _LINES * width
        while (
            len((content := Content.assemble((f"{sign} ", style), (cut(said, room), style), end)).wrap(width)) > _LINES
            and room > 0
        ):
            room -= 4
        self.update(content)
        self.add_class("-shown")

    def clear(self) -> None:
        """Take the message away."""
        self._stop_timer()
        self._error_since = None
        self.remove_class("-shown")

    def key_pressed(self) -> None:
        """Called by the app for every key, before the key does anything."""
        if self._error_since is None or monotonic() - self._error_since >= SEEN_AFTER:
            self.clear()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
