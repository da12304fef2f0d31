"""Keys are data: each has an id, words and a tooltip, and the footer never holds more than it can show."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.binding import Binding
from textual.widget import Widget

from engine.jobs.events import RunState
from tests.tui.host import Host
from tests.tui.training.recording import RecordingEngine
from tests.tui.training.runs import listed, run
from tests.waiting import workers_end
from tui.help import help_groups
from tui.training.confirm import Confirm
from tui.training.difference_view import DifferenceView
from tui.training.form import RunForm
from tui.training.form_lines import StartLine
from tui.training.log_view import LogLines, LogSearch
from tui.training.monitor import Monitor
from tui.training.notes_editor import NotesEditor
from tui.training.pane import TrainingPane
from tui.training.run_list import RunList
from tui.training.run_table import TableLines
from tui.training.samples import SampleAnswers
from tui.training.table_view import TableFilter
from tui.widgets.chart import Chart
from tui.widgets.word_choice import WordChoice

WIDGETS: tuple[type[Widget], ...] = (
    TrainingPane,
    Monitor,
    RunForm,
    StartLine,
    LogLines,
    LogSearch,
    RunList,
    Confirm,
    WordChoice,
    Chart,
    TableLines,
    TableFilter,
    DifferenceView,
    NotesEditor,
    SampleAnswers,
)


def test_every_binding_has_an_id_words_and_a_tooltip() -> None:
    bindings = [binding for widget in WIDGETS for binding in widget.BINDINGS]
    assert all(isinstance(each, Binding) and each.id and each.description and each.tooltip for each in bindings)
    ids = [each.id for each in bindings if isinstance(each, Binding)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.FINISHED, RunState.FAILED])
@pytest.mark.parametrize("key", ["", "enter", "s", "f", "n", "t", "e"])
async def test_the_footer_holds_at_most_seven_keys(state: RunState, key: str, tmp_path: Path) -> None:
    pane = TrainingPane(RecordingEngine(), workspace=tmp_path, id="training")
    async with Host(pane).run_test(size=(80, 24)) as pilot:
        pane.receive(listed(run(state=state)))
        pane.receive(run(state=state))
        pane.focus_first()
        if key:
            await pilot.press(key)
        await workers_end(pilot)
        # The footer shows an action once, however many keys it has.
        shown = {
            active.binding.action
            for active in pilot.app.screen.active_bindings.values()
            if active.enabled and active.binding.show and active.node is not pilot.app
        }
        assert 1 <= len(shown) <= 7


async def test_the_help_tells_the_keys_by_place_and_what_the_figures_mean(tmp_path: Path) -> None:
    pane = TrainingPane(RecordingEngine(), workspace=tmp_path, id="training")
    async with Host(pane).run_test(size=(120, 36)) as pilot:
        groups = {group.title: group.rows for group in help_groups(pilot.app)}
        for title in ("Train", "Train: Curve", "Train: Table of runs", "Train: Log", "Train: Notes and tags"):
            assert groups[title]
        figures = {row.what: row.explanation for row in groups["Train: figures"]}
        assert "2048" in figures["samples"]
        keys = {row.what: row.keys.split() for row in groups["Train"]}
        assert keys["Log scale"] == ["y", "l"]
