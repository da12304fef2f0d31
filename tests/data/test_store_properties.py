"""The row store over generated files and random edits, against a model that knows nothing of its insides."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.store import RowStore
from tests.data.zstd_files import packed_zstd, unpacked_zstd

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


NAMES = ("q", "é a")
CELLS = st.text(st.sampled_from('ab ",;\t\n\r1') | st.characters(exclude_categories=["Cs"]), max_size=8).filter(
    lambda text: "\0" not in text
)


@st.composite
def table_files(draw: st.DrawFn, delimiter: str) -> bytes:
    """A CSV file: quoted in one of several ways, with ragged and broken records, blank lines, mixed line ends."""
    quotes_all = draw(st.booleans())

    def cell(value: str) -> str:
        special = quotes_all or any(each in value for each in (delimiter, '"', "\n", "\r"))
        return '"' + value.replace('"', '""') + '"' if special else value

    good = st.lists(CELLS, min_size=2, max_size=2).map(lambda cells: delimiter.join(map(cell, cells)))
    broken = [f'"a" b{delimiter}c'] if delimiter != "\t" else []  # with tabs it would mean that quotes mean nothing
    bad = st.sampled_from(["one", f"1{delimiter}2{delimiter}3", f"caf\udce9{delimiter}", "\0\0", *broken])
    records = draw(st.lists(good | bad | st.just(""), max_size=8))
    lines = [delimiter.join(map(cell, NAMES)), *records]
    content = (
        "".join(line + draw(NEWLINES) for line in lines[:-1]) + lines[-1] + draw(st.sampled_from(["", "\n", "\r\n"]))
    )
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + content.encode("utf-8", "surrogateescape")


LINES = st.text(
    st.sampled_from("ab \t,") | st.characters(exclude_characters="\0\n\r", exclude_categories=["Cs"]), max_size=8
)


@st.composite
def text_files(draw: st.DrawFn) -> bytes:
    """A file of lines, some of them blank or not text."""
    lines = draw(st.lists(LINES | st.sampled_from(["", " \t", "caf\udce9", "x\0"]), min_size=1, max_size=8))
    content = (
        "".join(line + draw(NEWLINES) for line in lines[:-1]) + lines[-1] + draw(st.sampled_from(["", "\n", "\r\n"]))
    )
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + content.encode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class Edit:
    """An edit with two numbers between 0 and 1 that choose its rows."""

    kind: str
    one: float
    other: float
    new: dict[str, Any]


def edits(new: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[Edit]]:
    kinds = ["set", "raw", "insert", "append", "duplicate", "delete", "move", "undo", "redo", "save"]
    place = st.floats(0, 1, exclude_max=True)
    return st.lists(st.builds(Edit, st.sampled_from(kinds), place, place, new), max_size=12)


EDITS = edits(st.builds(lambda field, value: {field: value}, KEYS, VALUES))
TABLE_EDITS = edits(st.dictionaries(st.sampled_from(NAMES), CELLS, min_size=1))
TEXT_EDITS = edits(LINES.filter(str.strip).map(lambda line: {"text": line}))


@dataclass(frozen=True)
class Kind:
    """A kind of file, as the tests know it without the store."""

    name: str
    rows: Callable[[bytes], list[str]]
    """The texts of its rows."""
    raw: Callable[[dict[str, Any]], str] = json.dumps
    """A text for a row."""
    blank: tuple[str, ...] = ()
    """Fields that a new row has whether they are given or not."""
    pack: Callable[[bytes], bytes] = bytes
    unpack: Callable[[bytes], bytes] = bytes


def make(store: RowStore, model: list[str], edit: Edit, kind: Kind) -> bool:
    """Do an edit in the store and in the model, a list of row texts; whether it changed anything."""
    rows = len(model)
    here, there, gap = int(edit.one * rows), int(edit.other * rows), int(edit.one * (rows + 1))
    new = edit.new
    whole = dict.fromkeys(kind.blank, "") | new
    if edit.kind == "insert":
        store.insert(gap, new)
        model.insert(gap, store.row(gap).raw)
        assert store.row(gap).values == whole
        return True
    if edit.kind == "append":
        assert store.append(new) == rows
        model.append(store.row(rows).raw)
        assert store.row(rows).values == whole
        return True
    if not rows:
        return False
    before = model[here]
    match edit.kind:
        case "set":
            values = store.row(here).values
            if values is None:
                return False
            store.set_fields(here, new)
            assert store.row(here).values == values | new
            model[here] = store.row(here).raw
            return model[here] != before
        case "raw":
            model[here] = kind.raw(whole)
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
    return [line for line in ended if line.strip(" \t\r\n\x0b\x0c")]


def texts(store: RowStore) -> list[str]:
    return [store.row(index).raw for index in range(len(store))]


def rows_of_array(content: bytes) -> list[str]:
    """The rows of a JSON array, written in one way."""
    return [json.dumps(each) for each in json.loads(content)]


def rows_of_table(content: bytes, delimiter: str) -> list[str]:
    """The records of a CSV file but for the header, read character by character."""
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    found, start, field, quoted = [], 0, 0, False
    for here, character in enumerate(text):
        if character == '"' and (quoted or here == field):
            quoted = not quoted
            field = here + 1 if quoted or text[here + 1 : here + 2] == '"' else -1
        elif not quoted and character == delimiter:
            field = here + 1
        elif not quoted and character == "\n":
            found.append(text[start:here].removesuffix("\r"))
            start = field = here + 1
    return [record for record in [*found, text[start:]] if record][1:]


def record(values: dict[str, Any], delimiter: str) -> str:
    return delimiter.join('"' + values[name].replace('"', '""') + '"' for name in NAMES)


LINE_KIND = Kind("rows.jsonl", rows_of_lines)
ARRAY_KIND = Kind("rows.json", rows_of_array)
TEXT_KIND = Kind("rows.txt", rows_of_lines, lambda values: values["text"])
TABLE_KINDS = {
    mark: Kind(name, partial(rows_of_table, delimiter=mark), partial(record, delimiter=mark), NAMES)
    for mark, name in ((",", "rows.csv"), ("\t", "rows.tsv"), (";", "rows.csv"))
}


def same_rows(path: Path, model: list[str], kind: Kind) -> None:
    rows = kind.rows(kind.unpack(path.read_bytes()))
    assert rows == ([json.dumps(json.loads(text)) for text in model] if kind is ARRAY_KIND else model)


def run(folder: Path, content: bytes, kind: Kind, edits: list[Edit]) -> tuple[RowStore, list[str]]:
    """Edits, undo, redo and saves in any order; the store and the model after them."""
    path = folder / kind.name
    path.write_bytes(kind.pack(content))
    store = RowStore.open(path, journals=folder / "journals")
    store.index_all()
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
            same_rows(path, model, kind)
            assert (store.unsaved, store.changed_rows()) == (0, [])
        else:
            before = list(model)
            if make(store, model, edit, kind):
                past.append(before)
                future.clear()
        assert texts(store) == model
        assert [text.decode("utf-8", "surrogateescape") for text in store.snapshot().texts()] == model
        assert (store.can_undo, store.can_redo) == (bool(past), bool(future))
        assert store.changed_rows() == [index for index in range(len(store)) if store.row(index).changed]
    return store, model


def edited_saved_and_undone(content: bytes, kind: Kind, edits: list[Edit]) -> None:
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        store, model = run(Path(folder), content, kind, edits)
        store.save()
        same_rows(store.path, model, kind)
        assert not list((Path(folder) / "journals").glob("*"))
        while store.undo():
            pass
        store.save()
        assert kind.unpack(store.path.read_bytes()) == content
        store.close()


def edited_and_interrupted(content: bytes, kind: Kind, edits: list[Edit]) -> None:
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        store, model = run(Path(folder), content, kind, edits)
        store.close()
        again = RowStore.open(store.path, journals=Path(folder) / "journals")
        for pending in again.pending():
            assert pending.fits
            assert again.recover(pending) == len(pending.descriptions)
        assert texts(again) == model
        again.save()
        same_rows(again.path, model, kind)
        again.close()


@settings(deadline=None, max_examples=150)
@given(line_files(), EDITS)
def test_lines_survive_any_edits(content: bytes, edits: list[Edit]) -> None:
    assert rows_of_lines(content)
    edited_saved_and_undone(content, LINE_KIND, edits)


@settings(deadline=None, max_examples=150)
@given(array_files(), EDITS)
def test_arrays_survive_any_edits(content: bytes, edits: list[Edit]) -> None:
    edited_saved_and_undone(content, ARRAY_KIND, edits)


@settings(deadline=None, max_examples=100)
@example(b"{}\n\n ", [Edit("delete", 0, 0, {}), Edit("insert", 0, 0, {"input": []})])
@given(line_files(), EDITS)
def test_lines_survive_an_interruption(content: bytes, edits: list[Edit]) -> None:
    edited_and_interrupted(content, LINE_KIND, edits)


@settings(deadline=None, max_examples=100)
@given(array_files(), EDITS)
def test_arrays_survive_an_interruption(content: bytes, edits: list[Edit]) -> None:
    edited_and_interrupted(content, ARRAY_KIND, edits)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(TABLE_KINDS)), st.data(), TABLE_EDITS)
def test_tables_survive_any_edits_and_an_interruption(delimiter: str, data: st.DataObject, edits: list[Edit]) -> None:
    content, kind = data.draw(table_files(delimiter)), TABLE_KINDS[delimiter]
    edited_saved_and_undone(content, kind, edits)
    edited_and_interrupted(content, kind, edits)


@settings(deadline=None, max_examples=50)
@given(text_files(), TEXT_EDITS)
def test_text_survives_any_edits_and_an_interruption(content: bytes, edits: list[Edit]) -> None:
    edited_saved_and_undone(content, TEXT_KIND, edits)
    edited_and_interrupted(content, TEXT_KIND, edits)


@settings(deadline=None, max_examples=30)
@given(
    line_files(), EDITS, st.sampled_from([("gz", gzip.compress, gzip.decompress), ("zst", packed_zstd, unpacked_zstd)])
)
def test_packed_files_survive_any_edits_and_an_interruption(content: bytes, edits: list[Edit], packing: Any) -> None:
    suffix, pack, unpack = packing
    kind = replace(LINE_KIND, name=f"rows.jsonl.{suffix}", pack=pack, unpack=unpack)
    edited_saved_and_undone(content, kind, edits)
    edited_and_interrupted(content, kind, edits)


@settings(deadline=None, max_examples=100)
@given(table_files(","), st.floats(0, 1, exclude_max=True), st.sampled_from([0, 1]), CELLS)
def test_setting_a_cell_changes_the_bytes_of_that_cell_only(
    content: bytes, place: float, column: int, value: str
) -> None:
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        path = Path(folder) / "rows.csv"
        path.write_bytes(content)
        store = RowStore.open(path)
        good = [index for index in range(len(store)) if store.row(index).values is not None]
        if not good:
            return
        index = good[int(place * len(good))]
        values = store.row(index).values
        store.set_field(index, NAMES[column], value)
        store.save()
        new = path.read_bytes()
        head = next((n for n, (one, other) in enumerate(zip(content, new, strict=False)) if one != other), len(new))
        tail = next(
            (n for n, (one, other) in enumerate(zip(content[::-1], new[::-1], strict=False)) if one != other), 0
        )
        again = RowStore.open(path)
        assert values is not None
        assert again.row(index).values == values | {NAMES[column]: value}
        if new != content:
            changed = content[head : len(content) - tail] + new[head : len(new) - tail]
            cell = values[NAMES[column]].replace('"', '""') + value.replace('"', '""')
            assert len(changed) <= len(cell.encode()) + 4


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
