"""Question and answer of Alpaca rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.errors import InputError
from data.formats import alpaca
from data.formats.pair import Pair
from data.store import RowStore
from tests.data.formats.rows import written


def test_pairs_of_a_file_and_of_a_store_with_unsaved_edits(tmp_path: Path) -> None:
    path = written(
        tmp_path / "rows.jsonl",
        {"instruction": "q", "input": "", "output": "a"},
        {"instruction": "q", "input": " some\ninput ", "output": " a\n", "system": "s"},
        {"input": "only input", "output": "a", "system": None, "history": [], "extra": 1},
    )
    expected = [Pair("q", "a", 1), Pair("q\n\n some\ninput ", " a\n", 2, "s"), Pair("only input", "a", 3)]
    assert list(alpaca.pairs(path)) == expected
    store = RowStore.open(path)
    store.delete(0)
    store.set_field(0, "output", "b")
    assert list(alpaca.pairs(store)) == [Pair("q\n\n some\ninput ", "b", 1, "s"), Pair("only input", "a", 2)]
    store.close()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"instruction": "q"}, "bad.jsonl, row 2 has no output; mend or delete that row."),
        ({"instruction": "q", "output": ""}, "row 2 has no output"),
        ({"instruction": "q", "output": " \n"}, "row 2 has no output"),
        ({"instruction": "q", "output": None}, "row 2 has no output"),
        ({"instruction": "q", "output": ["a"]}, "row 2 has output that is no text"),
        ({"output": "a"}, "row 2 has no instruction"),
        ({"instruction": "q", "output": "a", "history": [["q", "a"]]}, "row 2 has a history of earlier turns"),
        ('{"instruction": "q", "out', "bad.jsonl: Row 2 is cut off"),
    ],
)
def test_a_row_that_cannot_be_trained_on_is_named(tmp_path: Path, row: object, words: str) -> None:
    path = written(tmp_path / "bad.jsonl", {"instruction": "q", "output": "a"}, row)
    with pytest.raises(InputError) as caught:
        list(alpaca.pairs(path))
    assert words in caught.value.sentence


def test_what_is_no_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        list(alpaca.pairs(tmp_path / "none.jsonl"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"instruction": "q", "output": "a"}] * 2 + [{"messages": []}], True),
        ([{"instruction": "q", "output": "a"}, {"messages": []}], False),
        ([{"instruction": "q", "chosen": "a", "rejected": "b"}], False),
        ([], False),
    ],
)
def test_recognised_by_its_fields(rows: list[dict[str, Any]], expected: bool) -> None:
    assert alpaca.recognise(rows) is expected
