"""Parquet: rows shown as JSON, saved with the file's own layout, every value that was not edited as it was."""

from __future__ import annotations

import base64
import builtins
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.errors import BurnishError, InputError
from data.store import RowStore

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

MESSAGE = pa.struct([("role", pa.string()), ("content", pa.string())])
COLUMNS = {
    "text": pa.array(["one", "zwölf ≠ 12", None, "four", ""]),
    "messages": pa.array([[{"role": "user", "content": f"hello {n}"}] for n in range(4)] + [None], pa.list_(MESSAGE)),
    "count": pa.array([1, -2, None, 2**31 - 1, 0], pa.int32()),
    "score": pa.array([0.1, float("nan"), None, float("inf"), 1.5], pa.float32()),
    "flag": pa.array([True, False, None, True, True]),
    "image": pa.array([b"\0\xff", b"", None, b"x" * 9, b"y"], pa.binary()),
    "price": pa.array([Decimal("1.10"), Decimal("-3.00"), None, Decimal("0.01"), Decimal("9.99")], pa.decimal128(9, 2)),
    "day": pa.array([dt.date(2024, 2, 29), dt.date(1969, 1, 1), None, dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
    "when": pa.array([1234567890123456789, -1, None, 0, 7], pa.int64()).cast(pa.timestamp("ns")),
    "utc": pa.array([1234567890123456, -1, None, 0, 7], pa.int64()).cast(pa.timestamp("us", "UTC")),
    "clock": pa.array([86399999999, 1, None, 0, 7], pa.int64()).cast(pa.time64("us")),
    "took": pa.array([5, -1, None, 0, 7], pa.int64()).cast(pa.duration("us")),
    "label": pa.array(["good", "bad", None, "good", "bad"]).dictionary_encode(),
    "tags": pa.array([{"a": 1}, {}, None, {"b": None, "c": 2}, {}], pa.map_(pa.string(), pa.int64())),
    "parts": pa.array([[b"\xfe"], [], None, [None], []], pa.list_(pa.binary())),
    "vector": pa.array([[1.0, 2.0], [3.0, None], None, [5.0, 6.0], [0.0, 0.0]], pa.list_(pa.float64(), 2)),
}
TABLE = pa.table(COLUMNS).replace_schema_metadata({"huggingface": '{"info": 1}', "own": "é"})


def opened(folder: Path, table: Any = TABLE, **layout: Any) -> RowStore:
    path = folder / "rows.parquet"
    pq.write_table(table, path, **layout)
    store = RowStore.open(path, journals=folder / "journals")
    store.index_all()
    return store


def values(store: RowStore, index: int) -> dict[str, Any]:
    row = store.row(index)
    assert row.values is not None, row.error
    return row.values


def test_rows_are_shown_as_json(tmp_path: Path) -> None:
    store = opened(tmp_path)
    assert store.format_name == "Parquet"
    assert store.evidence.startswith(
        "the schema names 16 columns: text, messages, count, score, flag, image, price, day"
    )
    assert len(store) == 5
    assert store.fields == tuple(COLUMNS)
    first = values(store, 0)
    assert list(first) == list(COLUMNS)
    assert first == {
        "text": "one",
        "messages": [{"role": "user", "content": "hello 0"}],
        "count": 1,
        "score": pytest.approx(0.1),
        "flag": True,
        "image": base64.b64encode(b"\0\xff").decode(),
        "price": "1.10",
        "day": "2024-02-29",
        "when": "2009-02-13 23:31:30.123456789",
        "utc": "2009-02-13 23:31:30.123456Z",
        "clock": "23:59:59.999999",
        "took": 5,
        "label": "good",
        "tags": [["a", 1]],
        "parts": [base64.b64encode(b"\xfe").decode()],
        "vector": [1.0, 2.0],
    }
    assert [name for name, value in values(store, 2).items() if value is not None] == ["messages"]
    snapshot = store.snapshot()
    assert (snapshot.json, snapshot.lines) == (True, True)


def test_rows_that_are_not_edited_keep_every_value(tmp_path: Path) -> None:
    store = opened(tmp_path, row_group_size=2)
    schema = pq.read_schema(store.path)
    store.set_field(1, "text", "twelve")
    store.move(4, 0)
    store.delete(3)
    store.save()
    again = pq.read_table(store.path)
    expected = [4, 0, 1, 3]
    assert again.schema.equals(schema, check_metadata=True)
    assert again.column("text").to_pylist() == ["", "one", "twelve", "four"]
    for name in list(COLUMNS)[1:]:
        taken = TABLE.column(name).take(expected)
        assert str(again.column(name).to_pylist()) == str(taken.to_pylist()), name
    assert not store.changed_on_disk()
    assert store.unsaved == 0
    while store.undo():
        pass
    store.save()
    assert str(pq.read_table(store.path).to_pylist()) == str(TABLE.to_pylist())


def test_what_json_shows_reads_back_the_same(tmp_path: Path) -> None:
    """A copy of a row has nothing but its JSON text, so every type must survive the way there and back."""
    store = opened(tmp_path)
    for index in (8, 6, 4, 2, 0):
        store.duplicate(index // 2)
    store.save()
    again = pq.read_table(store.path)
    for name in COLUMNS:
        column = again.column(name).to_pylist()
        assert [str(each) for each in column[::2]] == [str(each) for each in column[1::2]], name
        assert [str(each) for each in column[::2]] == [str(each) for each in TABLE.column(name).to_pylist()], name


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", "new"), ("text", None), ("messages", [{"role": "user", "content": "new"}, {"role": "assistant"}]),
        ("messages", []), ("count", -7), ("score", 2), ("score", 0.5), ("flag", False), ("image", "AAE="),
        ("price", "12.34"), ("day", "2000-01-01"), ("when", "2000-01-01 00:00:00.000000001"),
        ("utc", "2000-01-01 12:00:00Z"), ("clock", "12:34:56.789"), ("took", 9), ("label", "new"),
        ("tags", [["x", 1], ["y", None]]), ("parts", ["AAE=", None]), ("vector", [7.5, 8]),
    ],
)  # fmt: skip
def test_values_that_fit_are_saved(tmp_path: Path, column: str, value: object) -> None:
    store = opened(tmp_path)
    store.set_field(3, column, value)
    shown = values(store, 3)[column]
    expected = {
        "messages": [{"role": "user", "content": "new"}, {"role": "assistant", "content": None}] if value else [],
        "utc": "2000-01-01 12:00:00.000000Z",
        "clock": "12:34:56.789000",
    }
    assert shown == expected.get(column, value)
    store.save()
    store.reload()
    store.index_all()
    assert values(store, 3)[column] == shown
    others = [name for name in COLUMNS if name != column]
    table = pq.read_table(store.path)
    assert [str(table.column(name)[3]) for name in others] == [str(TABLE.column(name)[3]) for name in others]


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("text", 5, "string"), ("text", ["x"], "string"), ("messages", "x", "list<element: struct<"),
        ("messages", [{"role": "user", "who": "x"}], "list<element: struct<"), ("messages", {"role": "x"}, "list<"),
        ("count", 1.0, "int32"), ("count", True, "int32"), ("count", 2**31, "int32"), ("count", "1", "int32"),
        ("score", "1", "float"), ("score", True, "float"), ("flag", 1, "bool"), ("image", "not base64!", "binary"),
        ("price", "1.123", "decimal128"), ("price", 1, "decimal128"), ("day", "2000-13-01", "date32"),
        ("day", 5, "date32"),
        ("when", "yesterday", "timestamp"), ("clock", "25", "time64"), ("took", "5", "duration"),
        ("tags", [["x"]], "map<"), ("tags", {"x": 1}, "map<"), ("vector", [1.0], "fixed_size_list"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_are_refused(tmp_path: Path, column: str, value: object, kind: str) -> None:
    store = opened(tmp_path)
    with pytest.raises(InputError, match=f'^Row 4 cannot hold .* in "{column}", whose column is of the type {kind}'):
        store.set_field(3, column, value)
    with pytest.raises(InputError, match=f'^Row 2 cannot hold .* in "{column}"'):
        store.insert(1, {column: value})
    with pytest.raises(InputError, match=f'^Row 1 cannot hold .* in "{column}"'):
        store.set_raw(0, json.dumps({column: value}))
    assert store.unsaved == 0


def test_what_is_shown_is_what_will_be_saved(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.set_field(0, "score", 0.1234567890123)
    assert values(store, 0)["score"] == pytest.approx(0.1234567890123)
    assert values(store, 0)["score"] != 0.1234567890123
    store.set_raw(1, '{"count":\n5}')
    assert list(values(store, 1)) == list(COLUMNS)
    assert values(store, 1)["count"] == 5
    texts = [store.text(index) for index in range(5)]
    store.save()
    store.reload()
    store.index_all()
    assert [store.text(index) for index in range(5)] == texts


def test_only_columns_can_be_fields(tmp_path: Path) -> None:
    store = opened(tmp_path, pa.table({"q": ["1"], "a": ["2"]}))
    for edit in (
        lambda: store.set_field(0, "b", "x"),
        lambda: store.insert(0, {"b": "x"}),
        lambda: store.set_raw(0, '{"b": "x"}'),
    ):
        with pytest.raises(InputError, match='cannot get the field "b": the columns are q, a, and a row cannot add'):
            edit()
    store.set_field(0, "b", "")
    assert store.unsaved == 0
    with pytest.raises(InputError, match=r"Row 1 is not JSON: .*; a Parquet file holds whole rows only"):
        store.set_raw(0, "nonsense")
    store.set_raw(0, '{"a": "x"}')
    store.insert(0, {"a": "new"})
    store.save()
    assert pq.read_table(store.path).to_pylist() == [{"q": None, "a": "new"}, {"q": None, "a": "x"}]


def test_a_column_that_must_have_values_gets_them(tmp_path: Path) -> None:
    schema = pa.schema([pa.field("q", pa.string(), nullable=False), pa.field("a", pa.string())])
    store = opened(tmp_path, pa.table({"q": ["1"], "a": ["2"]}, schema=schema))
    for edit in (lambda: store.set_field(0, "q", None), lambda: store.insert(0, {"a": "x"})):
        with pytest.raises(InputError, match='must have a value in "q": its column allows no null'):
            edit()


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd", "brotli", "lz4", {"q": "zstd", "a": "none"}])
@pytest.mark.parametrize("plain", [True, False])
def test_the_layout_of_the_file_is_kept(tmp_path: Path, compression: Any, plain: bool) -> None:
    table = pa.table({"q": [f"question {n % 3}" for n in range(25)], "a": list(range(25))})
    layout: dict[str, Any] = {"compression": compression, "row_group_size": 10, "use_dictionary": not plain}
    if plain:
        layout |= {"store_schema": False, "write_statistics": False, "version": "1.0"}
    store = opened(tmp_path, table, **layout)
    before = described(store.path)
    store.set_field(12, "q", "question 1")
    store.save()
    assert described(store.path) == before
    assert pq.read_table(store.path).column("q")[12].as_py() == "question 1"
    store.delete(0)
    store.append({"q": "new"})
    store.append({"q": "new"})
    store.save()
    assert [size for *_, size in described(store.path)[1]] == [10, 10, 6]


def described(path: Path) -> tuple[Any, list[Any]]:
    """What of a file's layout is to be kept."""
    metadata = pq.read_metadata(path)
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    columns = [[group.column(number) for number in range(group.num_columns)] for group in groups]
    return (metadata.format_version, dict(metadata.metadata or {})), [
        ([(each.compression, each.has_dictionary_page, each.is_stats_set) for each in chunks], group.num_rows)
        for group, chunks in zip(groups, columns, strict=True)
    ]


@pytest.mark.parametrize("compliant", [True, False])
def test_elements_of_lists_keep_their_name(tmp_path: Path, compliant: bool) -> None:
    store = opened(tmp_path, pa.table({"tags": [["a"], ["b", "c"]]}), use_compliant_nested_type=compliant)
    assert store.evidence == "the schema names 1 column: tags"
    before = pq.read_metadata(store.path).row_group(0).column(0).path_in_schema
    store.set_field(0, "tags", ["x", None])
    store.save()
    assert pq.read_metadata(store.path).row_group(0).column(0).path_in_schema == before
    assert pq.read_table(store.path).to_pylist() == [{"tags": ["x", None]}, {"tags": ["b", "c"]}]


def test_old_timestamps_stay_old(tmp_path: Path) -> None:
    table = pa.table({"when": COLUMNS["when"]})
    store = opened(tmp_path, table, use_deprecated_int96_timestamps=True)
    store.delete(2)
    store.save()
    assert pq.read_metadata(store.path).row_group(0).column(0).physical_type == "INT96"
    assert pq.read_table(store.path).column(0).to_pylist() == table.column(0).take([0, 1, 3, 4]).to_pylist()


def test_a_file_without_rows_can_get_one(tmp_path: Path) -> None:
    store = opened(tmp_path, TABLE.slice(0, 0))
    assert len(store) == 0
    store.append({"text": "first", "count": 1})
    store.save()
    assert pq.read_table(store.path).select(["text", "count"]).to_pylist() == [{"text": "first", "count": 1}]
    store.undo()
    store.save()
    assert pq.read_table(store.path).equals(TABLE.slice(0, 0))


@pytest.mark.parametrize("held", [True, False])
def test_large_files_are_read_as_they_are_looked_at(
    tmp_path: Path, held: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not held:
        monkeypatch.setattr("data.rows.source.HELD_BYTES", 0)
    table = pa.table({"n": list(range(30_000)), "t": ["x" * 40] * 30_000})
    path = tmp_path / "rows.parquet"
    pq.write_table(table, path, row_group_size=7_000)
    store = RowStore.open(path, journals=tmp_path / "journals")
    assert 0 < len(store) < 30_000
    assert values(store, 0)["n"] == 0
    store.index_all()
    store.set_field(29_999, "n", -1)
    store.move(0, 20_000)
    store.save()
    assert pq.read_table(path).column("n").to_pylist() == [*range(1, 20_001), 0, *range(20_001, 29_999), -1]
    if not held:
        content = bytearray(path.read_bytes())
        path.write_bytes(content)
        store.set_field(5, "n", -5)
        path.write_bytes(content[:-1000])
        with pytest.raises(BurnishError):
            store.save(overwrite=False)


def test_a_damaged_file_is_refused_or_shown_as_far_as_it_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.table({"n": list(range(20_000)), "t": [str(n * 7919 % 10007) * 5 for n in range(20_000)]})
    path = tmp_path / "rows.parquet"
    pq.write_table(table, path, row_group_size=5_000, compression="zstd", use_dictionary=False)
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    with pytest.raises(InputError, match="is a damaged Parquet file: "):
        RowStore.open(path)
    middle = pq.read_metadata(path_with(tmp_path, whole)).row_group(2).column(1).data_page_offset
    spoilt = whole[:middle] + b"\xff" * 2000 + whole[middle + 2000 :]
    path.write_bytes(spoilt)
    store = RowStore.open(path)
    store.index_all()
    assert 5_000 <= len(store) <= 10_000
    assert "; rows.parquet is damaged: what follows row " in store.evidence
    store.set_field(0, "n", -1)
    with pytest.raises(BurnishError, match="saving would lose the rows that are missing"):
        store.save()
    assert path.read_bytes() == spoilt


def path_with(folder: Path, content: bytes) -> Path:
    path = folder / "whole.parquet"
    path.write_bytes(content)
    return path


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    with pytest.raises(InputError, match='two columns with the name "a"'):
        opened(tmp_path, table)


def test_edits_come_back_after_a_crash(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.set_field(1, "text", "edited")
    store.insert(0, {"text": "added"})
    store.close()
    again = RowStore.open(store.path, journals=tmp_path / "journals")
    (pending,) = again.pending()
    assert pending.fits
    assert again.recover(pending) == 2
    again.save()
    assert pq.read_table(again.path).column("text").to_pylist() == ["added", "one", "edited", None, "four", ""]


def test_without_pyarrow_one_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(tmp_path).close()
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.split(".")[0] == "pyarrow":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(
        InputError, match=r"is a Parquet file, which needs pyarrow: .* \(`pip install 'burnish\[train\]'`\)"
    ):
        RowStore.open(tmp_path / "rows.parquet")
