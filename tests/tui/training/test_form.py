"""The form of a new run, by keyboard."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from textual import events
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from engine.training.job import DatasetSection, TrainingJob
from tests.tui.host import Host
from tests.tui.training.recording import RecordingEngine
from tests.tui.training.runs import listed, run
from tests.waiting import workers_end
from tui.messages import RunStarted, TrainingPlanned
from tui.training.form import RunForm
from tui.training.form_lines import GroupLine
from tui.training.pane import TrainingPane
from tui.training.setting_row import SettingRow

NARROW = (80, 21)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with a dataset of 20 rows, and one of 5 rows that is made to be held out."""
    for name, rows in (("pairs", 20), ("pairs_test", 5)):
        lines = [
            {"instruction": f"What is fact {row} of {name}?", "input": "", "output": f"It is {row} MHz."}
            for row in range(rows)
        ]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return tmp_path


def pane_of(workspace: Path) -> TrainingPane:
    return TrainingPane(RecordingEngine(), workspace=workspace, id="training")


def jobs(pane: TrainingPane) -> list[TrainingJob]:
    assert isinstance(pane.engine, RecordingEngine)
    return [job for what, job in pane.engine.asked if what == "start" and isinstance(job, TrainingJob)]


async def settled(pilot: Pilot[None]) -> None:
    """Let the check in its thread come to its end, and what follows from it."""
    await workers_end(pilot)


async def opened(pilot: Pilot[None], pane: TrainingPane, workspace: Path) -> RunForm:
    pane.dataset_opened(workspace / "pairs.jsonl", 20)
    pane.focus_first()
    await pilot.press("n")
    await settled(pilot)
    return pane.form


async def write(pilot: Pilot[None], pane: TrainingPane, path: str, text: str) -> None:
    """Go to a setting and write over it."""
    row = next(row for row in pane.form.query(SettingRow) if row.setting.path == path)
    row.take_focus()
    await pilot.press("ctrl+a", "ctrl+k", *text)
    await settled(pilot)


async def test_without_runs_the_pane_says_what_to_press(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        pane.dataset_opened(workspace / "pairs.jsonl", 20)
        pane.focus_first()
        await pilot.pause()
        text = str(getattr(pane.query_one("#no-runs"), "plain", ""))
        assert "No run yet" in text
        assert "Press n for a new run" in text
        assert "pairs.jsonl (20 rows)" in text


async def test_the_form_is_filled_in_and_tells_the_plan(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        form = await opened(pilot, pane, workspace)
        texts = {row.setting.path: row.text for row in form.query(SettingRow)}
        assert texts["dataset.path"] == "pairs.jsonl"
        assert texts["dataset.held_out"] == "pairs_test.jsonl"
        assert texts["model"] == "smollm2-135m-instruct"
        verdict, costs = form.notice.plain.splitlines()[2:4]
        assert verdict == "✓ 20 rows · 5 held out · 24 steps, 3 an epoch"
        assert re.fullmatch(r"  [\d,]+ tokens an epoch, longest row \d+ · about [\d.]+ GiB of memory", costs)
        assert all(form.region.contains_region(row.region) for row in form.query(SettingRow) if row.display)


async def test_ctrl_s_starts_exactly_this_job(workspace: Path) -> None:
    pane = pane_of(workspace)
    messages: list[Message] = []
    async with Host(pane).run_test(size=NARROW, message_hook=messages.append) as pilot:
        await opened(pilot, pane, workspace)
        await write(pilot, pane, "training.epochs", "3")
        await pilot.press("ctrl+s")
        await settled(pilot)
        [job] = jobs(pane)
        assert job.training.epochs == 3
        assert job.dataset == DatasetSection(path="pairs.jsonl", held_out="pairs_test.jsonl")
        assert {each.run_id for each in messages if isinstance(each, RunStarted)} == {"new-001"}


async def test_the_new_run_is_looked_at_as_soon_as_it_is_there(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        pane.receive(listed(run()))
        await opened(pilot, pane, workspace)
        await pilot.press("ctrl+j")
        await settled(pilot)
        assert pane.views.current == "monitor"
        pane.receive(listed(run(0, run_id="new-001"), run()))
        assert pane.monitor.run_list.chosen == "new-001"


async def test_enter_goes_through_the_settings_and_starts_on_the_last_line(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        form = await opened(pilot, pane, workspace)
        visited = 0
        while form._focused_row() is not None:
            visited += 1
            await pilot.press("enter")
        assert visited == len([row for row in form.query(SettingRow) if row.display])
        assert jobs(pane) == []
        await pilot.press("enter")
        await settled(pilot)
        assert len(jobs(pane)) == 1


async def test_up_and_down_move_between_the_settings(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        form = await opened(pilot, pane, workspace)

        def label() -> str:
            row = form._focused_row()
            return row.setting.label if row else ""

        assert label() == "model"
        await pilot.press("down", "tab")
        assert label() == "rows"
        await pilot.press("up", "shift+tab", "up")
        assert label() == ""
        await pilot.press("up")
        assert label() == "run name"


async def test_down_reaches_the_end_of_a_form_that_scrolls(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        form = await opened(pilot, pane, workspace)
        await pilot.press("ctrl+t")
        await settled(pilot)
        rows = [row.setting.path for row in form.query(SettingRow) if row.display]
        assert len(rows) > NARROW[1], "a form that does not fit"
        passed = []
        for _ in rows:
            row = form._focused_row()
            passed.append(row.setting.path if row is not None else "")
            await pilot.press("down")
        assert passed == rows
        await pilot.press("up")
        row = form._focused_row()
        assert row is not None
        assert row.setting.path == rows[-1]


async def test_the_method_is_chosen_with_the_arrows_and_changes_what_depends_on_it(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        form = await opened(pilot, pane, workspace)
        rows = {row.setting.path: row for row in form.query(SettingRow)}
        rows["method.kind"].take_focus()
        await pilot.press("left")
        assert rows["training.learning_rate"].text == "1e-4"
        assert not rows["method.rank"].display
        await pilot.press("space")
        assert rows["training.learning_rate"].text == "1e-3"
        assert rows["method.rank"].display


async def test_each_setting_is_explained_while_it_has_the_focus(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        form = await opened(pilot, pane, workspace)
        for row in [row for row in form.query(SettingRow) if row.display]:
            row.take_focus()
            await pilot.pause()
            said = " ".join(form.notice.plain.splitlines()[:2])
            assert said.split() == form._draft.explanation(row.setting).split()


async def test_a_mistake_is_said_at_once_and_nothing_is_started(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        form = await opened(pilot, pane, workspace)
        await write(pilot, pane, "training.epochs", "none")
        assert form.notice.plain.splitlines()[2] == "✗ epochs must be a number such as 0.1 or 1e-3."
        refused = [row.setting.label for row in form.query(SettingRow) if row.has_class("-refused")]
        assert refused == ["epochs"]
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert jobs(pane) == []
        await write(pilot, pane, "training.epochs", "2")
        assert form.notice.plain.splitlines()[2].startswith("✓ 20 rows")


async def test_a_dataset_that_is_not_there_is_said(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=(120, 30)) as pilot:
        form = await opened(pilot, pane, workspace)
        await write(pilot, pane, "dataset.path", "no.jsonl")
        last = form.notice.plain.splitlines()[2]
        assert last.startswith("✗ ")
        assert "no.jsonl" in last


async def test_what_the_engine_refuses_is_said_in_the_form(workspace: Path) -> None:
    pane = pane_of(workspace)
    assert isinstance(pane.engine, RecordingEngine)
    pane.engine.refusal = "No Python with torch was found; install the train extra."
    async with Host(pane).run_test(size=(120, 30)) as pilot:
        form = await opened(pilot, pane, workspace)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert pane.views.current == "form"
        assert "No Python with torch was found" in form.notice.plain


async def test_rarer_settings_are_folded_away(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        form = await opened(pilot, pane, workspace)

        def shown() -> set[str]:
            return {row.setting.label for row in form.query(SettingRow) if row.display}

        assert "seed" not in shown()
        await pilot.press("ctrl+t")
        await settled(pilot)
        assert {"seed", "schedule", "keep"} <= shown()
        await write(pilot, pane, "training.seed", "7")
        await pilot.press("ctrl+t")
        assert "seed" not in shown()
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert jobs(pane)[0].training.seed == 7


async def test_escape_goes_back_and_what_was_written_stays(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        form = await opened(pilot, pane, workspace)
        await write(pilot, pane, "name", "mine")
        await pilot.press("escape")
        assert pane.views.current == "no-runs"
        await pilot.press("n")
        await settled(pilot)
        assert {row.setting.path: row.text for row in form.query(SettingRow)}["name"] == "mine"


async def test_another_dataset_is_taken_over_unless_the_person_named_one(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        form = await opened(pilot, pane, workspace)
        await pilot.press("escape")
        pane.dataset_opened(workspace / "pairs_test.jsonl", 5)
        await pilot.press("n")
        await settled(pilot)
        texts = {row.setting.path: row.text for row in form.query(SettingRow)}
        assert (texts["dataset.path"], texts["dataset.held_out"]) == ("pairs_test.jsonl", "none")


async def test_a_job_can_be_handed_in(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        pane.new_run(TrainingJob(name="given", dataset=DatasetSection(path="pairs.jsonl", max_rows=4)))
        await settled(pilot)
        texts = {row.setting.path: row.text for row in pane.form.query(SettingRow)}
        assert (texts["name"], texts["dataset.max_rows"]) == ("given", "4")


async def test_typing_does_not_blink(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        form = await opened(pilot, pane, workspace)
        assert not any(each.cursor_blink for each in form.query(Input))


async def test_nothing_is_lost_when_keys_come_faster_than_they_are_taken(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        form = await opened(pilot, pane, workspace)
        rows = {row.setting.path: row for row in form.query(SettingRow)}
        for path, keys in (
            ("method.rank", ("ctrl+k", "1", "2", "8")),
            ("training.epochs", ("ctrl+k", "2", "5")),
            ("method.kind", ("left", "right", "left")),
        ):
            rows[path].take_focus()
            await pilot.pause()
            for key in keys:
                pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await settled(pilot)
        assert rows["method.rank"].text == "128"
        assert rows["training.epochs"].text == "25"
        assert rows["training.learning_rate"].text == "1e-4"
        await pilot.press("ctrl+s")
        await settled(pilot)
        [job] = jobs(pane)
        assert (job.method.rank, job.method.alpha, job.method.kind) == (128, 256, "full")
        assert (job.training.epochs, job.training.learning_rate) == (25, 1e-4)


async def test_a_second_ctrl_s_starts_no_second_run(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        await opened(pilot, pane, workspace)
        for _ in range(3):
            pilot.app.post_message(events.Key("ctrl+s", None))
        await settled(pilot)
        assert len(jobs(pane)) == 1
        await pilot.press("n")
        await settled(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert len(jobs(pane)) == 2


async def test_a_dataset_that_was_mended_meanwhile_is_read_again(workspace: Path) -> None:
    pane = pane_of(workspace)
    whole = (workspace / "pairs.jsonl").read_text()
    (workspace / "pairs.jsonl").write_text("not a row\n")
    async with Host(pane).run_test(size=(120, 30)) as pilot:
        form = await opened(pilot, pane, workspace)
        assert form.notice.plain.splitlines()[2].startswith("✗ ")
        (workspace / "pairs.jsonl").write_text(whole)
        pane.dataset_opened(workspace / "pairs.jsonl", 20)
        await settled(pilot)
        assert form.notice.plain.splitlines()[2].startswith("✓ 20 rows")


async def test_the_model_and_the_length_are_told_once_they_can_be_used(workspace: Path) -> None:
    pane = pane_of(workspace)
    messages: list[Message] = []
    async with Host(pane).run_test(size=(120, 40), message_hook=messages.append) as pilot:
        await opened(pilot, pane, workspace)
        await write(pilot, pane, "training.max_length", "128")
        await write(pilot, pane, "model", "./none")
        await write(pilot, pane, "training.max_length", "99")
    told = list({id(each): each for each in messages if isinstance(each, TrainingPlanned)}.values())
    assert (told[0].model, told[0].max_length) == (TrainingJob().model, TrainingJob().training.max_length)
    assert (told[-1].model, told[-1].max_length) == (TrainingJob().model, 128)
    assert "./none" not in {each.model for each in told}


async def test_a_run_can_wait_for_those_at_work(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        pane.receive(listed(run(), run(run_id="other-001")))
        form = await opened(pilot, pane, workspace)
        assert form.notice.plain.splitlines()[4] == "▶ smollm2-lora-002 and 1 more at work: ^n starts this one after it"
        await pilot.press("ctrl+n")
        await settled(pilot)
        assert isinstance(pane.engine, RecordingEngine)
        assert [what for what, _ in pane.engine.asked if what in ("start", "queue")] == ["queue"]


async def test_the_rarer_settings_stand_under_headings_of_their_own(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=(120, 80)) as pilot:
        form = await opened(pilot, pane, workspace)
        await pilot.press("ctrl+t")
        await pilot.pause()

        def headings() -> list[str]:
            return [line.group for line in form.query(GroupLine) if line.display]

        everything = ["rows", "method", "training", "measuring", "checkpoints and limits", "processes and machines"]
        assert headings() == everything
        # Full fine-tuning has no settings of its own.
        next(row for row in form.query(SettingRow) if row.setting.path == "method.kind").take_focus()
        await pilot.press("left")
        await pilot.pause()
        assert headings() == [name for name in everything if name != "method"]


async def test_the_job_file_is_a_key_away(workspace: Path) -> None:
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=NARROW) as pilot:
        form = await opened(pilot, pane, workspace)
        await write(pilot, pane, "training.epochs", "3")
        await pilot.press("ctrl+g")
        await settled(pilot)
        assert pane.views.current == "job-file"
        assert "burnish train smollm2-lora.toml" in pane.job_file.plain
        await pilot.press("escape")
        await settled(pilot)
        assert pane.views.current == "form"
        assert form.has_focus_within
        await write(pilot, pane, "training.epochs", "many")
        await pilot.press("ctrl+g")
        await settled(pilot)
        # What cannot be a file yet is mended first.
        assert pane.views.current == "form"


async def test_a_check_that_breaks_is_said_in_the_form(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("strange bytes")

    monkeypatch.setattr("engine.training.check.load_rows", broken)
    pane = pane_of(workspace)
    async with Host(pane).run_test(size=(200, 40)) as pilot:
        form = await opened(pilot, pane, workspace)
        sentence = form.notice.plain.splitlines()[2]
        assert sentence.startswith("✗ This job cannot be checked (RuntimeError); what happened is in /")
        log = Path(sentence.removesuffix(".").rpartition(" ")[2])
        assert "strange bytes" in log.read_text()
