"""A real terminal for tests and benchmarks: a process in a pseudo-terminal, its screen kept by an emulator."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import pyte

_SETTLED = 8
"""Looks in a row, a tenth of a second apart, that find a process idle: longer than it waits for anything by itself."""

_NOT_OURS = {"NO_COLOR", "COLORTERM", "LC_ALL", "LC_CTYPE", "SSH_CONNECTION", "SSH_TTY", "BURNISH_THEME"}
"""What the terminal around the tests may have set, and what would change the screen."""


class Terminal:
    """Runs a command as a terminal would, and can read its screen, type, resize and hang up."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        lines: int = 40,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = pty.openpty()
        self._set_size(columns, lines)
        surroundings = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(environment or {})}
        for name in _NOT_OURS - {*(environment or {})}:
            surroundings.pop(name, None)
        self.started = time.perf_counter()
        self.environment = surroundings
        self.sent = bytearray()
        """What the process has sent, where `keep` says so."""
        self.keep = False
        self.received = 0
        """Bytes that the process has sent."""
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, cwd=cwd, env=surroundings, start_new_session=True
        )
        os.close(slave)
        os.set_blocking(self._master, False)

    def read(self, seconds: float) -> bytes:
        """Take what the process has sent, waiting up to so long for the first byte; b"" when there is none."""
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        try:
            block = os.read(self._master, 1 << 16)
        except BlockingIOError:
            return b""
        except OSError as error:
            # A pseudo-terminal whose last process has ended answers EIO (Linux).
            if error.errno == errno.EIO:
                return b""
            raise
        self.received += len(block)
        if self.keep:
            self.sent += block
        # pyte does not know the private-mode queries (CSI ? … $ p) and would print their last letter.
        self._stream.feed(block.replace(b"$p", b"h"))
        return block

    def settle(self) -> None:
        """Take what the process sends until it neither sends nor computes: a busy machine may let it wait long."""
        quiet = 0
        while quiet < _SETTLED:
            quiet = 0 if self.read(0.1) or self._computing else quiet + 1

    @property
    def _computing(self) -> bool:
        """Whether any thread of the process wants a processor (proc(5), /proc/PID/task/TID/stat)."""
        for stat in Path(f"/proc/{self.process.pid}/task").glob("*/stat"):
            try:
                state = stat.read_text().rpartition(")")[2].split()[0]
            except (OSError, IndexError):
                continue  # a thread that has just ended
            if state in "RD":
                return True
        return False

    def drain(self, seconds: float) -> int:
        """Take what the process sends for so long and forget it: no time goes to the emulator. Gives the bytes."""
        end, taken = time.perf_counter() + seconds, 0
        while (left := end - time.perf_counter()) > 0:
            if select.select([self._master], [], [], left)[0]:
                taken += len(os.read(self._master, 1 << 16))
        self.received += taken
        return taken

    @property
    def text(self) -> str:
        """The screen as text, one line a row."""
        return "\n".join(self.screen.display)

    def wait_for(self, text: str, *, seconds: float = 180.0) -> float:
        """Read until a text stands on the screen; gives the seconds since the start of the process."""
        deadline = time.perf_counter() + seconds
        while text not in self.text:
            if time.perf_counter() > deadline:
                raise AssertionError(f"waited {seconds:.0f} s for {text!r} on:\n{self.text}")
            if not self.read(0.05) and self.process.poll() is not None and not self.read(0.05):
                raise AssertionError(f"the process ended ({self.process.returncode}) before {text!r}:\n{self.text}")
        return time.perf_counter() - self.started

    def wait_until_gone(self, text: str, *, seconds: float = 180.0) -> None:
        """Read until a text no longer stands on the screen."""
        deadline = time.perf_counter() + seconds
        while text in self.text:
            if time.perf_counter() > deadline:
                raise AssertionError(f"waited {seconds:.0f} s for {text!r} to go from:\n{self.text}")
            self.read(0.05)

    def send(self, keys: str | bytes) -> None:
        """Type, or send bytes as they are; what the process sends meanwhile is read."""
        data = memoryview(keys.encode() if isinstance(keys, str) else keys)
        while data:
            try:
                data = data[os.write(self._master, data) :]
            except BlockingIOError:
                self.read(0.05)

    def attributes(self) -> list[Any]:
        """How the terminal is set (termios): raw or cooked, with an echo or without."""
        return termios.tcgetattr(self._master)

    def set_attributes(self, attributes: list[Any]) -> None:
        """Set the terminal, as a shell does when it is its turn."""
        termios.tcsetattr(self._master, termios.TCSANOW, attributes)

    def resize(self, columns: int, lines: int) -> None:
        """Give the window another size, as dragging its corner does."""
        self._set_size(columns, lines)
        self.screen.resize(lines, columns)
        os.killpg(self.process.pid, signal.SIGWINCH)

    def end(self, seconds: float = 180.0) -> int:
        """Wait for the process to end by itself, reading what it still says; gives its exit code."""
        deadline = time.perf_counter() + seconds
        while self.process.poll() is None and time.perf_counter() < deadline:
            self.read(0.05)
        code = self.process.poll()
        assert code is not None, f"still running:\n{self.text}"
        # Its last words may have come between the last look at them and the one at the process.
        while self.read(0.05):
            pass
        return code

    def kill(self) -> None:
        """kill -9, as when the machine's owner loses patience."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def hang_up(self) -> None:
        """Close the terminal, as when an SSH connection drops: the process gets SIGHUP."""
        os.close(self._master)
        self._master = -1

    def close(self) -> None:
        """End what is left."""
        self.kill()
        if self._master >= 0:
            os.close(self._master)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
