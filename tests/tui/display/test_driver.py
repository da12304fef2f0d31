"""The terminal under an app: signals, a lost line, other encodings, odd bytes, a stop from outside, a quiet line."""

from __future__ import annotations

import signal
import sys
import termios
from pathlib import Path
from random import Random

import pytest

from tests.terminal import Terminal
from tests.tui.display.test_intake import PIECES
from tests.waiting import wait_for

ROOT = Path(__file__).parents[3]
TALKING = [sys.executable, "-m", "tests.tui.display.talking"]


def start(*words: str, **environment: str) -> Terminal:
    terminal = Terminal([*TALKING, *words], columns=60, lines=12, cwd=ROOT, environment=environment)
    terminal.keep = True
    return terminal


def is_cooked(terminal: Terminal) -> bool:
    """Whether the terminal is as a shell wants it: lines, an echo, signals from keys."""
    modes = terminal.attributes()[3]
    return all(modes & each for each in (termios.ICANON, termios.ECHO, termios.ISIG))


def left_alone(terminal: Terminal) -> bool:
    """Whether everything that was switched on is switched off again, and the text from before is back."""
    sent = bytes(terminal.sent)
    pairs = ((b"?1049l", b"?1049h"), (b"?25h", b"?25l"), (b"?7h", b"?7l"))
    pairs += tuple((b"?%dl" % mode, b"?%dh" % mode) for mode in (1000, 1003, 1004, 2004))
    return is_cooked(terminal) and all(sent.rfind(back) > sent.rfind(taken) for back, taken in pairs)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 0), (signal.SIGINT, 130)], ids=lambda each: str(each)
)
def test_a_signal_ends_the_screen_and_gives_the_terminal_back(number: signal.Signals, code: int) -> None:
    with start() as terminal:
        terminal.wait_for("ready")
        assert not is_cooked(terminal)
        terminal.process.send_signal(number)
        assert terminal.end() == code
        assert left_alone(terminal)
        assert b"Traceback" not in terminal.sent


def test_a_lost_line_ends_the_process() -> None:
    with start() as terminal:
        terminal.wait_for("ready")
        terminal.hang_up()
        wait_for(lambda: terminal.process.poll() is not None, what="the end")
        assert terminal.process.returncode == 0


def test_a_terminal_that_does_not_read_does_not_hold_up_the_end() -> None:
    with start() as terminal:
        terminal.wait_for("ready")
        terminal.send("abc" * 3000)  # repaints, which fill the pseudo-terminal
        terminal.process.send_signal(signal.SIGTERM)
        wait_for(lambda: terminal.process.poll() is not None, what="the end, read by nobody")


def test_ctrl_z_stops_and_a_continue_paints_everything_anew() -> None:
    with start() as terminal:
        terminal.wait_for("ready")
        terminal.send("\x1a")
        wait_for_stop(terminal)
        assert left_alone(terminal)
        terminal.screen.reset()
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for("ready")
        assert not is_cooked(terminal)
        terminal.send("\x1b")
        terminal.wait_for("key: escape;")


def wait_for_stop(terminal: Terminal) -> None:
    def stopped() -> bool:
        terminal.read(0)
        return "T" in Path(f"/proc/{terminal.process.pid}/stat").read_text().split()[2]

    wait_for(stopped, what="the stop")
    while terminal.read(0.2):
        pass


def test_a_stop_from_outside_and_a_continue_take_the_terminal_again() -> None:
    with start() as terminal:
        terminal.wait_for("ready")
        for _ in range(2):
            terminal.process.send_signal(signal.SIGSTOP)
            wait_for_stop(terminal)
            # As a shell does: its own modes, its own words on the screen.
            modes = terminal.attributes()
            modes[3] |= termios.ICANON | termios.ECHO | termios.ISIG
            terminal.set_attributes(modes)
            terminal.screen.reset()
            terminal.process.send_signal(signal.SIGCONT)
            terminal.wait_for("ready")
            assert not is_cooked(terminal)
            terminal.send("\x1b[A")
            terminal.wait_for("key: up;")
            terminal.send("\x1b")
            terminal.wait_for("key: escape;")
        threads = Path(f"/proc/{terminal.process.pid}/task")
        # Those of before may be on their way out.
        wait_for(lambda: len(list(threads.iterdir())) <= 3, what="one thread that reads and one that writes, no more")


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({"LC_ALL": "C"}, "ready -| v??e"),
        ({"LC_ALL": "", "LC_CTYPE": "", "LANG": "POSIX"}, "ready -| v??e"),
        ({"LC_ALL": "de_DE.ISO-8859-1"}, "ready -| v??é"),
    ],
)
def test_a_terminal_of_another_encoding_gets_no_utf8(environment: dict[str, str], shown: str) -> None:
    with start(**environment) as terminal:
        terminal.wait_for("ready")
        terminal.send("\x1b")
        terminal.wait_for("key: escape")
        text = terminal.sent.decode("latin-1")
        assert shown in text
        assert all(each < 128 for each in terminal.sent.replace(b"\xe9", b""))
        terminal.send(b"\xe9\xff\xc3q\x1b[A")
        terminal.wait_for("key: up;")


@pytest.mark.parametrize("seed", range(3))
def test_odd_bytes_do_not_end_it_nor_its_keys(seed: int) -> None:
    random = Random(seed)
    with start("quiet") as terminal:
        terminal.wait_for("ready")
        for _ in range(60):
            piece = random.randbytes(random.randint(0, 30)) + b"".join(random.choices(PIECES, k=random.randint(0, 9)))
            terminal.send(piece.replace(b"\x1a", b"").replace(b"\x11", b""))
            terminal.read(0.02)
        while terminal.read(1.3):
            pass
        terminal.settle()  # a process that was given no processor is silent, too
        terminal.send("\x1b")
        terminal.settle()
        terminal.send("\x1b[B")
        terminal.wait_for("key: down;")
        terminal.send("\x1b[21~")
        assert terminal.end() == 0


def test_a_megabyte_is_pasted_and_escape_ends_what_has_no_end() -> None:
    with start("quiet") as terminal:
        terminal.wait_for("ready")
        terminal.send("\x1b[200~" + "x" * 1_000_000 + "\x1b[201~")
        terminal.send("\x1b[B")
        terminal.wait_for("key: down;")
        terminal.send("\x1b[200~no end")
        terminal.wait_for("A paste has not ended")
        terminal.send("\x1b")
        terminal.settle()
        terminal.send("\x1b[A")
        terminal.wait_for("key: up;")


def test_a_quiet_line_gets_nothing_unless_a_key_is_pressed() -> None:
    moves = "".join(f"\x1b[<35;{x};{y}M" for y in range(1, 6) for x in range(1, 30))
    with start("quiet") as terminal:
        terminal.wait_for("ready")
        assert b"\x1b[?1002h" in terminal.sent
        assert b"\x1b[?1003h" not in terminal.sent
        terminal.settle()
        before = terminal.received
        terminal.send(moves)
        while terminal.read(1.5):  # a blink comes every half second
            pass
        terminal.settle()
        assert terminal.received == before


def test_a_line_that_is_not_quiet_blinks() -> None:
    """What the test above would count if nothing were done."""
    with start() as terminal:
        terminal.wait_for("ready")
        assert b"\x1b[?1003h" in terminal.sent
        before = terminal.received
        wait_for(lambda: bool(terminal.read(0.1)) and terminal.received > before, what="a blink")
