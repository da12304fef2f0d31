from __future__ import annotations

from pathlib import Path

from engine.jobs.log_tail import plain, tail


def test_the_last_lines_are_given_oldest_first(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("".join(f"line {number}\n\n" for number in range(5000)))
    assert tail(path, 3) == ("line 4997", "line 4998", "line 4999")


def test_no_log_is_an_empty_log(tmp_path: Path) -> None:
    assert tail(tmp_path / "log.txt", 3) == ()


def test_escapes_are_removed_and_a_progress_bar_shows_its_last_state() -> None:
    assert plain("\x1b[31mred\x1b[0m \x1b]0;title\x07text") == "red text"
    assert plain(" 10%|#   \r 90%|### \r") == " 90%|### "
    assert plain("bell\x07 and \x9b31m") == "bell and 31m"
