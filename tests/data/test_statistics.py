"""What a dataset amounts to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.formats import alpaca, messages
from data.formats.conversation import Conversation
from data.formats.detect import look
from data.statistics import Bin, Counting, Statistics, drawn, statistics
from data.store import RowStore
from tests.data.formats.rows import written


def counted(path: Path) -> Statistics:
    store = RowStore.open(path)
    store.index_all()
    form = look(store).format
    assert form is not None
    result = statistics(store.snapshot(), form)
    store.close()
    return result


def row(question: str, answer: str, **more: object) -> dict[str, object]:
    return {"instruction": question, "output": answer, **more}


def test_rows_lengths_turns_and_questions(tmp_path: Path) -> None:
    rows = [
        row("How?", "a" * 96),
        row("how", "a"),
        row("What?", "", input="x"),
        "{",
        row("Why?", "abc", system="Be.", history=[["q", "a"]]),
        {"prompt": "p", "completion": "c"},
    ]
    result = counted(written(tmp_path / "rows.jsonl", *rows))
    assert (result.rows, result.unusable, result.first_unusable, result.questions) == (6, 3, 3, 2)
    assert result.reason == "has no output"
    assert result.turns == {2: 2, 4: 1}
    lengths = result.lengths
    assert lengths is not None
    assert (lengths.unit, lengths.rows, lengths.total) == ("characters", 3, 100 + 4 + 12)
    assert (lengths.median, lengths.most, lengths.longest, lengths.longest_row) == (12, 100, 100, 1)


def test_tokens_are_counted_where_there_is_a_tokenizer(tmp_path: Path) -> None:
    chat = [{"role": "user", "content": "a b"}, {"role": "assistant", "content": "c"}]
    store = RowStore.open(written(tmp_path / "rows.jsonl", *[{"messages": chat}] * 20, {"messages": chat * 2}))
    store.index_all()

    def words(rows: list[Conversation]) -> list[int | None]:
        return [None if len(each.turns) > 2 else sum(len(turn.text.split()) for turn in each.turns) for each in rows]

    result = statistics(store.snapshot(), messages, words)  # pyright: ignore[reportArgumentType]
    store.close()
    assert result.lengths is not None
    assert (result.lengths.unit, result.lengths.rows, result.lengths.total) == ("tokens", 20, 60)
    assert (result.rows, result.turns, result.questions) == (21, {2: 20, 4: 1}, 2)


def test_nothing_to_measure(tmp_path: Path) -> None:
    store = RowStore.open(written(tmp_path / "rows.jsonl", "{", "[1]"))
    store.index_all()
    result = statistics(store.snapshot(), alpaca)
    store.close()
    assert (result.rows, result.unusable, result.lengths, result.questions) == (2, 2, None, 0)


def test_counting_goes_in_small_steps(tmp_path: Path) -> None:
    store = RowStore.open(written(tmp_path / "rows.jsonl", *[row("How?", "x" * 300)] * 4000))
    store.index_all()
    counting = Counting(store.snapshot(), alpaca)
    fractions = list(counting.run())
    store.close()
    assert len(fractions) > 5
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert counting.result is not None
    assert counting.result.rows == 4000


@given(sizes=st.lists(st.integers(1, 5000), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_every_row_is_in_one_bin(tmp_path_factory: pytest.TempPathFactory, sizes: list[int]) -> None:
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    lengths = counted(written(path, *[row("q", "a" * size) for size in sizes])).lengths
    assert lengths is not None
    assert sum(each.rows for each in lengths.histogram) == len(sizes)
    assert len(lengths.histogram) <= 12
    for place, each in enumerate(lengths.histogram):
        assert each.low == (lengths.histogram[place - 1].high if place else 0)
        end = each.high or lengths.longest + 1
        assert each.rows == sum(each.low <= size + 1 < end for size in sizes)
    assert lengths.longest == max(sizes) + 1


def test_a_histogram_is_drawn() -> None:
    assert drawn((Bin(0, 10, 4), Bin(10, 20, 0), Bin(20, None, 1)), 24) == [
        "        0–9  ████████  4",
        "      10–19            0",
        "20 and more  ██        1",
    ]
    assert drawn((), 40) == []
    assert len(drawn((Bin(0, 10, 1),), 1)) == 1
