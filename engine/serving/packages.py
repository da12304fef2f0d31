"""Runs pip in an environment, tells how far it is, and says in one sentence why it failed."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from data.errors import BurnishError
from data.wording import byte_size
from engine.jobs.events import Note
from engine.jobs.log_tail import plain

TITLE = "No serving environment"
AGAIN = "`burnish setup serve` goes on where it stopped"

_NO_NETWORK = re.compile(
    r"NewConnectionError|Failed to establish a new connection|Temporary failure in name resolution|ConnectTimeoutError"
    r"|Network is unreachable|ProxyError|ReadTimeoutError|Connection (?:reset|aborted|refused)"
    r"|CERTIFICATE_VERIFY_FAILED"
    r"|Max retries exceeded",
    re.IGNORECASE,
)
_DISK_FULL = re.compile(r"No space left on device|Disk quota exceeded", re.IGNORECASE)
_NOT_AVAILABLE = re.compile(
    r"No matching distribution found|Could not find a version that satisfies|is not a supported wheel"
    r"|Failed to build|Failed building wheel|metadata-generation-failed|subprocess-exited-with-error"
    r"|ResolutionImpossible|requires a different Python"
)


class NotAvailable(Exception):  # noqa: N818 - a finding on which the caller acts, not an error for a person
    """The index answers, but has nothing for these requirements that this machine can run."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def free_space_checked(folder: Path, wanted: int) -> None:
    """Raise BurnishError when the disk of `folder` has fewer free bytes than `wanted`."""
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise BurnishError(
            f"The serving environment needs {byte_size(wanted)} of disk and {folder} has {byte_size(free)} free; "
            "free some space, or set XDG_DATA_HOME to a folder on another disk.",
            title=TITLE,
        )


def install(python: Path, requirements: Sequence[str], log: Path, report: Callable[[Note], None]) -> None:
    """Install requirements with pip; what is there already is kept. All of pip's output goes to `log`.

    Raises NotAvailable when no version can run here, BurnishError when it failed for another reason.
    """
    progress = PipProgress(python.parent.parent, report)
    # Of some 20,000 modules a server imports a fifth: Python compiles those when it first meets them.
    options = ["--no-compile", "--progress-bar", "off", "--retries", "3"]  # pip tells of a dead network when it retries
    code, output = _pip(python, ["install", *options, *requirements], log, progress)
    if code == 0:
        return
    text = "\n".join(output)
    said = next((line for line in output if line.startswith("ERROR: ")), "pip gave no reason")
    said = said.removeprefix("ERROR: ").strip()[:300]
    if _DISK_FULL.search(text):
        raise BurnishError(f"The disk is full; free some space, then {AGAIN} (details: {log}).", title=TITLE)
    if _NO_NETWORK.search(text):
        raise BurnishError(
            f"The packages could not be downloaded: the package index does not answer; check the network, "
            f"then {AGAIN} (details: {log}).",
            title=TITLE,
        )
    if _NOT_AVAILABLE.search(text):
        raise NotAvailable(said)
    raise BurnishError(f"pip could not install what serving needs: {said} (details: {log}).", title=TITLE)


def uninstall(python: Path, names: Sequence[str], log: Path, report: Callable[[Note], None]) -> None:
    """Remove packages; names that are not installed are passed over."""
    report(Note("removing packages that do not fit: " + ", ".join(names)))
    _pip(python, ["uninstall", "-y", *names], log, lambda _: None)


def _pip(python: Path, arguments: list[str], log: Path, take: Callable[[str], None]) -> tuple[int, list[str]]:
    """Run pip; its exit code and output. `take` gets each line, and "" about once a second while there is none."""
    command = [str(python), "-I", "-u", "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    lines: list[str] = []
    with log.open("ab") as record:
        record.write(f"$ pip {' '.join(arguments)}\n".encode())
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=log.parent
        )
        assert process.stdout is not None
        try:
            descriptor = process.stdout.fileno()
            waiting = b""
            while True:
                if not select.select([descriptor], [], [], 1.0)[0]:
                    take("")
                    continue
                block = os.read(descriptor, 1 << 16)
                if not block:
                    break
                record.write(block)
                record.flush()
                *whole, waiting = (waiting + block).split(b"\n")
                for line in whole:
                    lines.append(plain(line.decode("utf-8", "replace")))
                    take(lines[-1])
            return process.wait(), lines
        finally:
            # Reached early only by an interruption: pip must not go on without us.
            if process.poll() is None:
                process.terminate()
                process.wait()
            process.stdout.close()


class PipProgress:
    """Turns pip's lines into short notes."""

    def __init__(self, environment: Path, report: Callable[[Note], None]) -> None:
        self._environment = environment
        self._report = report
        self._collected = 0
        self._installing = 0
        self._before = 0
        self._shown = 0

    def __call__(self, line: str) -> None:
        """Take one line of pip's output, or "" when a second went by without one."""
        if line.startswith(("Collecting ", "Processing ")):
            self._collected += 1
            self._report(Note(f"collecting {_package(line)} ({self._collected} packages so far)"))
        elif match := re.match(r"\s+Downloading (\S+) \(([^)]+)\)", line):
            self._report(Note(f"downloading {_package('x ' + match[1])} ({match[2]})"))
        elif line.startswith("Installing collected packages:"):
            self._installing = line.count(",") + 1
            self._before = self._present()
            self._report(Note(f"installing {self._installing} packages", 0.0))
        elif not line and self._installing:
            # pip says nothing while it copies files, for a minute or more; finished packages can be counted.
            done = min(self._present() - self._before, self._installing)
            if done > self._shown:
                self._shown = done
                self._report(Note(f"installing, {done} of {self._installing} packages", done / self._installing))

    def _present(self) -> int:
        return sum(1 for _ in self._environment.glob("lib/python*/site-packages/*.dist-info/RECORD"))


def _package(line: str) -> str:
    """The name in `Collecting NAME==1.2 (from …)` or `Processing /folder/name-1.2-py3-none-any.whl`."""
    word = Path(line.split()[1]).name
    return re.split(r"-\d|[<>=!~\[;]", word)[0].replace("_", "-")
