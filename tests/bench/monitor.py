"""How long the monitor takes to open a run of 100,000 logged steps, and to draw four more."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.tui.host import Host
from tests.tui.training.recording import RecordingEngine
from tests.tui.training.runs import listed, run
from tui.training.pane import TrainingPane

STEPS = 100_000
OPEN, REPAINT = 1.0, 0.1


async def measure(workspace: Path) -> tuple[float, float]:
    """Seconds of processor time to open the run, and to take four more steps."""
    pane = TrainingPane(RecordingEngine(), workspace=workspace, id="training")
    whole = run(STEPS, STEPS + 20_000)
    longer = run(STEPS + 4, STEPS + 20_000)
    more = replace(longer, progress=(*whole.progress, *longer.progress[-4:]))
    async with Host(pane).run_test(size=(120, 36)) as pilot:
        pane.receive(listed(whole))
        before = time.process_time()
        pane.receive(whole)
        await pilot.pause()
        opened = time.process_time() - before
        before = time.process_time()
        pane.receive(more)
        await pilot.pause()
        return opened, time.process_time() - before


def main() -> int:
    """Print the figures; 1 when a target is missed."""
    with tempfile.TemporaryDirectory() as folder:
        opened, repainted = asyncio.run(measure(Path(folder)))
    print(f"  a run of {STEPS:,} steps opens in   {opened * 1000:6.0f} ms   (target at most {OPEN * 1000:.0f} ms)")
    print(f"  four more steps are drawn in    {repainted * 1000:6.0f} ms   (target at most {REPAINT * 1000:.0f} ms)")
    return 0 if opened <= OPEN and repainted <= REPAINT else 1


if __name__ == "__main__":
    sys.exit(main())
