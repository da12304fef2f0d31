"""The job file that the form makes: shown, written, and left again."""

from __future__ import annotations

from pathlib import Path

from textual.message import Message
from textual.pilot import Pilot

from engine.training.job import DatasetSection, TrainingJob, read_job
from tests.tui.host import Host
from tui.messages import Flashed
from tui.training.job_file_view import JobFileClosed, JobFileView

JOB = TrainingJob(name="first try", dataset=DatasetSection(path="odd [red]name[/].jsonl"))


async def shown(pilot: Pilot[None], view: JobFileView) -> list[str]:
    view.open(JOB)
    view.focus()
    await pilot.pause()
    return view.plain.splitlines()


async def test_the_file_and_the_command_are_shown(tmp_path: Path) -> None:
    view = JobFileView(tmp_path)
    async with Host(view).run_test(size=(80, 80)) as pilot:
        lines = await shown(pilot, view)
        assert lines[0] == "the same run without the screen  burnish train first-try.toml"
        assert 'path = "odd [red]name[/].jsonl"' in lines
        assert "[training]" in lines


async def test_a_small_screen_scrolls(tmp_path: Path) -> None:
    view = JobFileView(tmp_path)
    async with Host(view).run_test(size=(40, 12)) as pilot:
        first = await shown(pilot, view)
        assert first[3].startswith("model = ")
        await pilot.press("G")
        assert view.plain.splitlines()[-1].startswith("address = ")
        await pilot.press("g")
        assert view.plain.splitlines() == first


async def test_the_file_is_written_into_the_workspace(tmp_path: Path) -> None:
    view = JobFileView(tmp_path)
    messages: list[Message] = []
    async with Host(view).run_test(message_hook=messages.append) as pilot:
        await shown(pilot, view)
        await pilot.press("w")
        await pilot.pause()
        said = {each.text for each in messages if isinstance(each, Flashed)}
        assert said == {"Written to first-try.toml; start it with: burnish train first-try.toml"}
        assert read_job(tmp_path / "first-try.toml") == JOB
        await pilot.press("escape")
        await pilot.pause()
        assert any(isinstance(each, JobFileClosed) for each in messages)
