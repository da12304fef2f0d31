"""Pairs and conversations of files of any format."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import InputError
from data.formats import alpaca
from data.formats.conversation import Conversation, Turn
from data.formats.pair import Pair
from data.formats.reading import conversations, pairs
from data.store import RowStore
from tests.data.formats.rows import written

SHAREGPT = {"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]}
KTO = {"prompt": "q", "completion": "bad", "label": False}


def test_pairs_of_any_format_with_unsaved_edits(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.jsonl", {"inputs": "q", "targets": "a"}, {"inputs": "r", "targets": "b"})
    assert list(pairs(path)) == [Pair("q", "a", 1), Pair("r", "b", 2)]
    store = RowStore.open(path)
    store.delete(0)
    assert list(pairs(store)) == [Pair("r", "b", 1)]
    store.close()


def test_alpaca_rows_give_the_same_pairs_by_their_own_module(tmp_path: Path) -> None:
    row = {"instruction": " q\n", "input": "i ", "output": " a", "system": "s"}
    path = written(tmp_path / "rows.jsonl", row, {"input": "i", "output": "a", "instruction": None, "system": " "})
    assert list(pairs(path)) == list(alpaca.pairs(path))


def test_conversations_hold_what_pairs_cannot(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.jsonl", KTO)
    assert list(conversations(path)) == [
        Conversation((Turn("user", "q"), Turn("assistant", "bad")), 1, label=False),
    ]
    with pytest.raises(InputError) as caught:
        list(pairs(path))
    assert caught.value.sentence.startswith("rows.jsonl, row 1 is marked as a bad answer")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            [{"question": "q"}],
            "rows.jsonl is of no format that can be read here: the rows have question, which are the fields of no "
            "known format.",
        ),
        (
            [{"prompt": "q", "completion": "a"}] * 2 + [KTO],
            "rows.jsonl, row 3 is KTO, where the file is prompt and completion; mend or delete that row.",
        ),
        (
            [SHAREGPT, {"id": 1}, SHAREGPT],
            "rows.jsonl, row 2 has no messages or conversations; mend or delete that row.",
        ),
        (
            [SHAREGPT, SHAREGPT, '{"conversations": ['],
            "rows.jsonl: Row 3 is cut off: a value is missing (character 20).",
        ),
    ],
)
def test_a_row_that_is_no_pair_is_named(tmp_path: Path, rows: list[object], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        list(pairs(written(tmp_path / "rows.jsonl", *rows)))
    assert caught.value.sentence == sentence
