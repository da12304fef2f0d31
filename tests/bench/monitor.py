"""How long the monitor takes for runs of 100,000 logged steps: to read them, to open one, to lay five over each other,
and to draw what is new.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from engine.jobs.events import encode
from engine.reports import RunSnapshot
from engine.training.history import RunHistory
from engine.training.steps import StepColumns
from tests.tui.host import Host
from tests.tui.training.recording import RecordingEngine
from tests.tui.training.runs import listed, run
from tui.training.pane import TrainingPane

STEPS = 100_000
OPEN, REPAINT = 1.0, 0.1
OVERLAID = 5


async def measure(workspace: Path) -> dict[str, tuple[float, float]]:
    """Seconds of processor time and the target of each thing that a person waits for."""
    pane = TrainingPane(RecordingEngine(), workspace=workspace, id="training")
    runs = [as_read(run(STEPS, STEPS + 20_000, run_id=f"run-{number}")) for number in range(OVERLAID)]
    # The screen's own garbage is looked for, not what the measurement has made for itself.
    gc.collect()
    gc.freeze()
    found: dict[str, tuple[float, float]] = {}
    async with Host(pane).run_test(size=(120, 36)) as pilot:
        pane.receive(listed(*runs))
        pane.focus_first()

        async def timed(what: str, target: float, *keys: str, report: RunSnapshot | None = None) -> None:
            before = time.process_time()
            if report is not None:
                pane.receive(report)
            if keys:
                await pilot.press(*keys)
            await pilot.pause()
            found[what] = (time.process_time() - before, target)

        await timed(f"a run of {STEPS:,} steps opens in", OPEN, report=runs[0])
        await timed("four more steps are drawn in", REPAINT, report=more(runs[0]))
        await timed("another series is drawn in", OPEN, "c")
        await pilot.press("C")
        for each in runs:
            pane.monitor.toggle_mark(each.run_id)
        for each in runs[1:-1]:
            pane.receive(each)
        await timed(f"the last of {OVERLAID} such runs is laid over the others in", OPEN, report=runs[-1])
        await timed("four more steps of one of them are drawn in", REPAINT, report=more(runs[-1]))
        await timed("the cross-hair is moved in", REPAINT, "enter", "left")
    return found


def more(whole: RunSnapshot) -> RunSnapshot:
    """The run after four more steps."""
    longer = run(STEPS + 4, STEPS + 20_000, run_id=whole.run_id)
    return as_read(replace(longer, progress=(*whole.progress, *longer.progress[-4:])))


def as_read(whole: RunSnapshot) -> RunSnapshot:
    """The run as the engine hands it over."""
    return replace(whole, progress=StepColumns(whole.progress).seen())


def reading(folder: Path) -> float:
    """Seconds of processor time to read such a run's events from the disk."""
    (folder / "job.toml").write_text("")
    (folder / "events.jsonl").write_bytes(b"".join(encode(each) for each in run(STEPS, STEPS).progress))
    history = RunHistory(folder)
    before = time.process_time()
    history.refresh(limit=1 << 20)
    while history.behind:
        history.refresh(limit=1 << 20)
    return time.process_time() - before


def main() -> int:
    """Print the figures; 1 when a target is missed."""
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(Path(folder)))
        read = reading(Path(folder))
    for what, (seconds, target) in figures.items():
        print(f"  {what:<58} {seconds * 1000:6.0f} ms   (target at most {target * 1000:.0f} ms)")
    print(f"  {'its events are read in slices of 0.1 s, all in all in':<58} {read * 1000:6.0f} ms")
    return 0 if all(seconds <= target for seconds, target in figures.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
