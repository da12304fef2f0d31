"""The workbench with a watch on its event loop: `python -m tests.bench.line_pulse FILE WORKSPACE`.

The file says how long the loop stood still at most since SIGUSR1, and how many steps of the run the screen knows.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from pathlib import Path

from tui.app import BurnishApp
from tui.cli import main
from tui.training.pane import TrainingPane

PULSE = 0.01
EVERY = 0.1
"""Seconds between two words in the file."""


class Pulse:
    """Feels how long the loop takes from one turn to the next."""

    def __init__(self, file: Path, app: BurnishApp) -> None:
        self._file = file
        self._app = app
        self._longest = 0.0

    async def feel(self) -> None:
        """Until the app ends."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self._begin)
        told = 0.0
        while True:
            before = time.perf_counter()
            await asyncio.sleep(PULSE)
            now = time.perf_counter()
            self._longest = max(self._longest, now - before - PULSE)
            if now - told > EVERY:
                told = now
                self._tell()

    def _begin(self) -> None:
        self._longest = 0.0

    def _tell(self) -> None:
        run = next((pane.monitor.run for pane in self._app.query(TrainingPane)), None)
        said = {"longest": self._longest, "steps": len(run.progress) if run is not None else 0}
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(said))
        new.replace(self._file)


def _ready(app: BurnishApp) -> None:
    tasks.append(asyncio.create_task(Pulse(Path(sys.argv[1]), app).feel()))


tasks: list[asyncio.Task[None]] = []

if __name__ == "__main__":
    BurnishApp.on_ready = _ready  # type: ignore[attr-defined]
    sys.exit(main([sys.argv[2]]))
