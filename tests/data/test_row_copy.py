"""Rows copied into another file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.errors import InputError
from data.row_copy import copy_rows
from data.row_digest import row_digest
from data.store import RowStore


@pytest.fixture
def store(tmp_path: Path) -> RowStore:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": "é", "n": 1}\n{broken\n{"a": "x", "n": 2}\n', encoding="utf-8")
    store = RowStore.open(path)
    store.index_all()
    return store


def test_a_new_file_is_begun(store: RowStore):
    target = store.path.parent / "new" / "picked.jsonl"
    copied = copy_rows(store, [0, 1, 2], target, store.path.parent / "journals")
    assert (copied.rows, copied.left_out) == (2, 1)
    assert target.read_text(encoding="utf-8") == '{"a": "é", "n": 1}\n{"a": "x", "n": 2}\n'


def test_rows_are_written_as_those_of_the_file(store: RowStore):
    target = store.path.parent / "list.json"
    target.write_text(json.dumps([{"a": "y", "n": 0}], indent=2))
    copy_rows(store, [2], target, store.path.parent / "journals")
    assert target.read_text() == json.dumps([{"a": "y", "n": 0}, {"a": "x", "n": 2}], indent=2)


@pytest.mark.parametrize("name", ["rows.jsonl", "new.csv"])
def test_what_can_be_no_target(store: RowStore, name: str):
    with pytest.raises(InputError):
        copy_rows(store, [0], store.path.parent / name, store.path.parent / "journals")


def test_a_file_with_unsaved_edits_is_left_alone(store: RowStore):
    target, journals = store.path.parent / "other.jsonl", store.path.parent / "journals"
    target.write_text('{"a": "y", "n": 0}\n')
    editing = RowStore.open(target, journals=journals)
    editing.set_field(0, "n", 5)
    with pytest.raises(InputError, match="unsaved edits"):
        copy_rows(store, [0], target, journals)
    assert target.read_text() == '{"a": "y", "n": 0}\n'
    editing.save()
    copy_rows(store, [0], target, journals)
    assert target.read_text() == '{"a": "y", "n": 5}\n{"a": "é", "n": 1}\n'


def test_a_digest_tells_rows_apart():
    assert row_digest(b"a") == row_digest(b"a") != row_digest(b"b")
