"""How a run is asked to stop: the `control` file in its folder, or SIGTERM."""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType

CONTROL_FILE = "control"
STOP = "stop"


class StopRequest:
    """Whether somebody asked this process to finish its step, save and end; looked at between steps."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._terminated = False

    def listen(self) -> None:
        """Take SIGTERM for a request to stop, and ignore SIGHUP: a closed terminal is no reason to end."""
        signal.signal(signal.SIGTERM, self._on_terminate)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def made(self) -> bool:
        """Whether the request has been made."""
        return self._terminated or stop_asked(self._folder)

    @property
    def by_signal(self) -> bool:
        """Whether nobody asked but for a signal, as when the machine is shut down."""
        return self._terminated and not stop_asked(self._folder)

    def _on_terminate(self, _number: int, _frame: FrameType | None) -> None:
        self._terminated = True


def stop_asked(folder: Path) -> bool:
    """Whether the control file of a run asks it to stop."""
    try:
        return (folder / CONTROL_FILE).read_text(encoding="utf-8", errors="replace").strip() == STOP
    except OSError:
        return False
