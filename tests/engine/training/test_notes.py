"""Notes and tags of a run: written whole, never over what somebody else wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InputError
from engine.training.history import RunHistory
from engine.training.notes import LONGEST_NOTE, NOTES_FILE, RunNotes, read_notes, tags_in, write_notes

_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@given(text=_TEXT, tags=st.lists(_TEXT, max_size=4))
@settings(max_examples=40, deadline=None)
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str, tags: list[str]) -> None:
    folder = tmp_path_factory.mktemp("run")
    notes = RunNotes(text, tuple(tags))
    write_notes(folder, notes, before=RunNotes())
    assert read_notes(folder) == notes


def test_a_second_writer_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    write_notes(tmp_path, RunNotes("theirs"), before=RunNotes())
    with pytest.raises(InputError, match="changed elsewhere"):
        write_notes(tmp_path, RunNotes("ours"), before=RunNotes())
    assert read_notes(tmp_path).text == "theirs"
    write_notes(tmp_path, RunNotes("ours"), before=RunNotes("theirs"))
    assert read_notes(tmp_path).text == "ours"


def test_a_note_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="keep it below"):
        write_notes(tmp_path, RunNotes("x" * (LONGEST_NOTE + 1)), before=RunNotes())


@pytest.mark.parametrize("content", [b"", b"note = 3\ntags = 'a'", b"\xff\x00", b"note = [", b'tags = ["a", 2]'])
def test_a_broken_file_is_no_note(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NOTES_FILE).write_bytes(content)
    assert read_notes(tmp_path).text == ""
    assert read_notes(tmp_path).tags in ((), ("a",))


def test_tags_are_words() -> None:
    assert tags_in(" keep, best  keep,v2 ") == ("keep", "best", "v2")
    assert tags_in("") == ()


def test_a_history_notices_notes_of_a_run_that_has_ended(tmp_path: Path) -> None:
    (tmp_path / "job.toml").write_text("")
    history = RunHistory(tmp_path)
    history.refresh()
    assert not history.grown()
    write_notes(tmp_path, RunNotes("good", ("keep",)), before=RunNotes())
    assert history.grown()
    assert history.refresh()
    snapshot = history.snapshot(with_progress=False)
    assert (snapshot.note, snapshot.tags) == ("good", ("keep",))
    assert not history.grown()
