"""CSV and TSV: what a file is told to be, which records are bad and why, and how little of one an edit changes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InputError
from data.rows.csv_codec import CsvCodec
from data.rows.csv_dialect import Dialect, Quotes
from data.rows.text import RowError
from data.store import RowStore


def opened(folder: Path, content: str | bytes, name: str = "rows.csv") -> RowStore:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    store = RowStore.open(path, journals=folder / "journals")
    store.index_all()
    return store


def saved(store: RowStore) -> str:
    store.save()
    return store.path.read_bytes().decode()


def rows(store: RowStore) -> list[dict[str, str] | None]:
    return [store.row(index).values for index in range(len(store))]


@pytest.mark.parametrize(
    ("name", "content", "kind", "evidence"),
    [
        ("a.csv", "q,a\n1,2\n", "CSV", "the first line names 2 fields, separated by commas: q, a"),
        ("a.csv", "q;a\n1,5;2\n", "CSV", "the first line names 2 fields, separated by semicolons: q, a"),
        ("a.csv", "q\ta\n1\t2\n", "TSV", "the first line names 2 fields, separated by tabs: q, a"),
        ("a.tsv", "q, x\ta\n1\t2\n", "TSV", "the first line names 2 fields, separated by tabs: q, x, a"),
        ("a.csv", "q\n1\n", "CSV", "the first line names the field q"),
        ("a.tsv", "q\n1\n", "TSV", "the first line names the field q"),
        ("a", '"q","a"\n"1","2"\n', "CSV", "the first line names 2 fields, separated by commas: q, a"),
        ("a.json", "q,a\n1,2\n3,4\n", "CSV", "the first line names 2 fields, separated by commas: q, a"),
        ("a.csv", "q\n1\n2,3\n", "CSV", "the first line names the field q; 1 of the first 2 rows cannot be read"),
        ("a.csv", "q,a", "CSV", "the first line names 2 fields, separated by commas: q, a"),
        ("a.csv", '{"q": 1}\n{"q": 2}\n', "JSONL", "each line is a JSON object with q"),
        ("a.csv", '[\n{"q": 1}\n]\n', "JSON array", "one JSON object with q"),
        ("a.csv", '"q"\n"1"\n', "CSV", "the first line names the field q"),
        ("a.jsonl", '{"a": 1, "b": \n{"a": 2, "b": \n', "JSONL", "no line of the first 2 is a JSON object"),
    ],
)  # fmt: skip
def test_the_content_says_what_a_file_is(tmp_path: Path, name: str, content: str, kind: str, evidence: str) -> None:
    store = opened(tmp_path, content, name)
    assert (store.format_name, store.evidence) == (kind, evidence)


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    for content, words in (("", "has no header"), ("\n\n", "has no header"), ("a,b\rc,d\r", "old Macs")):
        with pytest.raises(InputError, match=words):
            opened(tmp_path, content)
    with pytest.raises(InputError, match="UTF-16"):
        opened(tmp_path, "a,b\n1,2\n".encode("utf-16"))


def test_records_are_rows(tmp_path: Path) -> None:
    content = '\ufeff\r\n"q","a, b"\r\n1,"two ""words"", and\r\na line"\r\n\r\n"",\r\n3,"4"'
    store = opened(tmp_path, content)
    assert rows(store) == [
        {"q": "1", "a, b": 'two "words", and\r\na line'},
        {"q": "", "a, b": ""},
        {"q": "3", "a, b": "4"},
    ]
    snapshot = store.snapshot()
    assert (snapshot.json, snapshot.lines) == (False, False)
    assert [snapshot.read(text) for text in snapshot.texts()] == rows(store)


def test_every_field_has_a_name_of_its_own(tmp_path: Path) -> None:
    store = opened(tmp_path, ",a,a,a.1\n1,2,3,4\n")
    assert rows(store) == [{"": "1", "a": "2", "a.1": "3", "a.1.1": "4"}]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("one", "has 1 field where the header names 2"),
        ("1,2,3", "has 3 fields where the header names 2"),
        ('"1" x,2', "has text after the closing quote of its field 1 \\(character 4\\)"),
        ('1,"a\\"b"', "has text after the closing quote of its field 2"),
        ("1,a\rb", "has a line break outside quotes"),
        (b"caf\xe9,2", "is not valid UTF-8 \\(byte 0xE9 at character 4\\)"),
        (b"\0\0\0,", "holds 3 NUL bytes"),
    ],
)
def test_bad_records_are_rows(tmp_path: Path, record: str | bytes, words: str) -> None:
    record = record.encode() if isinstance(record, str) else record
    content = b"q,a\n1,2\n" + record + b"\n3,4\n"
    store = opened(tmp_path, content)
    assert len(store) == 3
    row = store.row(1)
    assert row.values is None
    assert row.raw.encode("utf-8", "surrogateescape") == record
    assert row.error
    assert row.error.startswith("Row 2 ")
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(row.error)
    with pytest.raises(RowError, match=words):
        store.snapshot().read(record)
    with pytest.raises(Exception, match="edit it as text"):
        store.set_field(1, "q", "x")
    store.set_raw(1, '"mended",2')
    store.save()
    assert store.path.read_bytes() == content.replace(record, b'"mended",2')


def test_a_quote_that_is_not_closed_takes_the_rest_but_loses_nothing(tmp_path: Path) -> None:
    content = 'q,a\n1,2\n3,"open\n5,6\n7,8\n'
    store = opened(tmp_path, content)
    assert len(store) == 2
    row = store.row(1)
    assert row.error == "Row 2 is cut off: the quote of its field 2 is not closed (character 3)."
    store.set_field(0, "q", "x")
    assert saved(store) == content.replace("1,2", "x,2")
    store.set_raw(1, '3,"open"')
    store.insert(2, {"q": "5", "a": "6"})
    assert saved(store) == 'q,a\nx,2\n3,"open"\n5,6'


@pytest.mark.parametrize(
    ("content", "field", "value", "expected"),
    [
        ("q,a\n 1 ,2\n", "a", "3", "q,a\n 1 ,3\n"),
        ('q,a\n"1",2\n', "q", "3", 'q,a\n"3",2\n'),
        ("q,a\n1,2\n", "q", "one, two", 'q,a\n"one, two",2\n'),
        ("q,a\n1,2\n", "q", 'say "hi"', 'q,a\n"say ""hi""",2\n'),
        ("q,a\n1,2\n", "q", "two\nlines", 'q,a\n"two\nlines",2\n'),
        ("q,a\r\n1,2\r\n", "a", "", "q,a\r\n1,\r\n"),
        ("q;a\n1;2\n", "a", "one, two", "q;a\n1;one, two\n"),
        ("q;a\n1;2\n", "a", "one; two", 'q;a\n1;"one; two"\n'),
        ('q,a\n"x",2\n"y",3\n', "a", "4", 'q,a\n"x",4\n"y",3\n'),
        ('q,a\n"x",2\n"y",3\n', "a", "four", 'q,a\n"x","four"\n"y",3\n'),
        ("q\n1\n2\n", "q", "", 'q\n""\n2\n'),
        ("q,a\n1,2\n", "a", 3.5, "q,a\n1,3.5\n"),
        ("q,a\n1,2\n", "a", None, "q,a\n1,\n"),
        ("q,a\n1,2\n", "a", True, "q,a\n1,true\n"),
    ],
)
def test_an_edit_changes_one_field(tmp_path: Path, content: str, field: str, value: object, expected: str) -> None:
    store = opened(tmp_path, content)
    store.set_field(0, field, value)
    assert saved(store) == expected
    store.undo()
    assert saved(store) == content


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("q,a\n1,2\n", "q,a\n1,2\nnew,\n"),
        ("q,a\r\n1,2", "q,a\r\n1,2\r\nnew,"),
        ("q,a", "q,a\nnew,\n"),
        ("q,a\r\n", "q,a\r\nnew,\r\n"),
        ('"q","a"\n"1","2"\n', '"q","a"\n"1","2"\n"new",""\n'),
        ('"q","a"\n"x",2\n', '"q","a"\n"x",2\n"new",\n'),
        ("q\ta\n1\t2\n", "q\ta\n1\t2\nnew\t\n"),
    ],
)
def test_new_rows_are_written_as_the_file_is(tmp_path: Path, content: str, expected: str) -> None:
    store = opened(tmp_path, content)
    store.append({"q": "new"})
    assert store.row(len(store) - 1).values == {"q": "new", "a": ""}
    assert saved(store) == expected
    store.undo()
    assert saved(store) == content


def test_what_a_table_cannot_hold_is_refused(tmp_path: Path) -> None:
    store = opened(tmp_path, "q,a\n1,2\n")
    for changes, words in (
        ({"b": "x"}, 'Row 1 cannot get the field "b": the header names q, a, and a row cannot add to it.'),
        ({"q": ["x"]}, 'Row 1 cannot hold a list in "q", because'),
        ({"q": {"x": 1}}, 'Row 1 cannot hold an object in "q", because'),
        ({"q": "\ud800"}, 'Row 1 cannot hold half a character (U+D800) in "q", because'),
        ({"q": "\0"}, 'Row 1 cannot hold a NUL character in "q", because'),
    ):
        with pytest.raises(InputError) as caught:
            store.set_fields(0, changes)
        assert caught.value.sentence.startswith(words)
        with pytest.raises(InputError) as caught:
            store.insert(0, changes)
        assert caught.value.sentence.startswith(words)
    store.set_fields(0, {"b": "", "c": None})
    assert store.unsaved == 0
    for text, words in (
        ("", "cannot be empty"),
        ("1,2\n3,4", "must be one record"),
        ('"1,2', "must be one record"),
        ("1,2\n", None),
    ):
        if words is None:
            store.set_raw(0, text)
        else:
            with pytest.raises(InputError, match=words):
                store.set_raw(0, text)
    assert store.unsaved == 0


def test_a_file_that_uses_no_quotes(tmp_path: Path) -> None:
    """Sentences with tabs between them, where a quote opens a speech and no field."""
    content = 'text\tlabel\n"Wow," he said.\t1\n"Never!\t0\nHe left.\t1\n"Yes."\t1\n'
    store = opened(tmp_path, content, "a.tsv")
    texts = ['"Wow," he said.', '"Never!', "He left.", '"Yes."']
    assert [row and row["text"] for row in rows(store)] == texts
    store.set_field(0, "text", '"Oh," she said.')
    store.insert(0, {"text": 'a "new" one', "label": "0"})
    assert saved(store) == content.replace('"Wow," he', 'a "new" one\t0\n"Oh," she')
    for value in ("a\tb", "a\nb"):
        with pytest.raises(InputError, match='cannot hold a tab or a line break in "text", because this file uses no'):
            store.set_field(0, "text", value)
    with pytest.raises(InputError, match="must be one record"):
        store.set_raw(0, "a\tb\nc\td")


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_forgotten_quote_does_not_turn_quotes_off(tmp_path: Path, delimiter: str) -> None:
    good = "".join(f'"q {n}"{delimiter}"a {n}"\n' for n in range(30))
    store = opened(tmp_path, f'"q"{delimiter}"a"\n{good}"open{delimiter}"x"\n{good}')
    assert store.row(0).values == {"q": "q 0", "a": "a 0"}
    assert store.row(30).values is None
    assert store.row(60).values == {"q": "q 29", "a": "a 29"}


def test_fields_of_any_length_are_read(tmp_path: Path) -> None:
    long = "x" * 200_000
    store = opened(tmp_path, f'q,a\n"{long}",2\n')
    assert rows(store) == [{"q": long, "a": "2"}]


@settings(deadline=None)
@given(
    st.lists(st.text('a1",;\n é', max_size=5), min_size=1, max_size=4),
    st.sampled_from(",;\t"),
    st.sampled_from([Quotes.NEEDED, Quotes.TEXT, Quotes.ALL]),
)
def test_what_is_written_is_read_by_any_reader(values: list[str], delimiter: str, quotes: Quotes) -> None:
    names = tuple("abcd"[: len(values)])
    codec = CsvCodec(Dialect(delimiter, names, 0, quotes))
    row = dict(zip(names, values, strict=True))
    text = codec.encode(row, None)
    assert codec.read(text) == row
    assert codec.given(text) == text
    assert next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) == values


@settings(deadline=None)
@given(st.text('ab",\n\r', max_size=12))
def test_both_ways_to_read_a_record_agree(text: str) -> None:
    """The csv module, which is fast, and the places of fields, which edits need."""
    codec = CsvCodec(Dialect(",", ("a", "b"), 0))
    try:
        values = codec.read(text)
    except RowError:
        with pytest.raises(RowError):
            codec.change(text, {})
        return
    assert codec.change(text, {}) == text
    changed = codec.change(text, {name: "x" + value for name, value in values.items()})
    assert codec.read(changed) == {name: "x" + value for name, value in values.items()}
