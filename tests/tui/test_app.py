"""The whole workbench on a real engine, driven by keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Footer, Input

from engine.demo.files import copy_demo
from engine.jobs.events import EventWriter, RunState, StateChanged
from engine.reports import Failed, RunsListed
from engine.training.history import RunHistory
from tests.engine.training.test_history import RunFiles, step
from tests.tiny import CHATML, write_tokenizer
from tests.tui.compare.stage import BASE, QUESTION, REFERENCE, answers
from tests.waiting import until
from tui.app import BurnishApp
from tui.compare.pane import ComparePane
from tui.dataset.pane import DatasetPane
from tui.filling import FillingApp
from tui.guide import STEPS, Guide
from tui.help import HelpScreen
from tui.messages import EngineWoke, TrainingPlanned
from tui.pane import Pane
from tui.training.pane import TrainingPane
from tui.widgets.flash import Flash
from tui.widgets.strip import TrainingStrip


def shown(app: BurnishApp) -> set[str | None]:
    """The ids of the panes that a person can see."""
    return {pane.id for pane in app.query(Pane) if pane.display and pane.size.area}


async def opened(pilot: Pilot[int]) -> None:
    """Wait until the panes stand and the dataset is open."""
    app = pilot.app
    await until(pilot, lambda: len(app.query(Pane)) == 3, "three panes")
    assert isinstance(app, BurnishApp)
    await until(pilot, lambda: app.focused is not None, "a focus")
    await pilot.pause()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    copy_demo(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("size", "together"), [((80, 24), False), ((120, 40), False), ((200, 50), True)])
async def test_a_small_terminal_shows_one_pane_and_a_large_one_all(
    workspace: Path, size: tuple[int, int], together: bool
) -> None:
    app = BurnishApp(workspace)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        every = {"dataset", "training", "compare"}
        for key, pane in (("2", "training"), ("3", "compare"), ("1", "dataset")):
            # The prompt line of the compare pane types numbers; escape leaves it.
            await pilot.press("escape", key)
            await pilot.pause()
            assert shown(app) == (every if together else {pane})
            assert app.focused is not None
            assert any(each.id == pane for each in app.focused.ancestors_with_self)
        if together:
            await pilot.press("f3")
            await pilot.pause()
            assert shown(app) == {"dataset"}


async def test_resizing_keeps_the_pane_that_is_worked_in(workspace: Path) -> None:
    app = BurnishApp(workspace)
    async with app.run_test(size=(200, 50)) as pilot:
        await opened(pilot)
        await pilot.press("2")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: shown(app) == {"training"}, "the training pane alone")


async def test_an_empty_folder_is_never_a_blank_screen(tmp_path: Path) -> None:
    app = BurnishApp(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(app.screen_stack) == 2, "the welcome")
        await pilot.press("enter")
        await until(pilot, lambda: len(app.screen_stack) == 1, "the workbench")
        assert (tmp_path / "raspberry_pi.jsonl").is_file()
        assert app.query_one(Guide).has_class("-shown")


async def test_a_run_that_somebody_else_started_shows_on_every_pane(workspace: Path) -> None:
    files = RunFiles(workspace)
    files.belongs_to_a_living_process()
    files.events.write(StateChanged(RunState.RUNNING))
    files.events.write(step(3))
    app = BurnishApp(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        strip = app.query_one(TrainingStrip)
        await until(pilot, lambda: strip.active, "the strip")
        for key in "123":
            await pilot.press("escape", key)
            assert strip.display
        files.events.write(StateChanged(RunState.FINISHED))
        await until(pilot, lambda: not strip.active, "the end of the run on the strip")


async def test_quitting_with_a_run_going_is_asked_once(workspace: Path) -> None:
    files = RunFiles(workspace)
    files.belongs_to_a_living_process()
    files.events.write(StateChanged(RunState.RUNNING))
    app = BurnishApp(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: app.query_one(TrainingStrip).active, "the strip")
        await pilot.press("q")
        assert app.is_running
        assert app.query_one(Flash).has_class("-shown")
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running, "the end")


async def test_a_failure_of_the_engine_is_one_line_until_the_next_key(workspace: Path) -> None:
    app = BurnishApp(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        app.engine._mailbox.put(Failed("No", "The tuned server is not running; press v to start both."))
        app.post_message(EngineWoke())
        await until(pilot, lambda: app.query_one(Flash).has_class("-shown"), "the flash")


async def test_hints_follow_what_the_person_does(workspace: Path) -> None:
    app = BurnishApp(workspace, guided=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        guide = app.query_one(Guide)
        assert guide.step == 0
        await pilot.press("f2")
        assert not guide.has_class("-shown")
        await pilot.press("f2")
        assert guide.has_class("-shown")
        assert len(STEPS) == 5


async def test_the_footer_stays_within_a_small_terminal(workspace: Path) -> None:
    app = BurnishApp(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        for key in "123":
            await pilot.press("escape", key)
            await pilot.pause()
            footer = app.query_one(Footer)
            assert footer.virtual_size.width <= 80, key


async def test_a_full_log_never_reaches_the_screen_as_markup(workspace: Path) -> None:
    files = RunFiles(workspace)
    (files.folder / "log.txt").write_text("[bold red]not bold[/] \x1b[31mred\n")
    files.belongs_to_a_living_process()
    EventWriter(files.folder / "events.jsonl").write(StateChanged(RunState.RUNNING))
    app = BurnishApp(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("2")
        await until(pilot, lambda: "[bold red]not bold[/] red" in screen_text(app), "the log, literally")


def screen_text(app: BurnishApp) -> str:
    """What stands on the screen."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def test_the_keys_of_a_run_work_though_it_was_found_on_the_way_to_its_pane(workspace: Path) -> None:
    app = BurnishApp(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        files = RunFiles(workspace)
        files.belongs_to_a_living_process()
        files.events.write(StateChanged(RunState.RUNNING))
        files.events.write(step(3))
        history = RunHistory(files.folder)
        history.refresh()
        # Both in one turn of the loop: the focus is still on its way when the list of runs arrives.
        app.action_pane("training")
        app.query_one(TrainingPane).receive(RunsListed((history.snapshot(),)))
        await until(pilot, lambda: "s Stop" in screen_text(app), "the monitor's keys")


async def test_tokens_are_counted_with_the_model_that_is_to_be_trained(workspace: Path) -> None:
    write_tokenizer(workspace / "tiny", CHATML)
    app = BurnishApp(workspace, model="tiny")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        tokens = app._dataset.desk.tokens
        await until(pilot, lambda: tokens.ready, "a tokenizer")
        assert tokens.name == "tiny"
        app.post_message(TrainingPlanned("tiny", 33))
        await until(pilot, lambda: tokens.max_tokens == 33, "the length of the form")


async def test_the_footer_names_the_key_of_the_help_that_works_while_one_types(workspace: Path) -> None:
    app = BurnishApp(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert "? Help" in screen_text(app).splitlines()[-1]
        await pilot.press("3", "i")
        await until(pilot, lambda: "f1 Help" in screen_text(app).splitlines()[-1], "the other key")
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen), "the help")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: "? Help" in screen_text(app).splitlines()[-1], "the key of the pane")


async def test_ctrl_c_asks_once_before_it_quits(workspace: Path) -> None:
    app = BurnishApp(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert app.is_running
        assert "Press ctrl+c again to quit" in screen_text(app)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not app.is_running, "the end")


async def test_a_corrected_answer_becomes_a_row_of_the_open_dataset_and_a_vote_a_file_to_open(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text('{"instruction": "a?", "output": "b"}\n')
    app = BurnishApp(tmp_path, dataset=file)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        dataset, compare = app.query_one(DatasetPane), app.query_one(ComparePane)
        await until(pilot, lambda: dataset.path is not None and dataset.row_for("a?"), "the rows")
        compare.receive(answers(row=None))
        await pilot.press("3", "c")
        await until(pilot, lambda: "mine.jsonl" in screen_text(app) and "put right" in screen_text(app), "the form")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: len(file.read_text().splitlines()) == 2, "the row")
        assert json.loads(file.read_text().splitlines()[1]) == {"instruction": QUESTION, "output": REFERENCE}
        await until(pilot, lambda: dataset.unsaved == 0 and not compare.panel_open, "the saved file")
        await pilot.press("v", "b")
        pairs = tmp_path / "preferences.jsonl"
        await until(pilot, pairs.exists, "the pairs")
        await until(pilot, lambda: "votes" in screen_text(app), "the votes")
        dataset.open_file(pairs)
        await pilot.press("1")
        await until(pilot, lambda: "preference" in screen_text(app), "the pairs in the dataset pane")
        await pilot.press("3", "v", "a")
        await until(pilot, lambda: BASE in str(dataset.row_for(QUESTION)), "the other pair in the dataset pane")


async def test_who_types_before_all_panes_stand_goes_on_typing(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = FillingApp._start_filling_rest
    monkeypatch.setattr(FillingApp, "_start_filling_rest", lambda app: None)
    app = BurnishApp(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.focused is not None, "a focus")
        await pilot.press("slash")
        await until(pilot, lambda: isinstance(app.focused, Input), "the line of the filter")
        fill(app)
        await until(pilot, lambda: len(app.query(Pane)) == 3 and app.query(Guide), "three panes")
        await until(pilot, lambda: app.query(TrainingStrip), "the lines")
        await pilot.pause()
        assert isinstance(app.focused, Input)
