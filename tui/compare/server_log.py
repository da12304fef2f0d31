"""The log of a server, in full; the logs of the others are one key away."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.getters import query_one
from textual.screen import ModalScreen

from engine.reports import ServerStatus
from tui.messages import Flashed
from tui.training.log_view import LogClosed, LogView
from tui.widgets.flash import Flash
from tui.widgets.footer import FooterLine

LOOK_EVERY = 0.5
"""Seconds between looks at what was added; nothing is drawn while nothing was."""


class ServerLogScreen(ModalScreen[None]):
    """Shows what a server printed, its newest lines first in sight, and follows it."""

    DEFAULT_CSS = """
    ServerLogScreen { background: $background; }
    """
    BINDING_GROUP_TITLE = "Server log"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "other(1)", "Other server", id="server-log.other", tooltip="Read the next server's log"),
        Binding("question_mark", "app.help", "Help", id="server-log.help", tooltip="Show every key"),
    ]

    log_view = query_one(LogView)

    def __init__(self, servers: tuple[ServerStatus, ...], shown: int) -> None:
        super().__init__()
        self._servers = servers
        self._shown = shown

    def compose(self) -> ComposeResult:
        """The log, a word to the person, the keys."""
        yield LogView()
        yield Flash()
        yield FooterLine()

    def on_mount(self) -> None:
        """Open the log, and look at it again and again."""
        self._open()
        self.log_view.focus_first()
        self.set_interval(LOOK_EVERY, self.log_view.read_again)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no other log where one server answers."""
        return len(self._servers) > 1 if action == "other" else super().check_action(action, parameters)

    def action_other(self, step: int) -> None:
        """Show the log of another server."""
        self._shown = (self._shown + step) % len(self._servers)
        self._open()

    def _open(self) -> None:
        server = self._servers[self._shown]
        if server.log is not None:
            self.log_view.open(server.log, f"the {server.server or server.name} server")

    @on(LogClosed)
    def _close(self, message: LogClosed) -> None:
        message.stop()
        self.dismiss(None)

    @on(Flashed)
    def _tell(self, message: Flashed) -> None:
        """Here, where it is seen; the app's own line is behind this screen."""
        message.stop()
        self.query_one(Flash).show(message.text, message.severity)
