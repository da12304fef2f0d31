"""Files in other formats and kinds: everything is kept, or named before it is lost."""

from __future__ import annotations

import csv
import gzip
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from data.conversion.plan import Plan, plan_conversion, planning_of
from data.conversion.targets import FORMATS, FileKind, Packing, format_named, target_of
from data.conversion.writing import one_line, write_conversion
from data.errors import BurnishError, InputError
from data.formats import alpaca, dolly, flan, kto, messages, named_pairs, preference, prompt_completion, sharegpt
from data.formats.detect import look
from data.formats.format import Format
from data.formats.mapping import FieldMapping
from data.formats.reading import format_of_store
from data.store import RowStore
from tests.data.formats.rows import written

ALPACA = {"instruction": "How heavy is it?", "input": "", "output": "46 g."}
BETTER = {"prompt": "How heavy?", "chosen": "46 g.", "rejected": "64 g."}
CALLING = {
    "messages": [
        {"role": "user", "content": "How heavy?"},
        {"role": "assistant", "tool_calls": [{"type": "function", "function": {"name": "weigh", "arguments": {}}}]},
        {"role": "tool", "content": "46"},
        {"role": "assistant", "content": "46 g."},
    ]
}


def convert(source: Path, new: Path, form: Format | None = None, mapping: FieldMapping | None = None) -> Plan:
    """Convert all rows of a file, whatever gets lost."""
    store = RowStore.open(source)
    store.index_all()
    plan = plan_conversion(store, format_of_store(store, mapping), target_of(new, form))
    assert write_conversion(plan, new) == plan.rows
    store.close()
    return plan


def values_of(path: Path) -> list[Any]:
    text = path.read_text("utf-8")
    return json.loads(text) if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]


PAIRS: tuple[Format, ...] = (alpaca, sharegpt, messages, prompt_completion, named_pairs, flan, dolly)


@pytest.mark.parametrize("there", PAIRS)
@pytest.mark.parametrize("back", PAIRS)
def test_there_and_back(tmp_path: Path, there: Format, back: Format) -> None:
    source = written(tmp_path / "a.jsonl", ALPACA | {"id": 7}, ALPACA | {"id": None, "tags": ["x", {"y": 1.0}]})
    convert(source, tmp_path / "start.jsonl", back)
    for plan in (
        convert(tmp_path / "start.jsonl", tmp_path / "there.json", there),
        convert(tmp_path / "there.json", tmp_path / "back.jsonl", back),
    ):
        assert plan.losses == ()
        assert plan.carried in ({"id": 2, "tags": 1}, {})
    assert values_of(tmp_path / "back.jsonl") == values_of(tmp_path / "start.jsonl")


def test_a_conversation_there_and_back(tmp_path: Path) -> None:
    source = written(tmp_path / "a.jsonl", CALLING)
    steps: tuple[tuple[str, Format], ...] = (
        ("b.jsonl", prompt_completion),
        ("c.json", sharegpt),
        ("d.jsonl", messages),
    )
    for name, form in steps:
        plan = convert(source, tmp_path / name, form)
        assert plan.losses == ()
        source = tmp_path / name
    assert values_of(source) == [CALLING]


def test_other_kinds_of_file_keep_the_text_of_rows(tmp_path: Path) -> None:
    texts = ['{"instruction":"q","output":"a","n":1.50e1,"\\u00e9":"\\u00e9"}', '{ "instruction": "r", "output": "b"}']
    source = written(tmp_path / "a.jsonl", *texts)
    convert(source, tmp_path / "b.json")
    assert (tmp_path / "b.json").read_text() == f"[\n  {texts[0]},\n  {texts[1]}\n]\n"
    convert(tmp_path / "b.json", tmp_path / "c.jsonl")
    assert (tmp_path / "c.jsonl").read_bytes() == source.read_bytes()
    plan = convert(source, tmp_path / "d.jsonl.gz", alpaca)
    assert plan.same_text
    assert gzip.decompress((tmp_path / "d.jsonl.gz").read_bytes()) == source.read_bytes()


def test_rows_over_several_lines_are_joined(tmp_path: Path) -> None:
    rows = [ALPACA | {"n": [1, {"a": "x\ny"}]}, ALPACA]
    source = tmp_path / "a.json"
    source.write_text(json.dumps(rows, indent=2) + "\n")
    convert(source, tmp_path / "b.jsonl")
    assert (tmp_path / "b.jsonl").read_text() == "".join(json.dumps(row) + "\n" for row in rows)
    convert(source, tmp_path / "c.json")
    assert (tmp_path / "c.json").read_bytes() == source.read_bytes()
    assert one_line('{\r\n  "a":\r\n    1,\r\n  "b": 2\r\n}') == '{"a":1, "b": 2}'


def test_losses_are_counted_and_named(tmp_path: Path) -> None:
    source = written(
        tmp_path / "a.jsonl",
        CALLING,
        {"messages": [{"role": "user", "content": "How heavy?"}]},
        '{"messages": [',
        CALLING,
        {"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}], "instruction": 3},
        ALPACA,
    )
    store = RowStore.open(source)
    store.index_all()
    plan = plan_conversion(store, messages, target_of(tmp_path / "b.jsonl", alpaca))
    store.close()
    assert [loss.sentence for loss in plan.losses] == [
        "2 rows have tools or tool calls, which Alpaca has no place for (first: row 1)",
        "2 rows have turns that are not questions and answers in turn, which Alpaca has no place for (first: row 1)",
        "1 row left out: row 2 ends without an answer",
        "1 row left out: row 3 is cut off: a value is missing (character 15)",
        "1 row has instruction beside the format, which Alpaca takes for something else (first: row 5)",
    ]
    assert (plan.rows, plan.read, plan.lossless) == (4, 6, False)
    assert not (tmp_path / "b.jsonl").exists()
    convert(source, tmp_path / "b.jsonl", alpaca)
    assert [row["output"] for row in values_of(tmp_path / "b.jsonl")] == ["46 g.", "46 g.", "A", "46 g."]


def test_rows_that_cannot_be_read_stay_where_lines_are_copied(tmp_path: Path) -> None:
    content = json.dumps(ALPACA) + "\n" + '{"instruction": \n' + json.dumps(ALPACA) + "\n"
    (tmp_path / "a.jsonl").write_text(content)
    plan = convert(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert (tmp_path / "b.jsonl").read_text() == content
    assert plan.lossless
    assert convert(tmp_path / "a.jsonl", tmp_path / "b.json").losses[0].left_out


def test_both_answers_get_a_row_for_kto(tmp_path: Path) -> None:
    source = written(tmp_path / "a.jsonl", BETTER | {"id": 1})
    plan = convert(source, tmp_path / "b.jsonl", kto)
    assert plan.losses == ()
    assert (plan.read, plan.rows) == (1, 2)
    assert values_of(tmp_path / "b.jsonl") == [
        {"prompt": "How heavy?", "completion": "46 g.", "label": True, "id": 1},
        {"prompt": "How heavy?", "completion": "64 g.", "label": False, "id": 1},
    ]


def test_answers_are_lists_of_turns_in_all_rows_or_in_none(tmp_path: Path) -> None:
    source = written(tmp_path / "a.jsonl", ALPACA, ALPACA | {"system": "Be short."})
    convert(source, tmp_path / "b.jsonl", prompt_completion)
    first, second = values_of(tmp_path / "b.jsonl")
    assert first["prompt"] == [{"role": "user", "content": ALPACA["instruction"]}]
    assert [turn["role"] for turn in second["prompt"]] == ["system", "user"]
    assert isinstance(first["completion"], list)


def test_mixed_rows_are_read_as_what_they_are(tmp_path: Path) -> None:
    source = written(tmp_path / "a.jsonl", ALPACA, {"prompt": "Q", "completion": "A"}, ALPACA)
    convert(source, tmp_path / "b.jsonl", named_pairs)
    assert values_of(tmp_path / "b.jsonl")[1] == {"question": "Q", "answer": "A"}


def test_from_and_to_a_mapping(tmp_path: Path) -> None:
    mapping = FieldMapping(question="q", answer="a")
    source = written(tmp_path / "a.jsonl", {"q": "Q", "a": "A", "id": 1})
    convert(source, tmp_path / "b.jsonl", alpaca, mapping)
    assert values_of(tmp_path / "b.jsonl") == [{"instruction": "Q", "input": "", "output": "A", "id": 1}]
    convert(tmp_path / "b.jsonl", tmp_path / "c.jsonl", mapping)
    assert values_of(tmp_path / "c.jsonl") == [{"q": "Q", "a": "A", "id": 1}]


def test_a_table(tmp_path: Path) -> None:
    rows = [ALPACA, ALPACA | {"output": 'He said "46, or\r\n47"\t.'}]
    for name, delimiter in (("b.csv", ","), ("b.tsv", "\t")):
        plan = convert(written(tmp_path / "a.jsonl", *rows), tmp_path / name)
        assert plan.losses == ()
        with (tmp_path / name).open(newline="") as file:
            assert list(csv.DictReader(file, delimiter=delimiter)) == rows


def test_what_a_table_cannot_hold_is_named(tmp_path: Path) -> None:
    rows = [ALPACA | {"history": [["q", "a"]]}, ALPACA | {"n": 1}, ALPACA | {"input": None}]
    plan = convert(written(tmp_path / "a.jsonl", *rows), tmp_path / "b.csv")
    assert {loss.text: loss.rows for loss in plan.losses} == {
        "no value in fields that other rows have, which CSV shows as empty": 3,
        "lists or objects, which stand as JSON texts in CSV": 1,
        "numbers, true or false, which are texts in CSV": 1,
        "null, which is empty in CSV": 1,
    }
    with (tmp_path / "b.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["history"] == '[["q", "a"]]'


def test_a_text_file(tmp_path: Path) -> None:
    source = written(tmp_path / "a.jsonl", {"text": "One."}, {"text": "Two\nlines.", "id": 3})
    plan = convert(source, tmp_path / "b.txt")
    assert sorted(loss.text for loss in plan.losses) == [
        "id, which a text file has no place for",
        "line breaks inside their text, which become spaces in a text file",
    ]
    assert (tmp_path / "b.txt").read_text() == "One.\nTwo lines.\n"
    with pytest.raises(InputError, match="--to text"):
        convert(written(tmp_path / "c.jsonl", ALPACA), tmp_path / "c.txt")


def test_parquet(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [CALLING | {"n": 1, "x": 0.5}, {"messages": [{"role": "user", "content": "Q"}], "n": None, "x": 2}]
    plan = convert(written(tmp_path / "a.jsonl", *rows), tmp_path / "b.parquet")
    assert {loss.text.split(", which")[0]: loss.rows for loss in plan.losses} == {
        "no value in fields that other rows have": 2,
        "objects without fields": 1,
    }
    first, second = parquet.read_table(tmp_path / "b.parquet").to_pylist()
    assert first["messages"][1]["tool_calls"][0]["function"] == {"name": "weigh", "arguments": "{}"}
    assert (first["n"], second["n"], second["x"]) == (1, None, 2.0)
    assert convert(written(tmp_path / "c.jsonl", ALPACA, ALPACA), tmp_path / "c.parquet").lossless
    assert parquet.read_table(tmp_path / "c.parquet").to_pylist() == [ALPACA, ALPACA]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([ALPACA | {"n": 1}, ALPACA | {"n": "one"}], "n holds whole numbers and texts"),
        ([ALPACA | {"n": [{"m": True}]}, ALPACA | {"n": [{"m": []}]}], "n.m holds true or false and lists"),
    ],
)
def test_what_parquet_cannot_hold_is_refused(tmp_path: Path, rows: list[object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        convert(written(tmp_path / "a.jsonl", *rows), tmp_path / "b.parquet")
    assert not (tmp_path / "b.parquet").exists()


def test_half_a_character(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"instruction": "q", "output": "\\ud83d"}\n')
    convert(source, tmp_path / "b.jsonl", flan)
    assert (tmp_path / "b.jsonl").read_text() == '{"inputs": "q", "targets": "\\ud83d"}\n'
    assert "half a character" in convert(source, tmp_path / "b.csv").losses[0].text


def test_names_of_files(tmp_path: Path) -> None:
    assert target_of(Path("x.jsonl.zst"), None).packing is Packing.ZSTD
    assert target_of(Path("x.CSV"), alpaca).kind is FileKind.CSV
    assert target_of(Path("a.b.json.gz"), None).kind is FileKind.ARRAY
    for name, sentence in (("x", "names no kind"), ("x.gz", "names no kind"), ("x.parquet.gz", "by itself")):
        with pytest.raises(InputError, match=sentence):
            target_of(Path(name), None)
    assert format_named("Prompt_Completion") is prompt_completion
    with pytest.raises(InputError, match="there are alpaca"):
        format_named("alpacca")
    assert len({form.NAME for form in FORMATS.values()}) == len(FORMATS)


def test_planning_goes_in_small_steps_and_writing_can_be_ended(tmp_path: Path) -> None:
    source = written(tmp_path / "a.jsonl", *[ALPACA | {"text": "x" * 200}] * 9000)
    store = RowStore.open(source)
    store.index_all()
    planning = planning_of(store, look(store).format or alpaca, target_of(tmp_path / "b.jsonl", messages))
    fractions = list(planning.run())
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert len(fractions) > 5
    assert planning.plan is not None

    def end(_fraction: float) -> None:
        raise BurnishError("enough.")

    with pytest.raises(BurnishError, match="enough"):
        write_conversion(planning.plan, tmp_path / "b.jsonl", end)
    store.close()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.jsonl"]


def test_preference_keeps_both_answers(tmp_path: Path) -> None:
    source = written(tmp_path / "a.jsonl", {"instruction": "How", "input": "heavy?", "chosen": "1", "rejected": "2"})
    plan = convert(source, tmp_path / "b.jsonl", preference)
    assert plan.same_text
    lost = convert(source, tmp_path / "c.jsonl", alpaca).losses
    assert [loss.text for loss in lost] == ["a rejected answer, which Alpaca has no place for"]


@pytest.mark.parametrize("name", ["b.csv", "b.tsv", "b.parquet", "b.jsonl.zst", "b.json.gz", "b.csv.gz"])
@pytest.mark.parametrize("rows", [[ALPACA, ALPACA | {"output": "a\nb"}], [CALLING, CALLING]], ids=["pairs", "turns"])
def test_every_kind_of_file_is_read_back(tmp_path: Path, name: str, rows: list[dict[str, Any]]) -> None:
    if "parquet" in name:
        pytest.importorskip("pyarrow")
    start = convert(written(tmp_path / "a.jsonl", *rows), tmp_path / "start.jsonl", sharegpt)
    assert start.lossless
    convert(tmp_path / "start.jsonl", tmp_path / name)
    back = convert(tmp_path / name, tmp_path / "back.jsonl", sharegpt)
    assert back.lossless
    assert values_of(tmp_path / "back.jsonl") == values_of(tmp_path / "start.jsonl")


def test_labels_of_a_table_are_labels_again(tmp_path: Path) -> None:
    row = {"prompt": "Q", "completion": "A", "label": False}
    assert len(convert(written(tmp_path / "a.jsonl", row), tmp_path / "b.csv").losses) == 1
    convert(tmp_path / "b.csv", tmp_path / "c.jsonl")
    assert values_of(tmp_path / "c.jsonl") == [row]


@pytest.mark.parametrize("depth", [200, 900, 5000])
@pytest.mark.parametrize("name", ["b.jsonl", "b.json", "b.csv", "b.parquet"])
def test_deep_nesting_is_written_or_refused(tmp_path: Path, depth: int, name: str) -> None:
    if "parquet" in name:
        pytest.importorskip("pyarrow")
    call = f'{{"name": "t", "arguments": {"[" * depth}{"]" * depth}}}'
    turns = f'[{{"role": "user", "content": "q"}}, {{"role": "assistant", "tool_calls": [{call}]}}]'
    source = written(tmp_path / "a.jsonl", f'{{"messages": {turns}, "id": {"[" * depth}{"]" * depth}}}', CALLING)
    with suppress(BurnishError):
        convert(source, tmp_path / name, sharegpt)
        assert (tmp_path / name).stat().st_size > 100
