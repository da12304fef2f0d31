"""Jobs side by side: only what differs, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.jobs.events import RunState
from engine.reports import RunSnapshot
from engine.training.job import DatasetSection, TrainingJob
from tests.tui.host import Host
from tests.tui.training.recording import RecordingEngine
from tests.tui.training.runs import listed, run
from tui.training.difference_view import DifferenceView, result_rows, setting_rows
from tui.training.pane import TrainingPane
from tui.widgets.lines import width_of


def with_rate(run_id: str, rate: float, done: int = 118) -> RunSnapshot:
    job = TrainingJob(dataset=DatasetSection(path="pairs.jsonl"))
    job = replace(job, training=replace(job.training, learning_rate=rate))
    return replace(run(done, state=RunState.STOPPED, run_id=run_id), job=job)


def test_only_what_differs_is_told() -> None:
    one, other = with_rate("one", 1e-3), with_rate("other", 5e-4)
    assert setting_rows([one, other]) == [("training.learning_rate", ("0.001", "0.0005"))]
    assert setting_rows([one, replace(one, run_id="same")]) == []
    rows = dict(result_rows([one, with_rate("other", 5e-4, 240)]))
    assert rows["loss"] == ("0.221", "0.063")
    assert rows["best held-out"][0] == "0.653 at step 90"


async def test_d_sets_the_chosen_run_beside_the_next_or_the_marked(tmp_path: Path) -> None:
    pane = TrainingPane(RecordingEngine(), workspace=tmp_path, id="training")
    runs = [with_rate("one", 1e-3), with_rate("two", 5e-4), with_rate("three", 2e-4)]
    async with Host(pane).run_test(size=(100, 30)) as pilot:
        pane.receive(listed(*runs))
        pane.focus_first()
        await pilot.press("d")
        await pilot.pause()
        view = pane.query_one(DifferenceView)
        assert view.plain.splitlines()[0].split() == ["one", "two"]
        assert ["training.learning_rate", "0.001", "0.0005"] in [line.split() for line in view.plain.splitlines()]
        await pilot.press("escape")
        await pilot.press("G", "space", "g", "d")
        await pilot.pause()
        assert view.plain.splitlines()[0].split() == ["one", "three"]
        assert pilot.app.focused is view


async def test_the_only_run_has_nothing_to_compare_with(tmp_path: Path) -> None:
    pane = TrainingPane(RecordingEngine(), workspace=tmp_path, id="training")
    async with Host(pane).run_test(size=(100, 30)) as pilot:
        pane.receive(listed(with_rate("one", 1e-3)))
        pane.focus_first()
        await pilot.press("d")
        await pilot.pause()
        assert not pane.query(DifferenceView)


@pytest.mark.parametrize("width", [24, 40, 80, 200])
@pytest.mark.parametrize("number", [2, 3, 9])
async def test_as_many_runs_as_fit_are_shown(width: int, number: int) -> None:
    view = DifferenceView()
    runs = [
        replace(
            with_rate(f"run-{index}", 1e-3 / (index + 1)),
            job=None if index == 8 else with_rate("x", 0.1 / (index + 1)).job,
        )
        for index in range(number)
    ]
    async with Host(view).run_test(size=(width, 24)):
        view.show_runs(runs)
        assert "run-0" in view.plain
        assert all(width_of(line) <= width for line in view.lines)


def test_a_run_without_a_job_differs_in_everything() -> None:
    one = with_rate("one", 1e-3)
    paths = [name for name, _ in setting_rows([one, replace(one, job=None)])]
    assert "model" in paths
