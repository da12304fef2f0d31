"""Tokens of rows are counted as training counts them, once for each content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.errors import InputError
from data.formats import alpaca
from data.formats.pair import Pair
from data.rendered_row import render_row
from data.rows.row import Row
from data.templates import Template
from engine.models.tokenizer import Tokenizing
from tests.tiny import CHATML, write_tokenizer
from tests.tui.dataset.stage import pair
from tui.dataset.token_count import TokenCounter


@pytest.fixture
def model(tmp_path: Path) -> Path:
    write_tokenizer(tmp_path / "tiny", CHATML)
    return tmp_path / "tiny"


def counter(model: Path, max_length: int = 512) -> TokenCounter:
    """A counter with this model's tokenizer."""
    made = TokenCounter()
    made.load(model.parent, Tokenizing("tiny", max_length))
    return made


def test_rows_are_counted_as_training_counts_them(model: Path) -> None:
    tokens = counter(model)
    assert (tokens.ready, tokens.name, tokens.max_tokens, tokens.problem) == (True, "tiny", 512, "")
    expected = render_row(Template.from_model(model), Pair("How fast?", "150 MHz.", 1)).whole
    assert tokens.count(pair("How fast?", "150 MHz."), 1) == expected
    assert tokens.count(pair("How fast?", "150 MHz."), 9) == expected
    assert tokens.render(pair("How fast?", "150 MHz."), 1).whole == expected


def test_what_cannot_be_rendered_has_no_count(model: Path) -> None:
    tokens = counter(model)
    rows = [pair("a?", "b"), {"x": 1}, pair("a?", ""), {"text": "plain"}, pair("a?", "b")]
    first, *rest = tokens.count_many([(values, number) for number, values in enumerate(rows, 1)])
    assert first
    assert rest == [None, None, None, first]
    with pytest.raises(InputError, match=r"^Row 3 has no output\.$"):
        tokens.render(rows[2], 3)


def test_deep_nesting_is_counted_too(model: Path) -> None:
    deep = json.loads("[" * 900 + "]" * 900)
    tokens = counter(model)
    assert tokens.count(pair("a?", "b", more=deep), 1) == tokens.count(pair("a?", "b"), 2)


def test_a_row_is_read_by_the_format_of_its_file(model: Path) -> None:
    tokens = counter(model)
    tokens.form = alpaca
    sharegpt = {"conversations": [{"from": "human", "value": "a?"}, {"from": "gpt", "value": "b"}]}
    assert tokens.count(sharegpt, 1) == tokens.count(pair("a?", "b"), 2)


def test_the_maximum_length_is_that_of_training(model: Path) -> None:
    (model / "config.json").write_text('{"max_position_embeddings": 20}')
    assert counter(model).max_tokens == 20
    tokens = counter(model, 12)
    row = tokens.render(pair("How fast does it run?", "150 MHz."), 1)
    assert row.cut == row.whole - 12


def test_without_a_tokenizer_the_reason_is_told(tmp_path: Path) -> None:
    tokens = TokenCounter()
    assert (tokens.ready, tokens.count(pair("a?", "b"), 1)) == (False, None)
    with pytest.raises(InputError, match="still being read"):
        tokens.render(pair("a?", "b"), 1)
    tokens.load(tmp_path, Tokenizing("./none"))
    assert not tokens.ready
    assert tokens.problem.startswith("There is no model directory")
    with pytest.raises(InputError, match="There is no model directory"):
        tokens.render(pair("a?", "b"), 1)


def test_another_length_needs_no_other_tokenizer(model: Path) -> None:
    tokens = counter(model)
    before = tokens.template
    tokens.load(model.parent, Tokenizing("tiny", 8))
    assert (tokens.template, tokens.max_tokens) == (before, 8)
    tokens.load(model.parent, Tokenizing("./none", 8))
    assert not tokens.ready
    tokens.load(model.parent, Tokenizing("tiny", 16))
    assert (tokens.ready, tokens.max_tokens, tokens.problem) == (True, 16, "")


def test_long_rows_are_not_counted_while_drawing(model: Path) -> None:
    tokens = counter(model)
    put_off: list[bool] = []
    tokens.on_long_row = lambda: put_off.append(True)
    rows = [pair("How fast?", "150 MHz."), pair("How fast?", "150 MHz. " * 5000)]
    short, long = (Row(at, at + 1, json.dumps(values), values, None, False) for at, values in enumerate(rows))
    assert tokens.glance(short) == tokens.count(rows[0], 1)
    assert (tokens.glance(long), tokens.glance(long), put_off) == (None, None, [True])
    tokens.count_long_rows()
    assert tokens.glance(long) == tokens.count(rows[1], 2)
    assert tokens.glance(Row(0, 1, "x", None, "no", False)) is None
