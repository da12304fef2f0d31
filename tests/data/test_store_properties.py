"""The row store over generated files and random edits, against a model that knows nothing of its insides."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.store import RowStore

FOLDER = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Thousands of fsyncs take minutes on a disk."""

TEXT = st.text(
    st.sampled_from('ab "\\/<>&{}[],:\n\r\t\0é≠\u2028😀\x7f') | st.characters(exclude_categories=["Cs"]), max_size=12
)
KEYS = st.sampled_from(["instruction", "input", "output", "é", "a/b", ""])
VALUES = st.recursive(
    TEXT | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=5)
DEBRIS = st.sampled_from(
    ['{"torn": "', "{", "nonsense", "[1, 2]", "7", '{"a": 1} x', '{"a": 1, "a": 2}', "\0\0\0", "caf\udce9"]
)
NEWLINES = st.sampled_from(["\n", "\r\n"])


@st.composite
def one_line_rows(draw: st.DrawFn) -> str:
    """A row of a JSONL file, in one of the many ways to write it."""
    text = json.dumps(
        draw(OBJECTS),
        ensure_ascii=draw(st.booleans()),
        separators=draw(st.sampled_from([(", ", ": "), (",", ":"), (" , ", " : "), (",", ": ")])),
    )
    if draw(st.booleans()):
        text = text.replace("/", "\\/")
    return draw(st.sampled_from(["", " ", "\t"])) + text + draw(st.sampled_from(["", " "]))


@st.composite
def line_files(draw: st.DrawFn) -> bytes:
    """A JSONL file that begins with an object: bad rows, blank lines, mixed line ends, with or without BOM and end."""
    others = st.lists(one_line_rows() | DEBRIS | st.sampled_from(["", " ", "\t "]), max_size=8)
    lines = [draw(one_line_rows()), *draw(others)]
    content = (
        "".join(line + draw(NEWLINES) for line in lines[:-1]) + lines[-1] + draw(st.sampled_from(["", "\n", "\r\n"]))
    )
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + content.encode("utf-8", "surrogateescape")


@st.composite
def array_files(draw: st.DrawFn) -> bytes:
    """A JSON array of objects, written by a program or by hand."""
    rows = draw(st.lists(OBJECTS, max_size=6))
    if draw(st.booleans()):
        indent = draw(st.sampled_from([None, 1, 2, "\t"]))
        return (
            json.dumps(rows, indent=indent, ensure_ascii=draw(st.booleans())) + draw(st.sampled_from(["", "\n"]))
        ).encode()
    space = st.sampled_from(["", " ", "\n", "\r\n  "])
    elements = [json.dumps(row, indent=draw(st.sampled_from([None, 2]))) for row in rows]
    text = "[" + draw(space) + ("," + draw(space)).join(each + draw(space) for each in elements) + draw(space) + "]"
    return (text + draw(space)).encode()


@dataclass(frozen=True)
class Edit:
    """An edit with two numbers between 0 and 1 that choose its rows."""

    kind: str
    one: float
    other: float
    field: str
    value: Any


EDITS = st.builds(
    Edit,
    st.sampled_from(["set", "raw", "insert", "append", "duplicate", "delete", "move", "undo", "redo", "save"]),
    st.floats(0, 1, exclude_max=True),
    st.floats(0, 1, exclude_max=True),
    KEYS,
    VALUES,
)


def make(store: RowStore, model: list[str], edit: Edit) -> bool:
    """Do an edit in the store and in the model, a list of row texts; whether it changed anything."""
    rows = len(model)
    here, there, gap = int(edit.one * rows), int(edit.other * rows), int(edit.one * (rows + 1))
    new = {edit.field: edit.value}
    if edit.kind == "insert":
        store.insert(gap, new)
        model.insert(gap, store.row(gap).raw)
        assert store.row(gap).values == new
        return True
    if edit.kind == "append":
        assert store.append(new) == rows
        model.append(store.row(rows).raw)
        assert store.row(rows).values == new
        return True
    if not rows:
        return False
    before = model[here]
    match edit.kind:
        case "set":
            values = store.row(here).values
            if values is None:
                return False
            store.set_field(here, edit.field, edit.value)
            assert store.row(here).values == values | new
            model[here] = store.row(here).raw
            return model[here] != before
        case "raw":
            model[here] = json.dumps(new)
            store.set_raw(here, model[here])
            return model[here] != before
        case "duplicate":
            assert store.duplicate(here) == here + 1
            model.insert(here + 1, before)
        case "delete":
            store.delete(here)
            del model[here]
        case "move":
            store.move(here, there)
            model.insert(there, model.pop(here))
            return here != there
    return True


def rows_of_lines(content: bytes) -> list[str]:
    """The rows of a JSONL file, read without the store."""
    lines = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape").split("\n")
    ended = [line.removesuffix("\r") for line in lines[:-1]] + lines[-1:]
    return [line for line in ended if line.strip()]


def texts(store: RowStore) -> list[str]:
    return [store.row(index).raw for index in range(len(store))]


def same_rows(content: bytes, model: list[str], name: str) -> None:
    if name.endswith("l"):
        assert rows_of_lines(content) == model
    else:
        assert json.loads(content) == [json.loads(text) for text in model]


def run(folder: Path, content: bytes, name: str, edits: list[Edit]) -> tuple[RowStore, list[str]]:
    """Edits, undo, redo and saves in any order; the store and the model after them."""
    path = folder / name
    path.write_bytes(content)
    store = RowStore.open(path, journals=folder / "journals")
    model = texts(store)
    past: list[list[str]] = []
    future: list[list[str]] = []
    for edit in edits:
        if edit.kind == "undo":
            assert (store.undo() is not None) == bool(past)
            if past:
                future.append(model)
                model = past.pop()
        elif edit.kind == "redo":
            assert (store.redo() is not None) == bool(future)
            if future:
                past.append(model)
                model = future.pop()
        elif edit.kind == "save":
            store.save()
            same_rows(path.read_bytes(), model, name)
            assert (store.unsaved, store.changed_rows()) == (0, [])
        else:
            before = list(model)
            if make(store, model, edit):
                past.append(before)
                future.clear()
        assert texts(store) == model
        assert [text.decode("utf-8", "surrogateescape") for text in store.snapshot().texts()] == model
        assert (store.can_undo, store.can_redo) == (bool(past), bool(future))
        assert store.changed_rows() == [index for index in range(len(store)) if store.row(index).changed]
    return store, model


def edited_saved_and_undone(content: bytes, name: str, edits: list[Edit]) -> None:
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        store, model = run(Path(folder), content, name, edits)
        store.save()
        same_rows(store.path.read_bytes(), model, name)
        assert not list((Path(folder) / "journals").glob("*"))
        while store.undo():
            pass
        store.save()
        assert store.path.read_bytes() == content
        store.close()


def edited_and_interrupted(content: bytes, name: str, edits: list[Edit]) -> None:
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        store, model = run(Path(folder), content, name, edits)
        store.close()
        again = RowStore.open(store.path, journals=Path(folder) / "journals")
        for pending in again.pending():
            assert pending.fits
            assert again.recover(pending) == len(pending.descriptions)
        assert texts(again) == model
        again.save()
        same_rows(again.path.read_bytes(), model, name)
        again.close()


@settings(deadline=None, max_examples=150)
@given(line_files(), st.lists(EDITS, max_size=12))
def test_lines_survive_any_edits(content: bytes, edits: list[Edit]) -> None:
    assert rows_of_lines(content)
    edited_saved_and_undone(content, "rows.jsonl", edits)


@settings(deadline=None, max_examples=150)
@given(array_files(), st.lists(EDITS, max_size=12))
def test_arrays_survive_any_edits(content: bytes, edits: list[Edit]) -> None:
    edited_saved_and_undone(content, "rows.json", edits)


@settings(deadline=None, max_examples=100)
@example(b"{}\n\n ", [Edit("delete", 0, 0, "", None), Edit("insert", 0, 0, "input", [])])
@given(line_files(), st.lists(EDITS, max_size=12))
def test_lines_survive_an_interruption(content: bytes, edits: list[Edit]) -> None:
    edited_and_interrupted(content, "rows.jsonl", edits)


@settings(deadline=None, max_examples=100)
@given(array_files(), st.lists(EDITS, max_size=12))
def test_arrays_survive_an_interruption(content: bytes, edits: list[Edit]) -> None:
    edited_and_interrupted(content, "rows.json", edits)


@settings(deadline=None, max_examples=200)
@given(line_files() | array_files(), st.floats(0, 1, exclude_max=True), KEYS, VALUES)
def test_setting_a_field_changes_the_bytes_of_that_row_only(
    content: bytes, place: float, field: str, value: Any
) -> None:
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        path = Path(folder) / "rows.jsonl"
        path.write_bytes(content)
        store = RowStore.open(path)
        rows = texts(store)
        good = [index for index in range(len(rows)) if store.row(index).values is not None]
        if not good:
            return
        index = good[int(place * len(good))]
        store.set_field(index, field, value)
        new = store.row(index).raw
        store.save()
        start = 0
        for raw in rows[:index]:
            start = content.index(as_bytes(raw), start) + len(as_bytes(raw))
        start = content.index(as_bytes(rows[index]), start)
        assert path.read_bytes() == content[:start] + as_bytes(new) + content[start + len(as_bytes(rows[index])) :]
        members, others = split(rows[index]), split(new)
        for key, text in members.items():
            assert others[key] == text or key == field


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def split(raw: str) -> dict[str, str]:
    """The text of each value of an object, by field."""
    decoder, found = json.JSONDecoder(), {}
    here = raw.index("{") + 1
    while (here := skip(raw, here)) < len(raw) and raw[here] != "}":
        key, here = decoder.raw_decode(raw, here)
        here = skip(raw, skip(raw, here) + 1)
        _, end = decoder.raw_decode(raw, here)
        found[key] = raw[here:end]
        here = skip(raw, end)
        here += raw[here] == ","
    return found


def skip(raw: str, here: int) -> int:
    found = re.compile(r"[ \t\r\n]*").match(raw, here)
    return found.end() if found else here
