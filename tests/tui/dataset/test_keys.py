"""Keys are data: every one can be rebound, is explained, and few are shown at once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.widget import Widget

from tests.tui.dataset.stage import chips, press, staged
from tui.dataset.browser import RowBrowser
from tui.dataset.desk import RowDesk
from tui.dataset.editor import RowEditor
from tui.dataset.model_view import ModelView
from tui.dataset.pane import DatasetPane
from tui.dataset.picker import FilePicker
from tui.dataset.prompt_line import PromptLine
from tui.dataset.row_fields import RowFields
from tui.dataset.table import RowTable

WIDGETS: list[type[Widget]] = [
    DatasetPane,
    RowDesk,
    RowBrowser,
    RowTable,
    RowEditor,
    RowFields,
    ModelView,
    PromptLine,
    FilePicker,
]
TABLE = [DatasetPane, RowDesk, RowBrowser, RowTable]


def bindings(widget: type[Widget]) -> list[Binding]:
    """What a widget declares."""
    declared = [each for each in widget.BINDINGS if isinstance(each, Binding)]
    assert len(declared) == len(widget.BINDINGS)
    return declared


@pytest.mark.parametrize("widget", WIDGETS)
def test_every_binding_has_an_id_a_word_and_an_explanation(widget: type[Widget]):
    for binding in bindings(widget):
        assert binding.id is not None
        assert binding.id.startswith("dataset.")
        assert binding.description
        assert binding.tooltip


def test_ids_are_unique():
    ids = Counter(binding.id for widget in WIDGETS for binding in bindings(widget))
    assert ids.most_common(1)[0][1] == 1


def test_no_key_of_the_table_means_two_things():
    keys = Counter(key for widget in TABLE for binding in bindings(widget) for key in binding.key.split(","))
    assert keys.most_common(1)[0][1] == 1


def test_no_key_that_terminals_swallow_is_the_only_way():
    for widget in WIDGETS:
        for binding in bindings(widget):
            keys = set(binding.key.split(","))
            assert not keys <= {"ctrl+h", "ctrl+i", "ctrl+m", "ctrl+b", "ctrl+a", "ctrl+enter", "shift+enter"}


async def test_at_most_eight_keys_are_shown(tmp_path: Path):
    async with staged(chips(tmp_path)) as (stage, pilot):
        await press(pilot, "e", "x", "ctrl+s")
        shown = [each for each in stage.screen.active_bindings.values() if each.binding.show and each.enabled]
        assert len({each.binding.action for each in shown if each.node is not stage}) == 8
