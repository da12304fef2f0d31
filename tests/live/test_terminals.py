"""The workbench on terminals as they are: without colour, with few, of another encoding, quiet, stopped, hung up."""

from __future__ import annotations

import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.demo.files import copy_demo
from tests.terminal import Terminal
from tests.waiting import wait_for

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
BURNISH = [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())"]
SGR = re.compile(rb"\x1b\[([0-9;]*)m")
TOUR = (
    *(
        ("j", "▸   2"),
        ("/", "Leave f1"),
        ("RP2040", "31 of"),
        ("\r", "Filter"),
        ("\x1b", "-31 of"),
        ("e", "Keep"),
        ("odd", "edited"),
    ),
    *(("\x1b", "again to discard"), ("\x1b", "▸"), ("2", "No run yet"), ("n", "held out"), ("\x1b", "No run yet")),
    *(("3", "not served"), ("?", "Everywhere"), ("\x1b", "-Everywhere"), ("\x10", "Search"), ("\x1b", "-Search")),
    ("1", "▸"),
)
"""Keys that show every pane, a filter, an editor, a form, help and palette; a text that each brings, or takes (-)."""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    copy_demo(tmp_path)
    return tmp_path


@contextmanager
def workbench(workspace: Path, **environment: str) -> Iterator[Terminal]:
    """The screen at 80×24, the dataset open and every pane there, with all its bytes kept."""
    places = {"XDG_STATE_HOME": str(workspace / "state"), "XDG_CONFIG_HOME": str(workspace / "config")}
    command = [*BURNISH, str(workspace)]
    with Terminal(command, columns=80, lines=24, cwd=ROOT, environment={**places, **environment}) as terminal:
        terminal.keep = True
        terminal.wait_for("RP2350")
        terminal.wait_for(" tok")  # the tokenizer's column, which comes when every pane stands
        yield terminal
    assert not (workspace / "state" / "burnish" / "crash.log").exists()


def settle(terminal: Terminal, silence: float = 0.8) -> None:
    """Read until nothing comes, for a while: the header's gauges come once in a second or two."""
    end = time.monotonic() + 6
    while terminal.read(silence) and time.monotonic() < end:
        pass


def tour(terminal: Terminal) -> None:
    ascii_only = terminal.environment.get("LC_ALL") == "C"
    for keys, text in TOUR:
        terminal.send(keys)
        if text.startswith("-"):
            terminal.wait_until_gone(text[1:])
        else:
            terminal.wait_for(text.replace("▸", ">") if ascii_only else text)


def colours(terminal: Terminal) -> set[str]:
    """Every colour that was asked for, as its code: 31, 38;5, 48;2 …"""
    found: set[str] = set()
    for codes in SGR.findall(bytes(terminal.sent)):
        parts = iter(codes.decode().split(";"))
        for part in parts:
            if part in ("38", "48"):
                kind = next(parts)
                found.add(f"{part};{kind}")
                for _ in range(1 if kind == "5" else 3):
                    next(parts)
            elif len(part) > 1 and part not in ("21", "22", "23", "24", "27", "29", "39", "49", "51", "52", "53"):
                found.add(part)
    return found


def test_no_colour_is_none_and_what_stands_out_still_does(workspace: Path) -> None:
    with workbench(workspace, NO_COLOR="1") as terminal:
        tour(terminal)
        assert colours(terminal) == set()
        rows = terminal.screen.display
        cursor = next(y for y, row in enumerate(rows) if row.startswith("▸"))
        assert terminal.screen.buffer[cursor][8].reverse
        tabs = terminal.screen.buffer[0]
        here = rows[0].index("1 Dataset")
        assert tabs[here].bold
        assert tabs[here].underscore
        assert not tabs[rows[0].index("2 Train")].underscore


@pytest.mark.parametrize("environment", [{"TERM": "xterm-16color"}, {"TERM": "linux"}, {"BURNISH_THEME": "ansi"}])
def test_a_terminal_of_sixteen_colours_gets_its_own(workspace: Path, environment: dict[str, str]) -> None:
    with workbench(workspace, **environment) as terminal:
        tour(terminal)
        asked = colours(terminal)
        assert asked
        assert {code for code in asked if not re.fullmatch(r"(3|4|9|10)[0-7]", code)} == set()


@pytest.mark.parametrize(
    ("environment", "kind"),
    [({"TERM": "screen-256color"}, "5"), ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "2")],
)
def test_a_terminal_gets_as_many_colours_as_it_has(workspace: Path, environment: dict[str, str], kind: str) -> None:
    with workbench(workspace, **environment) as terminal:
        assert colours(terminal) == {f"38;{kind}", f"48;{kind}"}


def test_a_terminal_without_utf8_gets_ascii_and_takes_any_byte(workspace: Path) -> None:
    with workbench(workspace, LC_ALL="C") as terminal:
        tour(terminal)
        terminal.send(b"\xe9\xff\x9b\xc3")
        settle(terminal)
        assert terminal.sent.isascii()
        assert (
            "?"
            not in "".join(row for row in terminal.screen.display[:-1]).replace("RP2350?", "").replace("?  ", "")[:80]
        )
        terminal.send("q")
        assert terminal.end() == 0


@pytest.mark.parametrize("name", ["dumb", ""])
def test_a_terminal_that_cannot_move_its_cursor_is_refused_in_a_sentence(workspace: Path, name: str) -> None:
    with Terminal([*BURNISH, str(workspace)], columns=80, lines=24, cwd=ROOT, environment={"TERM": name}) as terminal:
        terminal.keep = True
        assert terminal.end() == 2
        terminal.read(0)
        assert b"burnish: The workbench needs a terminal that can move the cursor" in terminal.sent
        assert b"\x1b" not in terminal.sent


def test_ctrl_z_leaves_to_the_shell_and_fg_comes_back_with_what_is_new(workspace: Path) -> None:
    with workbench(workspace, SSH_CONNECTION="here") as terminal:
        terminal.send("j")
        settle(terminal)
        terminal.send("\x1a")
        stopped(terminal)
        assert b"\x1b[?1049l" in terminal.sent
        terminal.screen.reset()
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for("▸   2")
        # In a text, the key is the text's own; the palette has the action there.
        terminal.send("e")
        terminal.wait_for("Keep")
        terminal.send("Odd ")
        terminal.wait_for("Odd ")
        terminal.send("\x1a")
        terminal.wait_until_gone("Odd ")
        terminal.send("\x10")
        terminal.wait_for("Search")
        terminal.send("suspend")
        terminal.wait_for("Suspend")
        settle(terminal)
        terminal.send("\r")
        stopped(terminal)
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for("Keep")


def stopped(terminal: Terminal) -> None:
    def is_stopped() -> bool:
        terminal.read(0)
        return "T" in Path(f"/proc/{terminal.process.pid}/stat").read_text().split()[2]

    wait_for(is_stopped, what="the stop")
    settle(terminal, 0.2)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 0)], ids=["term", "hangup"])
def test_a_signal_ends_the_screen_and_keeps_the_edits(workspace: Path, number: signal.Signals, code: int) -> None:
    before = (workspace / "raspberry_pi.jsonl").read_bytes()
    with workbench(workspace) as terminal:
        terminal.send("d")
        terminal.wait_for("1 unsaved")
        terminal.process.send_signal(number)
        assert terminal.end() == code
        assert b"\x1b[?1049l" in terminal.sent
        assert b"Traceback" not in terminal.sent
    assert (workspace / "raspberry_pi.jsonl").read_bytes() == before
    with workbench(workspace) as terminal:
        terminal.wait_for("1 edit of")


def test_over_ssh_nothing_moves_by_itself_or_under_the_mouse(workspace: Path) -> None:
    moves = "".join(f"\x1b[<35;{x};{y}M" for y in range(4, 16) for x in range(2, 70, 3))
    with workbench(workspace, SSH_CONNECTION="here") as terminal:
        assert b"\x1b[?1003h" not in terminal.sent
        # The table, a line to type in, an editor. Escape is a key of its own only when nothing follows it at once.
        for keys, text in (("", "RP2350"), ("/", "Leave f1"), ("\x1b", ""), ("e", "Keep")):
            terminal.send(keys)
            if not text:
                terminal.wait_until_gone("Leave f1")
                continue
            terminal.wait_for(text)
            terminal.settle()
            terminal.sent.clear()
            terminal.send(moves)
            settle(terminal, 1.2)  # a cursor blinks twice a second
            # Only the first line has figures that change, a few bytes each time.
            assert len(terminal.sent) < 200, bytes(terminal.sent)


def test_the_settings_say_what_is_quiet(workspace: Path) -> None:
    settings = workspace / "config" / "burnish" / "settings.toml"
    settings.parent.mkdir(parents=True)
    for words, environment, quiet in (("quiet = false", {"SSH_CONNECTION": "here"}, False), ("quiet = true", {}, True)):
        settings.write_text(words)
        with workbench(workspace, **environment) as terminal:
            assert (b"\x1b[?1003h" not in terminal.sent) is quiet
