"""The log of a server, read from the compare pane."""

from __future__ import annotations

from pathlib import Path

from engine.reports import ServersChanged
from tests.tui.compare.stage import Stage, server, servers, shown
from tests.waiting import until
from tui.compare.server_log import ServerLogScreen


def logs(folder: Path) -> tuple[Path, Path]:
    """Those of two servers."""
    paths = (folder / "base.txt", folder / "tuned.txt")
    for path in paths:
        path.write_text(f"{path.stem} [red]begins[/red]\n\x1b[31mloading\x1b[0m\n")
    return paths


async def test_a_servers_log_is_read_and_followed(tmp_path: Path) -> None:
    base, tuned = logs(tmp_path)
    async with Stage(tmp_path).run_test(size=(100, 25)) as pilot:
        stage = await shown(pilot)
        await pilot.press("L")
        assert not isinstance(stage.screen, ServerLogScreen), "there is none"
        await shown(pilot, ServersChanged((server("base", log=base), server("tuned", log=tuned))))
        await pilot.press("L")
        await until(pilot, lambda: "tuned [red]begins[/red]" in stage.text())
        assert "log of the tuned server" in stage.text(), "that of the side in focus"
        assert "\x1b[31mloading" not in stage.text()
        with tuned.open("a") as log:
            log.write("ready\n")
        await until(pilot, lambda: "ready" in stage.text())
        await pilot.press("tab")
        await until(pilot, lambda: "base [red]begins[/red]" in stage.text())
        assert "log of the base server" in stage.text()
        await pilot.press("slash", *"nowhere", "enter")
        await until(pilot, lambda: "“nowhere” is not in this log." in stage.text())
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(stage.screen, ServerLogScreen))


async def test_the_server_that_failed_is_read_first(tmp_path: Path) -> None:
    base, tuned = logs(tmp_path)
    async with Stage(tmp_path).run_test(size=(100, 25)) as pilot:
        failed = ServersChanged((server("base", "failed", "Its port is taken.", log=base), server("tuned", log=tuned)))
        stage = await shown(pilot, failed)
        assert "Log: base.txt (L shows it)" in stage.text()
        await pilot.press("L")
        await until(pilot, lambda: "log of the base server" in stage.text())


async def test_a_server_of_both_sides_has_one_log(tmp_path: Path) -> None:
    base, _ = logs(tmp_path)
    async with Stage(tmp_path).run_test(size=(100, 25)) as pilot:
        stage = await shown(pilot, ServersChanged((server("base", log=base), server("tuned", log=base))))
        assert stage.pane.serving.logged == (server("base", log=base),)
        assert servers().servers[0].log is None
