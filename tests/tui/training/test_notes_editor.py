"""Writing about a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from engine.reports import RunSnapshot
from engine.training.notes import RunNotes, read_notes, write_notes
from tests.tui.host import Host
from tests.tui.training.recording import RecordingEngine
from tests.tui.training.runs import listed, run
from tests.waiting import workers_end
from tui.training.notes_editor import NotesEditor
from tui.training.pane import TrainingPane


async def opened(pilot: Pilot[None], pane: TrainingPane, snapshot: RunSnapshot) -> NotesEditor:
    snapshot.folder.mkdir(parents=True, exist_ok=True)
    pane.receive(listed(snapshot))
    pane.focus_first()
    await pilot.press("e")
    await pilot.pause()
    return pane.query_one(NotesEditor)


async def saved(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+s")
    await workers_end(pilot)


async def test_tags_and_a_note_are_written_with_keys_alone(tmp_path: Path) -> None:
    pane = TrainingPane(RecordingEngine(), workspace=tmp_path, id="training")
    snapshot = replace(run(), folder=tmp_path / "runs" / "smollm2-lora-002")
    async with Host(pane).run_test(size=(100, 30)) as pilot:
        await opened(pilot, pane, snapshot)
        await pilot.press(*"keep v2", "tab", *"q n", "enter", *"2")
        await saved(pilot)
        assert read_notes(snapshot.folder) == RunNotes("q n\n2", ("keep", "v2"))
        assert pilot.app.focused is pane.monitor.run_list


async def test_what_another_screen_wrote_is_not_lost_without_a_word(tmp_path: Path) -> None:
    pane = TrainingPane(RecordingEngine(), workspace=tmp_path, id="training")
    snapshot = replace(run(), folder=tmp_path / "runs" / "smollm2-lora-002")
    async with Host(pane).run_test(size=(100, 30)) as pilot:
        editor = await opened(pilot, pane, snapshot)
        write_notes(snapshot.folder, RunNotes("theirs"), before=RunNotes())
        await pilot.press(*"mine")
        await saved(pilot)
        assert read_notes(snapshot.folder).text == "theirs"
        assert editor.written.tags == ("mine",)
        await saved(pilot)
        assert read_notes(snapshot.folder).tags == ("mine",)


async def test_leaving_asks_once_about_what_is_not_saved(tmp_path: Path) -> None:
    pane = TrainingPane(RecordingEngine(), workspace=tmp_path, id="training")
    snapshot = replace(run(), folder=tmp_path / "runs" / "smollm2-lora-002", note="as it was")
    async with Host(pane).run_test(size=(100, 30)) as pilot:
        editor = await opened(pilot, pane, snapshot)
        await pilot.press(*"x", "escape")
        await pilot.pause()
        assert editor.display
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.focused is pane.monitor.run_list
        assert read_notes(snapshot.folder) == RunNotes()
