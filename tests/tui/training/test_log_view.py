"""A log read in full."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.tui.host import Host
from tui.training.log_view import LogView, read_log


def test_lines_are_free_of_escapes_and_of_passed_states_of_progress_bars(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_bytes(b"\x1b[1mbold\x1b[0m\n10%\r50%\r100%\n\nlast \xff")
    assert read_log(log) == ("bold", "100%", "", "last \ufffd")


def test_no_log_has_no_lines(tmp_path: Path) -> None:
    assert read_log(tmp_path / "none.txt") == ()
    (tmp_path / "empty.txt").touch()
    assert read_log(tmp_path / "empty.txt") == ()


def test_of_a_long_log_the_end_is_read(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("".join(f"line {number:07d}\n" for number in range(200_000)))
    lines = read_log(log)
    assert lines[-1] == "line 0199999"
    assert 50_000 < len(lines) < 100_000
    assert all(line.startswith("line ") for line in lines[:5])


async def settled(pilot: Pilot[None]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_the_newest_lines_are_followed_until_one_scrolls_up(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("".join(f"line {number}\n" for number in range(1, 101)))
    view = LogView()
    async with Host(view).run_test(size=(60, 11)) as pilot:
        view.focus()
        view.open(log, "mine-001")
        await settled(pilot)
        assert view.plain.splitlines()[0] == "log of mine-001  lines 91 to 100 of 100"
        with log.open("a") as file:
            file.write("line 101\n")
        view.read_again()
        await settled(pilot)
        assert view.plain.endswith("line 101")
        await pilot.press("k")
        before = view.plain.splitlines()[1:]
        with log.open("a") as file:
            file.write("line 102\n")
        view.read_again()
        await settled(pilot)
        assert view.plain.splitlines()[1:] == before
        await pilot.press("G")
        assert view.plain.endswith("line 102")
        await pilot.press("g", "pagedown")
        assert view.plain.splitlines()[1] == "line 10"
