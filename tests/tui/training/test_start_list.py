"""What a new run can start from: presets, job files of the workspace, and earlier runs."""

from __future__ import annotations

from pathlib import Path

from textual.message import Message

from engine.training.job import DatasetSection, TrainingJob
from engine.training.job_files import write_job
from engine.training.presets import preset_names
from engine.training.runs import create_run
from tests.tui.host import Host
from tests.tui.training.recording import RecordingEngine
from tests.waiting import workers_end
from tui.training.pane import TrainingPane
from tui.training.start_list import StartChosen, StartList

JOB = TrainingJob(name="mine", template="alpaca", dataset=DatasetSection(path="odd [red]name[/].jsonl"))


async def test_presets_job_files_and_runs_stand_under_headings(tmp_path: Path) -> None:
    write_job(tmp_path, JOB)
    create_run(tmp_path, JOB)
    starts = StartList(tmp_path)
    messages: list[Message] = []
    async with Host(starts).run_test(size=(100, 30), message_hook=messages.append) as pilot:
        starts.look()
        starts.focus()
        await workers_end(pilot)
        lines = starts.plain.splitlines()
        assert [line for line in lines if line in ("presets", "job files", "runs")] == ["presets", "job files", "runs"]
        assert lines[1].startswith("▸ demo")
        assert len(preset_names()) == 5
        assert lines[8].split()[0] == "mine.toml"
        assert lines[8].endswith("smollm2-135m-instruct · lora · odd [red]name[/].jsonl")
        assert lines[11].split()[0] == "mine-001"
        await pilot.press("G", "k", "enter")
        await pilot.pause()
        chosen = {each.start for each in messages if isinstance(each, StartChosen)}
        assert [(start.kind, start.name, start.job) for start in chosen if start] == [("job file", "mine.toml", JOB)]


async def test_a_small_screen_keeps_the_chosen_one_in_sight(tmp_path: Path) -> None:
    starts = StartList(tmp_path)
    async with Host(starts).run_test(size=(40, 3)) as pilot:
        starts.look()
        starts.focus()
        await workers_end(pilot)
        await pilot.press("G")
        assert starts.plain.splitlines()[-1].startswith(f"▸ {preset_names()[-1][:10]}")
        await pilot.press("g")
        assert starts.plain.splitlines()[0] == "presets"


async def test_a_preset_fills_the_form_and_leaves_the_dataset(tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text('{"instruction": "a?", "input": "", "output": "b"}\n')
    pane = TrainingPane(RecordingEngine(), workspace=tmp_path, id="training")
    async with Host(pane).run_test(size=(100, 40)) as pilot:

        async def press(*keys: str) -> None:
            for key in keys:
                await pilot.press(key)
                await workers_end(pilot)

        pane.dataset_opened(tmp_path / "own.jsonl", 1)
        pane.focus_first()
        await press("n", "ctrl+o")
        assert pane.views.current == "starts"
        await press(*["j"] * preset_names().index("llama-3.1-8b-lora"), "enter")
        assert pane.views.current == "form"
        texts = pane.form._draft.texts
        assert (texts["model"], texts["method.rank"]) == ("meta-llama/Llama-3.1-8B-Instruct", "8")
        assert texts["dataset.path"] == "own.jsonl"
        # Leaving the list again changes nothing.
        await press("ctrl+o", "escape")
        assert pane.views.current == "form"
        assert pane.form._draft.texts == texts
