"""The row store: what is read, what an edit changes, what a save writes, and what is refused."""

from __future__ import annotations

import json
import os
import stat
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from data.errors import BurnishError, InputError
from data.rows.source import SourceError
from data.store import ChangedOnDisk, RowStore

ROWS = [{"instruction": f"question {n}", "output": f"answer {n}"} for n in range(1, 6)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
ARRAY = (json.dumps(ROWS, indent=2) + "\n").encode()


def opened(folder: Path, content: bytes, name: str = "rows.jsonl") -> RowStore:
    path = folder / name
    path.write_bytes(content)
    store = RowStore.open(path, journals=folder / "journals")
    store.index_all()
    return store


def saved(store: RowStore) -> bytes:
    store.save()
    return store.path.read_bytes()


def raws(store: RowStore) -> list[str]:
    return [store.row(index).raw for index in range(len(store))]


def test_rows_are_read_where_they_are(tmp_path: Path) -> None:
    store = opened(tmp_path, LINES)
    assert len(store) == 5
    assert store.indexed
    row = store.row(2)
    assert (row.index, row.number, row.raw, row.values) == (2, 3, json.dumps(ROWS[2]), ROWS[2])
    assert row.error is None
    assert not row.changed
    for index in (5, -1):
        with pytest.raises(IndexError):
            store.row(index)


@pytest.mark.parametrize(
    ("name", "content", "kind", "evidence"),
    [
        ("a.jsonl", LINES, "JSONL", "each line is a JSON object with instruction, output"),
        ("a.json", LINES, "JSONL", "each line is a JSON object with instruction, output"),
        ("a.jsonl", ARRAY, "JSON array", "each element is a JSON object with instruction, output"),
        ("a.json", b'{"a": 1}', "JSON", "one JSON object with a"),
        ("a.jsonl", b'{"a": 1}', "JSONL", "one JSON object with a"),
        ("a.jsonl", b'{\n "a": 1\n}\n{\n "a": 2}', "JSON", "each value is a JSON object with a"),
        ("a.jsonl", b'{"a": 1, "b\n{"a": 2}\n', "JSONL", "each line is a JSON object with a, except 1"),
        ("a.jsonl", b"[1]\n[2]\n", "JSONL", "no line of the first 2 is a JSON object"),
        ("a.json", b"[1]\n[2]\n", "JSONL", "no line of the first 2 is a JSON object"),
        ("a.jsonl", b"[1]\ntorn\n", "JSONL", "no line of the first 2 is a JSON object"),
        ("a.jsonl", b"[1]\n", "JSONL", "no line of the first 1 is a JSON object"),
        ("a.jsonl", b'[{"a": 1}]\n', "JSON array", "one JSON object with a"),
        ("a.json", b"[1, 2, 3]", "JSON array", "no element of the first 3 is a JSON object"),
        ("a.jsonl", b"torn\n", "JSONL", "no line of the first 1 is a JSON object"),
        ("a.jsonl", b"", "JSONL", "the file has no rows"),
        ("a.json", b"\xef\xbb\xbf \n", "JSON", "the file has no rows"),
    ],
)
def test_the_content_says_what_a_file_is(tmp_path: Path, name: str, content: bytes, kind: str, evidence: str) -> None:
    store = opened(tmp_path, content, name)
    assert (store.format_name, store.evidence) == (kind, evidence)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"hello world\n", "is no JSON, JSONL, CSV, .*: it begins with 'hello world"),
        ("{}".encode("utf-16"), "UTF-16"),
        (b"\x1f\x8b\x08\x00", "cut off: its packed data ends early"),
        (b"PAR1 nonsense", "damaged Parquet file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is no JSON"),
    ],
)
def test_what_has_no_rows_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        opened(tmp_path, content, "a.data")


def test_paths_that_are_no_file_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, words in ((tmp_path / "none", "There is no file"), (tmp_path, "folder"), (tmp_path / "pipe", "ordinary")):
        with pytest.raises(InputError, match=words):
            RowStore.open(path)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"a": "x', "is cut off: a string is not closed"),
        (b'{"a": 1', "is cut off"),
        (b'{"a" 1}', "a colon is missing"),
        (b"{'a': 1}", "a field name in double quotes is missing"),
        (b'{"a": 1} {"a": 2}', "there is more after its end"),
        (b'{"a": "\t"}', "control character"),
        (b'{"a": "\\x"}', "a backslash is followed by"),
        (b'{"a": "caf\xe9"}', "is not valid UTF-8 \\(byte 0xE9 at character 11\\)"),
        (b'{"a": 1}\0\0', "holds 2 NUL bytes"),
        (b"\0" * 40, "holds 40 NUL bytes"),
        (b"[1, 2]", "is a list, not a JSON object"),
        (b"null", "is null, not a JSON object"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', 'has the field "c" twice'),
        (b"[" * 100_000, "is nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number too long"),
    ],
)
def test_bad_rows_are_rows(tmp_path: Path, line: bytes, words: str) -> None:
    store = opened(tmp_path, LINES + line + b"\n" + LINES)
    row = store.row(5)
    assert len(store) == 11
    assert row.values is None
    assert row.raw.encode("utf-8", "surrogateescape") == line
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(row.error)
    assert row.error
    assert row.error.startswith("Row 6 ")
    assert row.error.endswith(".")
    with pytest.raises(BurnishError, match="edit it as text"):
        store.set_field(5, "a", 1)
    store.set_raw(5, row.raw + "!")
    assert saved(store) == LINES + line + b"!\n" + LINES
    store.undo()
    assert saved(store) == LINES + line + b"\n" + LINES


def test_a_row_too_long_to_parse_is_shown_by_its_beginning(tmp_path: Path) -> None:
    long = b'{"instruction": "' + b"x" * (9 << 20) + b'"}'
    for content, name in ((LINES + long + b"\n" + LINES, "a.jsonl"), (b"[" + long + b", {}]", "a.json")):
        store = opened(tmp_path, content, name)
        index = 5 if name == "a.jsonl" else 0
        row = store.row(index)
        assert row.shortened
        assert row.values is None
        assert len(row.raw) < 100_000
        assert row.error == f"Row {index + 1} is 9.0 MiB long, which is too long to be read as fields here."
        assert store.text(index).encode() == long
        store.set_field(index, "output", "short")
        assert store.row(index).shortened
        assert saved(store) == content.replace(long, long[:-1] + b', "output": "short"}')
        store.close()


def test_a_short_row_before_many_blank_lines_is_not_long(tmp_path: Path) -> None:
    store = opened(tmp_path, b'{"a": 1}\n' + b"\n" * (9 << 20) + b'{"a": 2}\n')
    assert [store.row(index).values for index in range(2)] == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(("content", "name"), [(LINES, "a.jsonl"), (ARRAY, "a.json")])
def test_every_edit_can_be_undone_and_done_again(tmp_path: Path, content: bytes, name: str) -> None:
    store = opened(tmp_path, content, name)
    versions = [raws(store)]
    for edit in (
        lambda: store.set_field(0, "output", "x"),
        lambda: store.set_fields(1, {"instruction": "q", "output": "a"}),
        lambda: store.set_raw(2, '{"raw": true}'),
        lambda: store.insert(1, {"instruction": "new"}),
        lambda: store.append({"instruction": "last"}),
        lambda: store.duplicate(0),
        lambda: store.delete(3),
        lambda: store.move(0, 4),
    ):
        edit()
        versions.append(raws(store))
        assert store.unsaved == len(versions) - 1
    descriptions: list[str] = []
    for version in versions[-2::-1]:
        change = store.undo()
        assert change
        descriptions.append(change.description)
        assert raws(store) == version
    assert not store.can_undo
    assert store.undo() is None
    assert descriptions[::-1] == [
        "edit output of row 1",
        "edit instruction and output of row 2",
        "edit the text of row 3",
        "add row 2",
        "add row 7",
        "duplicate row 1",
        "delete row 4",
        "move row 1 to 5",
    ]
    for version in versions[1:]:
        assert store.redo()
        assert raws(store) == version
    assert store.redo() is None
    assert not store.can_redo


def test_nothing_happens_when_a_value_is_set_to_what_it_is(tmp_path: Path) -> None:
    store = opened(tmp_path, LINES)
    store.set_field(0, "output", "answer 1")
    store.set_raw(0, store.row(0).raw)
    store.move(2, 2)
    assert not store.can_undo
    assert store.unsaved == 0


def test_edits_made_together_are_one_change(tmp_path: Path) -> None:
    store = opened(tmp_path, LINES)
    with store.together("delete 3 marked rows"):
        for index in (4, 2, 0):
            store.delete(index)
    assert raws(store) == [json.dumps(ROWS[1]), json.dumps(ROWS[3])]
    assert store.unsaved == 1
    with pytest.raises(IndexError):
        edit_and_fail(store)
    assert raws(store) == [json.dumps(ROWS[1]), json.dumps(ROWS[3])]
    change = store.undo()
    assert change
    assert change.description == "delete 3 marked rows"
    assert saved(store) == LINES


def edit_and_fail(store: RowStore) -> None:
    with store.together("too much"):
        store.set_field(0, "output", "never")
        store.delete(9)


def test_unsaved_and_changed_rows_follow_edits_saves_and_undo(tmp_path: Path) -> None:
    store = opened(tmp_path, LINES)
    store.set_field(1, "output", "x")
    store.append({"instruction": "y"})
    store.move(0, 3)
    assert store.unsaved == 3
    assert store.changed_rows() == [0, 3, 5]
    assert [index for index in range(len(store)) if store.row(index).changed] == [0, 3, 5]
    store.save()
    assert (store.unsaved, store.changed_rows()) == (0, [])
    store.undo()
    store.undo()
    assert store.unsaved == 2
    assert store.changed_rows() == [0]
    store.set_field(4, "output", "z")
    assert store.unsaved == 3, "two that are gone for good and a new one"
    assert store.changed_rows() == [0, 4]
    store.save()
    assert store.unsaved == 0
    while store.undo():
        pass
    assert saved(store) == LINES


def test_the_bytes_around_an_edit_stay(tmp_path: Path) -> None:
    content = (
        b'\xef\xbb\xbf\r\n{"a":1,"b":"\\u00e9"}\r\n\n  {"a" : 2 , "b" : "x" }\n \t\r\n'
        b'{"b": "\xc3\xa9", "a": 3, "c": 1.50}\r\n\r\n{"a": 4}'
    )
    store = opened(tmp_path, content)
    store.set_field(0, "b", "ü")
    store.set_field(1, "c", [1, {"k": "ü"}])
    store.set_field(2, "b", "ü")
    store.set_field(3, "a", True)
    assert saved(store) == (
        b'\xef\xbb\xbf\r\n{"a":1,"b":"\\u00fc"}\r\n\n  {"a" : 2 , "b" : "x" , "c" : [1 , {"k" : "\xc3\xbc"}] }\n \t\r\n'
        b'{"b": "\xc3\xbc", "a": 3, "c": 1.50}\r\n\r\n{"a": true}'
    )


def test_blank_lines_stay_where_rows_come_and_go(tmp_path: Path) -> None:
    store = opened(tmp_path, b'{"n":1}\r\n\r\n{"n":2}\n\n\n{"n":3}')
    store.delete(1)
    assert saved(store) == b'{"n":1}\r\n\r\n\n\n{"n":3}'
    store.append({"n": 4})
    assert saved(store) == b'{"n":1}\r\n\r\n\n\n{"n":3}\r\n{"n":4}'
    store.insert(1, {"n": 5})
    assert saved(store) == b'{"n":1}\r\n\r\n\n\n{"n":5}\r\n{"n":3}\r\n{"n":4}'
    store.move(2, 0)
    assert saved(store) == b'{"n":3}\r\n{"n":1}\r\n\r\n\n\n{"n":5}\r\n{"n":4}'
    while store.undo():
        pass
    assert saved(store) == b'{"n":1}\r\n\r\n{"n":2}\n\n\n{"n":3}'


def test_the_end_of_the_file_keeps_its_style(tmp_path: Path) -> None:
    for end in (b"", b"\n", b"\r\n"):
        store = opened(tmp_path, b'{"n":1}\n{"n":2}' + end)
        store.delete(1)
        assert saved(store) == b'{"n":1}' + (b"\n" if end else b"")
        store.undo()
        store.append({"n": 3})
        assert saved(store) == b'{"n":1}\n{"n":2}' + (end or b"\n") + b'{"n":3}' + (b"\n" if end else b"")
        store.close()


def test_rows_of_an_array_keep_its_layout(tmp_path: Path) -> None:
    store = opened(tmp_path, ARRAY, "a.json")
    store.insert(2, {"instruction": "new", "turns": [{"a": []}]})
    store.delete(0)
    store.move(3, 0)
    expected = [ROWS[3], ROWS[1], {"instruction": "new", "turns": [{"a": []}]}, ROWS[2], ROWS[4]]
    assert saved(store).decode() == json.dumps(expected, indent=2) + "\n"
    for _ in range(5):
        store.delete(0)
    assert json.loads(saved(store)) == []
    store.append({"a": 1})
    assert json.loads(saved(store)) == [{"a": 1}]


@pytest.mark.parametrize("content", [b"", b" \n", b"[]", b"[\n]\n", b" [ ] ", b"[{}]", b'[{"a":1}]', b'[{"a":1},]'])
def test_rows_can_be_added_to_any_json_file(tmp_path: Path, content: bytes) -> None:
    store = opened(tmp_path, content, "a.json")
    rows = len(store)
    store.append({"b": 1})
    store.append({"b": 2})
    text = saved(store).decode()
    assert json.loads(text.replace(",]", "]"))[rows:] == [{"b": 1}, {"b": 2}]
    store.undo()
    store.undo()
    assert saved(store) == content


def test_a_single_object_becomes_a_list_only_while_it_has_company(tmp_path: Path) -> None:
    content = b'\n{"conversations": []}\n'
    store = opened(tmp_path, content, "a.json")
    store.append({"conversations": [1]})
    assert json.loads(saved(store)) == [{"conversations": []}, {"conversations": [1]}]
    store.delete(1)
    assert saved(store) == content
    store.delete(0)
    assert json.loads(saved(store)) == []


def test_a_torn_array_is_closed_when_its_last_row_is_mended(tmp_path: Path) -> None:
    content = b'[\n  {"a": 1},\n  {"a": "tor'
    store = opened(tmp_path, content, "a.json")
    assert store.row(1).error == "Row 2 is cut off: a string is not closed (character 7)."
    store.set_field(0, "a", 2)
    assert saved(store) == b'[\n  {"a": 2},\n  {"a": "tor'
    store.set_raw(1, '{"a": "torn"}')
    assert json.loads(saved(store)) == [{"a": 2}, {"a": "torn"}]
    store.undo()
    store.undo()
    assert saved(store) == content


def test_text_for_a_row_may_not_harm_its_neighbours(tmp_path: Path) -> None:
    store = opened(tmp_path, LINES)
    for text, words in (
        ("", "cannot be empty"),
        (" \n", "cannot be empty"),
        ("{\n x", "must be one line"),
        ("\ud800", "half"),
    ):
        with pytest.raises(InputError, match=words):
            store.set_raw(0, text)
    store.set_raw(0, '{\n  "a": [\n    1,\n    "x, \\n y"\n  ]\n}\n')
    assert store.row(0).raw == '{"a": [1, "x, \\n y"]}'
    array = opened(tmp_path, ARRAY, "a.json")
    for text in ('{"a": 1', '{"a": 1}]', "1, 2", '"open', '{"a": 1}} {'):
        with pytest.raises(InputError, match="matching brackets"):
            array.set_raw(0, text)
    array.set_raw(0, '{"a": nonsense}')
    assert json.loads(saved(array).replace(b"nonsense", b"1"))[0] == {"a": 1}


def test_a_value_that_json_cannot_hold_changes_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path, LINES)
    for edit in (lambda: store.set_field(0, "a", {1, 2}), lambda: store.append({"a": object()})):
        with pytest.raises(TypeError):
            edit()
    assert store.unsaved == 0


def test_links_and_permissions_survive_a_save(tmp_path: Path) -> None:
    real, link = tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    real.write_bytes(LINES)
    real.chmod(0o640)
    with suppress(OSError):  # not every file system has them
        os.setxattr(real, "user.note", b"kept")
    attributes = os.listxattr(real)
    link.symlink_to(real.name)
    store = RowStore.open(link)
    store.set_field(0, "output", "x")
    store.save()
    assert link.is_symlink()
    assert b'"output": "x"' in real.read_bytes()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert os.listxattr(real) == attributes
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.jsonl", "real.jsonl"]


def test_somebody_elses_change_is_never_overwritten(tmp_path: Path) -> None:
    for write in (lambda path, text: path.write_bytes(text), replace):
        store = opened(tmp_path, LINES)
        store.set_field(0, "output", "mine")
        theirs = LINES.replace(b"answer 3", b"theirs 3")
        write(store.path, theirs)
        assert store.changed_on_disk()
        with pytest.raises(ChangedOnDisk, match="changed on disk by another program"):
            store.save()
        assert store.path.read_bytes() == theirs
        assert store.unsaved == 1
        found = [(each.number, each.disk_number) for each in store.difference()]
        assert found == [(1, 1), (3, 3)]
        store.save(overwrite=True)
        assert store.path.read_bytes() == LINES.replace(b"answer 1", b"mine")
        assert not store.changed_on_disk()
        write(store.path, theirs)
        store.reload()
        assert store.unsaved == 0
        assert not store.can_undo
        assert store.row(2).values == {"instruction": "question 3", "output": "theirs 3"}
        store.close()


def replace(path: Path, text: bytes) -> None:
    other = path.with_suffix(".other")
    other.write_bytes(text)
    other.replace(path)


def test_a_touched_but_equal_file_is_not_changed(tmp_path: Path) -> None:
    store = opened(tmp_path, LINES)
    os.utime(store.path, (1, 1))
    assert not store.changed_on_disk()
    replace(store.path, LINES)
    assert not store.changed_on_disk()
    store.set_field(0, "output", "x")
    after = saved(store)
    replace(store.path, after)
    assert not store.changed_on_disk()
    store.path.unlink()
    assert store.changed_on_disk()
    store.set_field(0, "output", "y")
    with pytest.raises(ChangedOnDisk):
        store.save()
    store.save(overwrite=True)
    assert b'"y"' in store.path.read_bytes()


def test_the_difference_lines_rows_up(tmp_path: Path) -> None:
    store = opened(tmp_path, LINES)
    store.delete(1)
    store.append({"instruction": "mine"})
    lines = LINES.splitlines(keepends=True)
    replace(store.path, b"".join([*lines[:3], b'{"theirs": 1}\n', *lines[3:]]))
    found = [(each.number, each.text, each.disk_number, each.disk_text) for each in store.difference()]
    assert found == [
        (None, None, 2, lines[1].decode().strip()),
        (None, None, 4, '{"theirs": 1}'),
        (5, '{"instruction": "mine"}', None, None),
    ]


def test_a_large_file_that_is_written_into_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.rows.source.HELD_BYTES", 0)
    store = opened(tmp_path, LINES * 100)
    store.set_field(0, "output", "mine")
    store.path.write_bytes(LINES)
    assert store.row(499).error == (
        "rows.jsonl was made shorter on disk by another program; reload it to see what is there now."
    )
    assert len(store) == 500
    with pytest.raises(ChangedOnDisk):
        store.save()
    with pytest.raises(SourceError, match="cannot be saved"):
        store.save(overwrite=True)
    assert store.path.read_bytes() == LINES
    assert store.row(0).values == {"instruction": "question 1", "output": "mine"}
    assert len(store.pending()) == 0, "the journal belongs to this living session"
    store.close()
    assert len(list((tmp_path / "journals").iterdir())) == 1


def test_a_file_that_shrinks_while_it_is_indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.rows.source.HELD_BYTES", 0)
    path = tmp_path / "a.jsonl"
    for name, content in (("a.jsonl", LINES), ("a.json", b"[" + LINES.replace(b"\n", b",\n"))):
        path = tmp_path / name
        path.write_bytes(content * 5000)
        store = RowStore.open(path)
        assert not store.indexed
        os.truncate(path, 1000)
        store.index_all()
        assert store.indexed
        assert 0 < len(store) < 25_000
        store.close()


def test_a_held_file_cannot_be_spoilt(tmp_path: Path) -> None:
    store = opened(tmp_path, LINES)
    store.path.write_bytes(b"")
    assert store.row(4).values == ROWS[4]
    store.set_field(0, "output", "mine")
    store.save(overwrite=True)
    assert store.path.read_bytes() == LINES.replace(b"answer 1", b"mine")


def test_rows_are_there_before_all_are_found(tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    path.write_bytes(LINES * 20_000)
    store = RowStore.open(path)
    assert not store.indexed
    assert 0 < len(store) < 100_000
    store.set_field(0, "output", "early")
    store.delete(1)
    done = threading.Event()

    def index() -> None:
        fraction = 0.0
        while fraction < 1:
            now = store.index_some(1 << 16)
            assert now >= fraction
            fraction = now
        done.set()

    thread = threading.Thread(target=index)
    thread.start()
    known = 0
    while not done.is_set():
        count = len(store)
        assert count >= known
        known = count
        assert store.row(count - 1).values
    thread.join()
    assert len(store) == 99_999
    index_of_last = store.append({"instruction": "last"})
    assert index_of_last == 99_999
    before = LINES.splitlines(keepends=True)
    content = saved(store)
    assert content == b'{"instruction": "question 1", "output": "early"}\n' + b"".join(before[2:]) + LINES * 19_999 + (
        b'{"instruction": "last"}\n'
    )


def test_rows_of_a_large_array_are_whole_before_all_are_found(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    path.write_bytes(b"[" + b",\n".join(LINES.splitlines() * 40_000) + b"]" + b" " * (9 << 20))
    store = RowStore.open(path)
    assert not store.indexed
    assert store.row(len(store) - 1).values
    store.index_all()
    assert store.row(199_999).values == ROWS[4]


def test_looking_at_the_disk_during_a_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(tmp_path, LINES)
    store.set_field(0, "output", "x")
    seen: list[bool] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        thread = threading.Thread(target=lambda: seen.append(store.changed_on_disk()))
        thread.start()
        thread.join()

    monkeypatch.setattr(os, "fsync", fsync)
    store.save()
    assert len(seen) > 2
    assert not any(seen)
    assert not store.changed_on_disk()


def test_edits_during_a_save_stay_unsaved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(tmp_path, LINES)
    store.set_field(0, "output", "before")
    real = os.fsync
    edited: list[int] = []

    def fsync(descriptor: int) -> None:
        real(descriptor)
        if not edited:
            edited.append(descriptor)
            store.set_field(1, "output", "meanwhile")

    monkeypatch.setattr(os, "fsync", fsync)
    content = saved(store)
    assert b"before" in content
    assert b"meanwhile" not in content
    assert (store.unsaved, store.changed_rows()) == (1, [1])
    store.close()
    again = RowStore.open(store.path, journals=tmp_path / "journals")
    (pending,) = again.pending()
    assert again.recover(pending) == 1
    assert again.row(1).values == ROWS[1] | {"output": "meanwhile"}


def test_snapshots_do_not_change(tmp_path: Path) -> None:
    for content, name in ((LINES, "a.jsonl"), (ARRAY, "a.json")):
        store = opened(tmp_path, content, name)
        store.move(0, 4)
        store.append({"new": 1})
        snapshot = store.snapshot()
        before = raws(store)
        store.delete(0)
        store.set_field(0, "output", "x")
        store.reload()
        assert [text.decode() for text in snapshot.texts()] == before
        assert [row.values for row in snapshot.rows()] == [json.loads(raw) for raw in before]
        assert len(snapshot) == 6
