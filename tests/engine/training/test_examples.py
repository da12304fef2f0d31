"""Rows become tokens, of which the answer's carry loss."""

from __future__ import annotations

from pathlib import Path

from data.formats.pair import Pair
from data.rendered_row import render_row
from data.templates import Template
from engine.training.examples import encode_rows
from engine.training.labels import IGNORED
from tests.tiny import CHATML, write_tokenizer

ROW = Pair("How fast does the RP2350 run?", "The RP2350 runs at up to 150 MHz.", 1)


def template(folder: Path, text: str = CHATML) -> Template:
    """The template of a tokenizer made for this test."""
    write_tokenizer(folder, text)
    return Template.from_model(folder)


def test_the_answer_and_its_end_are_labels(tmp_path: Path) -> None:
    chatml = template(tmp_path)
    examples = encode_rows(chatml, [ROW, Pair("?", "!", 2)], 512)
    assert len(examples) == 2
    assert (examples.cut, examples.dropped, examples.endless) == (0, 0, 0)
    for ids, labels in zip(examples.input_ids, examples.labels, strict=True):
        assert len(ids) == len(labels)
        assert all(label in (IGNORED, token) for token, label in zip(ids, labels, strict=True))
        assert ids[-1] == labels[-1]
        assert ids[-1] in chatml.end_of_turn_ids
    assert chatml.decode([label for label in examples.labels[0] if label != IGNORED]) == ROW.answer
    assert examples.lengths == [len(ids) for ids in examples.input_ids]


def test_long_rows_are_cut_and_counted(tmp_path: Path) -> None:
    chatml = template(tmp_path)
    whole = encode_rows(chatml, [ROW], 512)
    prompt = whole.labels[0].count(IGNORED)
    cut = encode_rows(chatml, [ROW], prompt + 3)
    assert cut.input_ids[0] == whole.input_ids[0][: prompt + 3]
    assert (cut.cut, cut.dropped, cut.endless) == (1, 0, 0)
    nothing = encode_rows(chatml, [ROW], prompt)
    assert len(nothing) == 0
    assert (nothing.cut, nothing.dropped) == (0, 1)


def test_a_template_that_does_not_end_answers_is_noticed(tmp_path: Path) -> None:
    open_ended = template(tmp_path, "{% for message in messages %}{{ message.content + '\\n' }}{% endfor %}")
    assert encode_rows(open_ended, [ROW], 512).endless == 1


def test_the_trainer_is_fed_what_the_preview_shows(tmp_path: Path) -> None:
    chatml = template(tmp_path)
    long = Pair(
        "What is the capital of France?", "The capital of France is Paris, and has been for long.", 3, "Be kind."
    )
    rows = [ROW, Pair("?", "!", 2), long]
    limit = render_row(chatml, long).whole - 4
    examples = encode_rows(chatml, rows, limit)
    shown = [render_row(chatml, row, limit) for row in rows]
    assert examples.input_ids == [list(row.token_ids[: row.fed]) for row in shown]
    for row, labels in zip(shown, examples.labels, strict=True):
        assert [label != IGNORED for label in labels] == list(row.target_mask[: row.fed])
        assert sum(label != IGNORED for label in labels) == row.learnt
    assert (examples.cut, [row.cut for row in shown]) == (1, [0, 0, 4])
