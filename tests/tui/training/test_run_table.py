"""All runs in a table: sorted, filtered, opened, marked, deleted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from engine.jobs.events import Evaluation, RunState
from engine.reports import RunSnapshot
from engine.training.job import DatasetSection, TrainingJob
from tests.tui.host import Host
from tests.tui.training.recording import RecordingEngine
from tests.tui.training.runs import START, listed, run
from tests.waiting import workers_end
from tui.training.pane import TrainingPane
from tui.training.run_table import TableLines
from tui.training.table_columns import COLUMNS, filtered_runs, fitting, sorted_runs
from tui.training.table_view import RunTable

A = replace(
    run(240, 240, RunState.FINISHED, run_id="lora-001"),
    tags=("keep",),
    evaluations=(
        Evaluation(30, 0.9, 26, accuracy=0.5),
        Evaluation(60, 0.7, 26, accuracy=0.62),
        Evaluation(90, 0.8, 26),
    ),
)
B = replace(
    run(57, state=RunState.FAILED, run_id="full-002", reason="It ran out of memory."),
    job=TrainingJob(model="models/Qwen3-0.6B", dataset=DatasetSection(path="other.csv")),
    note="learning rate too high",
)
C = replace(
    run(0, state=RunState.QUEUED, run_id="waiting-003"), job=None, evaluations=(), started=None, trained_seconds=0.0
)


def names(runs: list[RunSnapshot]) -> list[str]:
    return [each.run_id for each in runs]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ["lora-001", "full-002", "waiting-003"]),
        ("LORA-", ["lora-001"]),
        ("state:failed", ["full-002"]),
        ("tag:keep", ["lora-001"]),
        ("tags:keep state:failed", []),
        ("model:qwen dataset:other", ["full-002"]),
        ("too high", ["full-002"]),
        ("nothing:here", []),
        ("run:3", ["waiting-003"]),
    ],
)
def test_words_and_fields_filter(query: str, kept: list[str]) -> None:
    assert names(filtered_runs([A, B, C], query)) == kept


@pytest.mark.parametrize(
    ("column", "reverse", "order"),
    [
        ("run", False, ["full-002", "lora-001", "waiting-003"]),
        ("run", True, ["waiting-003", "lora-001", "full-002"]),
        ("held-out", False, ["lora-001", "full-002", "waiting-003"]),
        ("held-out", True, ["full-002", "lora-001", "waiting-003"]),
        ("loss", True, ["full-002", "lora-001", "waiting-003"]),
        ("right", False, ["lora-001", "full-002", "waiting-003"]),
        ("took", False, ["full-002", "lora-001", "waiting-003"]),
        ("tags", True, ["lora-001", "full-002", "waiting-003"]),
    ],
)
def test_every_column_sorts_and_runs_without_a_value_come_last(column: str, reverse: bool, order: list[str]) -> None:
    by = next(each for each in COLUMNS if each.name == column)
    assert names(sorted_runs([A, B, C], by, reverse=reverse)) == order


@pytest.mark.parametrize("width", [20, 60, 80, 120, 200])
def test_the_most_important_columns_fit(width: int) -> None:
    kept = [each.name for each in fitting(width)]
    assert kept[0] == "run"
    assert sum(each.width + 1 for each in fitting(width)) <= max(width, 19)
    assert ("held-out" in kept) == (width >= 30)
    assert (len(kept) == len(COLUMNS)) == (width >= 160)


async def opened(pilot: Pilot[None], pane: TrainingPane, *runs: RunSnapshot) -> TableLines:
    pane.receive(listed(*runs))
    pane.receive(runs[0])
    pane.focus_first()
    await pilot.press("t")
    await workers_end(pilot)
    return pane.query_one(RunTable).table


def pane_of(workspace: Path) -> TrainingPane:
    return TrainingPane(RecordingEngine(), workspace=workspace, id="training")


async def test_the_table_shows_every_run_in_full_width(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=(160, 30)) as pilot:
        table = await opened(pilot, pane, A, B, C)
        first = table.lines[1]
        text = "".join(part for part, _ in first)
        for words in ("▸", "lora-001", "✓ finished", "240/240", "0.700", "62.0 %", "0.063", "2 m 34 s", "keep"):
            assert words in text
        assert pilot.app.focused is table


async def test_sorting_filtering_and_opening_with_keys(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=(120, 30)) as pilot:
        table = await opened(pilot, pane, A, B, C)
        await pilot.press("right")
        assert [line[2][0].strip() for line in table.lines[1:]] == ["full-002", "lora-001", "waiting-003"]
        assert "run ▴" in table.plain.splitlines()[0]
        await pilot.press("r")
        assert [line[2][0].strip() for line in table.lines[1:]] == ["waiting-003", "lora-001", "full-002"]
        await pilot.press("slash", *"state:fail")
        assert [line[2][0].strip() for line in table.lines[1:]] == ["full-002"]
        title = pane.query_one("#table-title")
        assert "1 of 3" in getattr(title, "plain", "")
        await pilot.press("enter")
        assert pilot.app.focused is table
        await pilot.press("enter")
        await pilot.pause()
        assert pane.monitor.run_list.chosen == "full-002"
        assert pilot.app.focused is pane.monitor.run_list


async def test_marks_made_in_the_table_are_those_of_the_chart(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=(120, 30)) as pilot:
        table = await opened(pilot, pane, A, B, C)
        await pilot.press("space", "space")
        await pilot.pause()
        assert pane.monitor.signs == {"lora-001": "A", "full-002": "B"}
        assert isinstance(pane.engine, RecordingEngine)
        assert ("watch", "full-002") in pane.engine.asked
        assert [line[1][0].strip() for line in table.lines[1:]] == ["A", "B", ""]
        await pilot.press("escape")
        await pilot.pause()
        assert " A lora-001" in pane.monitor.run_list.plain or "▸A lora-001" in pane.monitor.run_list.plain


async def test_deleting_tells_the_size_asks_and_refuses_what_is_at_work(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=(120, 30)) as pilot:
        await opened(pilot, pane, A, run(), C)
        await pilot.press("D")
        await workers_end(pilot)
        confirm = pane.query_one(RunTable).confirm
        assert "Delete lora-001 with its model and checkpoints, 280 MiB?" in confirm.plain
        assert isinstance(pane.engine, RecordingEngine)
        await pilot.press("n")
        assert ("delete", "lora-001") not in pane.engine.asked
        await pilot.press("D")
        await workers_end(pilot)
        await pilot.press("y")
        assert ("delete", "lora-001") in pane.engine.asked
        await pilot.press("j", "D")
        await workers_end(pilot)
        assert ("measure", run().run_id) not in pane.engine.asked


async def test_a_run_that_goes_leaves_the_cursor_on_its_row(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=(120, 30)) as pilot:
        table = await opened(pilot, pane, A, B, C)
        await pilot.press("j")
        pane.receive(listed(A, C))
        assert table.chosen == "waiting-003"


async def test_five_hundred_runs_are_written_only_where_they_are_in_sight(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    many = [replace(A, run_id=f"run-{number:03d}", started=START + number) for number in range(500)]
    async with Host(pane).run_test(size=(120, 30)) as pilot:
        table = await opened(pilot, pane, *many)
        assert len(table.lines) <= 30
        await pilot.press("G")
        assert "run-499" in table.plain


async def test_foreign_text_in_the_table_is_only_text(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    evil = replace(A, run_id="[red]\x1b[2Jx", tags=("\x07[b]",))
    async with Host(pane).run_test(size=(160, 30)) as pilot:
        table = await opened(pilot, pane, evil)
        assert "\x1b" not in table.plain
        assert "[red]" in table.plain
        assert "[b]" in table.plain
