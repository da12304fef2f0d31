"""What it costs a training run to be watched: its tokens a second with the workbench open, and without."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from engine.demo.files import demo_job
from engine.jobs.events import EventReader, Progress, RunState
from engine.training.control import RunControl
from engine.training.job import CheckpointSection, DatasetSection, EvaluationSection, SampleSection
from tests.terminal import Terminal
from tests.waiting import wait_for
from tui.commands.run_summary import snapshot_of

ROUNDS, SECONDS = 4, 15.0
TARGET = 0.97
NEVER = 10**6


def measure(workspace: Path) -> tuple[list[float], list[float], float]:
    """Tokens a second with and without a workbench on the training pane, turn about; and its bytes a second."""
    row = {"instruction": "How fast is the chip?", "input": "", "output": "It runs at 150 MHz, as its makers say."}
    # Rows of one length: what differs between two moments is not the rows.
    (workspace / "rows.jsonl").write_text(f"{json.dumps(row)}\n" * 512)
    job = replace(
        demo_job(),
        dataset=DatasetSection("rows.jsonl"),
        training=replace(demo_job().training, epochs=100.0),
        evaluation=EvaluationSection(NEVER, row_losses="off"),
        samples=SampleSection(NEVER),
        checkpoints=CheckpointSection(every_minutes=0),
    )
    control = RunControl(workspace)
    folder = control.folder(control.start(job))
    watched: list[float] = []
    alone: list[float] = []
    sent = 0
    try:
        wait_for(lambda: snapshot_of(folder).last is not None, seconds=300, what="the first step")
        events = EventReader(folder / "events.jsonl")
        for number in range(ROUNDS):
            # In the order A B B A …, so that a machine that slows down slows both.
            for with_screen in (number % 2 == 0, number % 2 == 1):
                if with_screen:
                    sent += _watched(workspace, events, watched)
                else:
                    events.read()
                    time.sleep(SECONDS)
                    alone.append(_speed(events))
        assert snapshot_of(folder).state is RunState.RUNNING, "the run ended before the measurement did"
    finally:
        control.kill(folder.name)
    return watched, alone, sent / (ROUNDS * SECONDS)


def _watched(workspace: Path, events: EventReader, speeds: list[float]) -> int:
    with Terminal([str(Path(sys.executable).with_name("burnish")), str(workspace)]) as terminal:
        terminal.wait_for("How fast is the chip")
        terminal.send("2")
        terminal.wait_for("running")
        terminal.drain(2.0)
        events.read()
        sent = terminal.drain(SECONDS)
        speeds.append(_speed(events))
    return sent


def _speed(events: EventReader) -> float:
    """Tokens a second between the first and the last step since the log was read last."""
    steps = [each for each in events.read() if isinstance(each, Progress)]
    return (steps[-1].tokens - steps[0].tokens) / (steps[-1].t - steps[0].t)


def main() -> int:
    """Print the figures; 1 when the target is missed."""
    with tempfile.TemporaryDirectory() as folder:
        watched, alone, sent = measure(Path(folder))
    ratio = statistics.median(watched) / statistics.median(alone)
    for name, speeds in (("watched", watched), ("alone", alone)):
        print(f"  {name:<8} {statistics.median(speeds):6.0f} tokens/s   ({min(speeds):.0f} to {max(speeds):.0f})")
    print(f"  watched / alone  {ratio:.3f}   (target at least {TARGET}); the screen was sent {sent:.0f} B/s")
    return 0 if ratio >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
