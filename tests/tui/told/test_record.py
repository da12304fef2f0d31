"""Which messages are kept, and which log has their details."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.told.record import KEPT, Told, ToldRecord, log_about


def test_warnings_and_errors_are_kept_and_the_oldest_go_first() -> None:
    record = ToldRecord()
    record.keep(Told("saved", "information"))
    for number in range(KEPT + 5):
        record.keep(Told(f"message {number}", "error" if number % 2 else "warning"))
    texts = [told.text for told in record.newest_first]
    assert len(texts) == KEPT
    assert texts[0] == f"message {KEPT + 4}"
    assert texts[-1] == "message 5"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("tiny-lora-002 ran out of memory.", "runs/tiny-lora-002/log.txt"),
        ("The tuned server ended; its log: .burnish/servers/tuned/log.txt.", ".burnish/servers/tuned/log.txt"),
        ("The tuned server is not running.", ".burnish/servers/tuned/log.txt"),
        ("details: some/where/crash.log.", "some/where/crash.log"),
        ("Nothing of the kind, ../../etc/passwd.", ""),
    ],
)
def test_the_log_is_that_of_what_the_message_names(tmp_path: Path, text: str, place: str) -> None:
    for name in ("runs/tiny-lora-002/log.txt", ".burnish/servers/tuned/log.txt", "some/where/crash.log"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a line\n")
    found = log_about(Told(text, "error"), tmp_path)
    assert found == (tmp_path / place if place else None)


def test_its_own_log_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "own.log"
    own.write_text("a line\n")
    assert log_about(Told("tiny failed", "error", own), tmp_path) == own
    own.unlink()
    assert log_about(Told("tiny failed", "error", own), tmp_path) is None
