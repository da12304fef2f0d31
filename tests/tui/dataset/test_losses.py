"""The loss that a run measured of each row: a column, an order and a filter, there when the run has ended."""

from __future__ import annotations

import json
from pathlib import Path

from data.row_digest import row_digest
from engine.jobs.events import RunState
from engine.reports import RunSnapshot
from tests.tui.dataset.stage import chips, press, settle, staged, type_text
from tests.tui.dataset.test_sorting import numbers

LOSSES = {1: 0.25, 2: 2.71, 3: 1.5}


def measure(workspace: Path, file: Path, losses: dict[int, float], name: str = "tiny-001") -> RunSnapshot:
    """A run that has measured these rows, by their numbers; gives what is reported of it."""
    run = workspace / "runs" / name
    run.mkdir(parents=True)
    (run / "job.toml").write_text("")
    texts = file.read_bytes().splitlines()
    lines = [
        json.dumps(
            {
                "row": row,
                "file": file.name,
                "digest": row_digest(texts[row - 1]).hex(),
                "part": "train",
                "base": 5.3,
                "tuned": loss,
                "tokens": 4,
            }
        )
        for row, loss in losses.items()
    ]
    (run / "row_losses.jsonl").write_text("\n".join(lines) + "\n")
    return RunSnapshot(run.name, run, None, RunState.FINISHED)


async def test_the_table_shows_losses_and_sorts_by_them(tmp_path: Path) -> None:
    file = chips(tmp_path, 5)
    measure(tmp_path, file, LOSSES)
    async with staged(file) as (stage, pilot):
        assert "loss" in stage.text
        assert next(line for line in stage.lines if "Question 2?" in line).split()[-1] == "2.71"
        await press(pilot, "j")
        assert "─ loss 2.71 (base 5.30) ─" in stage.text
        await press(pilot, "j", "j")
        assert "base 5.30" not in stage.text
        await press(pilot, "s")
        await press(pilot, "l")
        assert numbers(stage) == [2, 3, 1, 4, 5]
        assert "by loss ↓" in stage.lines[0]
        await press(pilot, "escape", "slash")
        await type_text(pilot, "loss>1")
        await press(pilot, "enter")
        assert numbers(stage) == [2, 3]


async def test_losses_come_when_a_run_has_ended(tmp_path: Path) -> None:
    file = chips(tmp_path, 5)
    async with staged(file) as (stage, pilot):
        assert "2.71" not in stage.text
        # A run that paused, waited and went on has two ends.
        for state in (RunState.PAUSED, RunState.QUEUED):
            stage.pane.receive(RunSnapshot("tiny-001", tmp_path, None, state))
        await settle(pilot)
        report = measure(tmp_path, file, LOSSES)
        stage.pane.receive(RunSnapshot("tiny-001", report.folder, None, RunState.MEASURING))
        await settle(pilot)
        assert "2.71" not in stage.text
        stage.pane.receive(report)
        await settle(pilot)
        assert "2.71" in stage.text
        assert "loss 0.25 (base 5.30)" in stage.text


async def test_an_edited_row_has_no_loss_until_it_is_taken_back(tmp_path: Path) -> None:
    file = chips(tmp_path, 5)
    measure(tmp_path, file, LOSSES)
    async with staged(file) as (stage, pilot):
        store = stage.pane.desk.store
        assert store is not None
        store.set_field(1, "output", "Another.")
        stage.pane.desk.table.refresh()
        await settle(pilot)
        assert "2.71" not in stage.text
        store.undo()
        stage.pane.desk.table.refresh()
        await settle(pilot)
        assert "2.71" in stage.text
