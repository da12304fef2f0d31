"""A log read in full: in windows, followed, searched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.message import Message
from textual.pilot import Pilot

from tests.tui.host import Host
from tests.waiting import workers_end
from tui.messages import Flashed
from tui.training import log_file
from tui.training.log_file import LogFile
from tui.training.log_view import LogLines, LogView


def opened(path: Path) -> LogFile:
    file = LogFile(path)
    file.grow()
    return file


def test_lines_are_free_of_escapes_and_of_passed_states_of_progress_bars(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_bytes(b"\x1b[1mbold\x1b[0m\n10%\r50%\r100%\n\nlast \xff")
    assert opened(log).window(0, 9) == ("bold", "100%", "", "last \ufffd")


def test_no_log_has_no_lines(tmp_path: Path) -> None:
    assert opened(tmp_path / "none.txt").window(0, 9) == ()
    (tmp_path / "empty.txt").touch()
    assert opened(tmp_path / "empty.txt").lines == 0


@given(
    pieces=st.lists(st.lists(st.sampled_from([b"a", b"bb\n", b"\n", b"needle", b"Needle\n"]), max_size=12), max_size=4),
    first=st.integers(0, 30),
    start=st.integers(-1, 30),
)
@settings(max_examples=60, deadline=None)
def test_windows_and_hits_are_those_of_the_whole_text(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[list[bytes]], first: int, start: int
) -> None:
    log = tmp_path_factory.mktemp("log") / "log.txt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_file, "BLOCK", 8)
        file = LogFile(log)
        log.touch()
        for piece in pieces:
            with log.open("ab") as end:
                end.write(b"".join(piece))
            file.grow()
            whole = log.read_text().removesuffix("\n").split("\n") if log.stat().st_size else []
            assert file.lines == len(whole)
            assert list(file.window(first, 5)) == whole[first : first + 5]
            for text in ("needle", "Needle"):
                hits = [
                    number for number, line in enumerate(whole) if text in (line if text == "Needle" else line.lower())
                ]
                assert file.find(text, start, 1) == next((hit for hit in hits if hit > start), None)
                assert file.find(text, start, -1) == next((hit for hit in reversed(hits) if hit < start), None)


def test_a_log_that_was_begun_anew_is_read_anew(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("old\n" * 50_000)
    file = opened(log)
    assert file.lines == 50_000
    log.write_text("new\n")
    assert file.grow()
    assert (file.lines, file.window(0, 9)) == (1, ("new",))


def test_of_a_long_log_only_windows_are_read(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("".join(f"line {number:07d}\n" for number in range(200_000)))
    file = opened(log)
    assert file.lines == 200_000
    assert file.window(123_456, 2) == ("line 0123456", "line 0123457")
    assert file.find("0199998", 0, 1) == 199_998
    assert file.find("0000001", 199_999, -1) == 1
    assert not file.grow()


async def settled(pilot: Pilot[None]) -> None:
    await workers_end(pilot)


async def test_the_newest_lines_are_followed_until_one_scrolls_up(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("".join(f"line {number}\n" for number in range(1, 101)))
    view = LogView()
    async with Host(view).run_test(size=(60, 11)) as pilot:
        lines = view.log_lines
        view.focus_first()
        view.open(log, "mine-001")
        await settled(pilot)
        assert lines.plain.splitlines()[0] == "log of mine-001  lines 91 to 100 of 100  following"
        with log.open("a") as file:
            file.write("line 101\n")
        view.read_again()
        await settled(pilot)
        assert lines.plain.endswith("line 101")
        await pilot.press("k")
        before = lines.plain.splitlines()[1:]
        with log.open("a") as file:
            file.write("line 102\n")
        view.read_again()
        await settled(pilot)
        assert lines.plain.splitlines()[1:] == before
        assert "following" not in lines.plain
        await pilot.press("G")
        await settled(pilot)
        assert lines.plain.endswith("line 102")
        await pilot.press("g", "pagedown")
        assert lines.plain.splitlines()[1] == "line 10"


async def test_a_text_is_looked_for_and_gone_to_with_keys(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    marked = {1000: "here is an Error", 30_000: "here is an error"}
    log.write_text("".join(f"{marked.get(number, 'line')} {number}\n" for number in range(60_000)))
    messages: list[Message] = []
    view = LogView()
    async with Host(view).run_test(size=(60, 11), message_hook=messages.append) as pilot:
        lines: LogLines = view.log_lines
        view.focus_first()
        view.open(log, "mine-001")
        await settled(pilot)
        await pilot.press("slash", *"error", "enter")
        await settled(pilot)
        assert "here is an Error 1000" in lines.plain
        marked_parts = [part for line in lines.lines for part in line if part[1] == "cursor-accent"]
        assert marked_parts == [("Error", "cursor-accent")]
        await pilot.press("n")
        await settled(pilot)
        assert "here is an error 30000" in lines.plain
        await pilot.press("N")
        await settled(pilot)
        assert "here is an Error 1000" in lines.plain
        await pilot.press("N")
        await settled(pilot)
        assert "here is an error 30000" in lines.plain
        await pilot.press("slash", *"[none]", "enter")
        await settled(pilot)
        assert [each.text for each in messages if isinstance(each, Flashed)][-1] == "“[none]” is not in this log."
        await pilot.press("slash", "escape")
        assert pilot.app.focused is lines
