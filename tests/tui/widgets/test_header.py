"""Line 1 of the screen."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from engine.reports import HardwareSampled, ServersChanged, ServerStatus
from tui.widgets.header import HeaderLine

GIB = 1 << 30


class Stage(App[None]):
    """The header alone."""

    def __init__(self, workspace: str) -> None:
        super().__init__()
        self._workspace = workspace

    def compose(self) -> ComposeResult:
        """One line."""
        yield HeaderLine(self._workspace)


async def drawn(width: int, workspace: str = "pi-facts") -> str:
    """The line at a width, with everything known."""
    async with Stage(workspace).run_test(size=(width, 5)) as pilot:
        header = pilot.app.query_one(HeaderLine)
        header.show_pane("training")
        header.receive(HardwareSampled(int(6.1 * GIB), 24 * GIB, 0.43))
        states = ServersChanged(
            tuple(
                ServerStatus(name, state, "", "model", "vllm", 8000, None)
                for name, state in (("base", "ready"), ("tuned", "starting"))
            )
        )
        header.receive(states)
        await pilot.pause()
        line = header.render_line(0)
        assert header.size.height == 1
        assert line.cell_length == width - 2
        return line.text


async def test_everything_is_told_where_there_is_room() -> None:
    line = await drawn(120)
    for words in ("burnish", "pi-facts", "1 Dataset  2 Train  3 Compare", "cpu 43 %", "6.1/24 GiB", "base ●  tuned ◌"):
        assert words in line
    assert "█▊·····" in line


async def test_80_columns_hold_the_place_the_memory_and_the_servers() -> None:
    line = await drawn(80)
    for words in ("pi-facts", "1 Dataset  2 Train  3 Compare", "mem 6.1/24 GiB", "base ●  tuned ◌"):
        assert words in line


@pytest.mark.parametrize("width", [34, 40, 50, 60, 70, 80, 90, 100, 110, 200])
@pytest.mark.parametrize("workspace", ["a", "a-folder-with-quite-a-long-name-indeed", "実験\x1b[2J"])
async def test_the_pane_and_the_servers_stay_at_every_width(width: int, workspace: str) -> None:
    line = await drawn(width, workspace)
    assert "2 Train" in line
    assert line.rstrip().endswith("base ●  tuned ◌")
    assert cell_len(line) == width - 2
    assert "\x1b" not in line


async def test_servers_are_absent_until_they_are_reported() -> None:
    async with Stage("here").run_test(size=(80, 5)) as pilot:
        header = pilot.app.query_one(HeaderLine)
        assert header.render_line(0).text.rstrip().endswith("base ○  tuned ○")
        assert "mem" not in header.render_line(0).text


async def test_nothing_is_repainted_while_the_values_shown_stay_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Stage("pi-facts").run_test(size=(120, 5)) as pilot:
        header = pilot.app.query_one(HeaderLine)
        header.receive(HardwareSampled(int(6.1 * GIB), 24 * GIB, 0.43))
        await pilot.pause()
        repainted: list[int] = []
        monkeypatch.setattr(header, "refresh", lambda *_, **__: repainted.append(1))
        header.receive(HardwareSampled(int(6.1 * GIB) + 1000, 24 * GIB, 0.4301))
        assert repainted == []
        header.receive(HardwareSampled(int(7.1 * GIB), 24 * GIB, 0.43))
        assert repainted == [1]
