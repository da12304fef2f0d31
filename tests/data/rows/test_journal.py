"""The journal: what is offered after an interruption, what is not, and what a torn or foreign one does."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from data.errors import BurnishError
from data.store import RowStore
from tests.data.test_atomic import without_rights

CONTENT = b"".join(b'{"n": %d}\n' % n for n in range(5))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(CONTENT)
    return path


def opened(path: Path) -> RowStore:
    return RowStore.open(path, journals=path.parent / "deep" / "journals")


def journals(path: Path) -> list[Path]:
    return sorted((path.parent / "deep" / "journals").glob("*"))


def numbers(store: RowStore) -> list[int]:
    return [(store.row(index).values or {})["n"] for index in range(len(store))]


def test_an_edit_is_in_the_journal_before_it_is_done(path: Path) -> None:
    store = opened(path)
    assert journals(path) == []
    store.set_field(1, "n", 10)
    (journal,) = journals(path)
    lines = journal.read_bytes().splitlines()
    store.delete(0)
    store.undo()
    assert len(lines) == 2
    assert [json.loads(line)["text"] for line in journal.read_bytes().splitlines()[1:]] == [
        "edit n of row 2",
        "delete row 1",
        "undo delete row 1",
    ]
    assert journal.stat().st_mode & 0o077 == 0
    store.save()
    assert journals(path) == []


def test_edits_come_back_after_an_interruption(path: Path) -> None:
    store = opened(path)
    store.set_field(1, "n", 10)
    store.move(0, 4)
    with store.together("two at once"):
        store.delete(1)
        store.append({"n": 11})
    store.undo()
    store.redo()
    assert store.pending() == [], "a living session is not offered to another one"
    assert opened(path).pending() == []
    store.close()
    again = opened(path)
    (pending,) = again.pending()
    assert pending.fits
    assert pending.descriptions == [
        "edit n of row 2",
        "move row 1 to 5",
        "two at once",
        "undo two at once",
        "two at once",
    ]
    assert again.recover(pending) == 5
    assert numbers(again) == [10, 3, 4, 0, 11]
    assert again.unsaved == 5
    assert again.pending() == []
    change = again.undo()
    assert change
    assert change.description == "two at once"
    again.close()
    third = opened(path)
    (pending,) = third.pending()
    assert third.recover(pending) == 6
    assert numbers(third) == [10, 2, 3, 4, 0]
    third.save()
    assert journals(path) == []


def test_edits_after_a_save_are_those_that_come_back(path: Path) -> None:
    store = opened(path)
    store.set_field(0, "n", 10)
    store.set_field(1, "n", 11)
    store.save()
    store.undo()
    store.set_field(4, "n", 14)
    store.close()
    again = opened(path)
    (pending,) = again.pending()
    assert pending.descriptions == ["undo edit n of row 2", "edit n of row 5"]
    again.recover(pending)
    assert numbers(again) == [10, 1, 2, 3, 14]
    again.close(keep_edits=False)
    assert journals(path) == []


@pytest.mark.parametrize("tail", [b'{"text":"edit', b"\0" * 100, b'{"text":"edit"}', b"\xff\n", b"[]\n"])
def test_a_torn_end_costs_only_itself(path: Path, tail: bytes) -> None:
    store = opened(path)
    store.set_field(0, "n", 10)
    store.close()
    (journal,) = journals(path)
    with journal.open("ab") as file:
        file.write(tail)
    again = opened(path)
    (pending,) = again.pending()
    again.recover(pending)
    again.set_field(1, "n", 11)
    again.close()
    third = opened(path)
    (pending,) = third.pending()
    assert third.recover(pending) == 2
    assert numbers(third) == [10, 11, 2, 3, 4]


def test_edits_of_another_version_are_kept_but_not_made(path: Path) -> None:
    store = opened(path)
    store.set_field(0, "n", 10)
    store.close()
    path.write_bytes(CONTENT.replace(b"3", b"7"))
    again = opened(path)
    (pending,) = again.pending()
    assert not pending.fits
    with pytest.raises(BurnishError, match=r"made on another version of rows\.jsonl"):
        again.recover(pending)
    assert numbers(again) == [0, 1, 2, 7, 4]
    assert pending.path.exists()
    path.write_bytes(CONTENT)
    again.reload()
    (pending,) = again.pending()
    assert pending.fits
    pending.discard()
    assert again.pending() == []


@pytest.mark.parametrize(
    "steps",
    [
        [{"do": "set", "row": 0, "was": 0, "text": "{}"}],
        [{"do": "delete", "row": 99, "was": 0}],
        [{"do": "insert", "row": 99, "text": "{}"}],
        [{"do": "insert", "row": 1, "text": "{}"}, {"do": "set"}],
        [{"do": "move", "row": "x"}],
        ["x"],
        [],
    ],
)
def test_a_journal_that_does_not_fit_the_rows_changes_nothing(path: Path, steps: list[object]) -> None:
    store = opened(path)
    store.set_field(0, "n", 10)
    store.close()
    (journal,) = journals(path)
    with journal.open("a") as file:
        file.write(json.dumps({"text": "x", "steps": steps}) + "\n")
    again = opened(path)
    (pending,) = again.pending()
    with pytest.raises(BurnishError, match=r"does not fit the rows of rows\.jsonl and was left as it is"):
        again.recover(pending)
    assert numbers(again) == [0, 1, 2, 3, 4]
    assert again.unsaved == 0
    assert again.pending() == [pending]


def test_recovery_comes_before_new_edits(path: Path) -> None:
    store = opened(path)
    store.set_field(0, "n", 10)
    store.close()
    again = opened(path)
    (pending,) = again.pending()
    again.set_field(1, "n", 11)
    with pytest.raises(BurnishError, match="reload the file first"):
        again.recover(pending)
    again.reload()
    assert again.recover(pending) == 1


def test_files_of_the_same_name_have_their_own_journals(path: Path) -> None:
    other = path.parent / "other" / path.name
    other.parent.mkdir()
    other.write_bytes(CONTENT)
    link = path.parent / "link.jsonl"
    link.symlink_to(path)
    folder = path.parent / "deep" / "journals"
    store = opened(path)
    store.set_field(0, "n", 10)
    store.close()
    assert RowStore.open(other, journals=folder).pending() == []
    assert len(RowStore.open(link, journals=folder).pending()) == 1


def test_an_edit_that_cannot_be_kept_is_not_made(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with without_rights(path.parent):
        store = opened(path)
        with pytest.raises(BurnishError, match="The edit was not made, because it could not be kept in the journal"):
            store.set_field(0, "n", 10)
        assert numbers(store) == [0, 1, 2, 3, 4]
        assert (store.unsaved, store.can_undo) == (0, False)
    store.set_field(1, "n", 11)
    (journal,) = journals(path)
    before = journal.read_bytes()
    real = os.fsync

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    for edit in (lambda: store.delete(0), lambda: store.append({"n": 5}), store.undo):
        with pytest.raises(BurnishError, match="No space left on device"):
            edit()
        assert numbers(store) == [0, 11, 2, 3, 4]
        assert journal.read_bytes() == before
    monkeypatch.setattr(os, "fsync", real)
    store.delete(0)
    store.close()
    again = opened(path)
    again.recover(again.pending()[0])
    assert numbers(again) == [11, 2, 3, 4]
