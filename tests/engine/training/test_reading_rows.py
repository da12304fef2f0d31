"""What a run reads of conversations and texts, and which of their tokens it learns."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.errors import InputError
from data.formats.conversation import Conversation, Turn
from data.formats.reading import conversations
from data.rendered_row import LossOn, render_row
from data.templates import Template
from engine.training.check import check_job
from engine.training.examples import Examples, encode, encode_rows
from engine.training.job import DatasetSection, MixedDataset
from engine.training.labels import IGNORED
from engine.training.rows import load_rows
from tests.data.formats.rows import written
from tests.engine.training.jobs import tiny_job

SAID = ("How fast?", "150 MHz.", "And how much SRAM?", "520 KB.")


def chat(*marks: dict[str, Any]) -> dict[str, Any]:
    """A row of two questions and answers; `marks` are further keys of the answers."""
    turns = [{"role": ("user", "assistant")[place % 2], "content": text} for place, text in enumerate(SAID)]
    for turn, mark in zip(turns[1::2], marks, strict=False):
        turn |= mark
    return {"messages": turns}


def learnt(template: Template, examples: Examples) -> list[str]:
    """The learnt text of each example."""
    return [template.decode([label for label in labels if label != IGNORED]) for labels in examples.labels]


@pytest.fixture
def template(tiny_model: Path) -> Template:
    """The tiny model's."""
    return Template.from_model(tiny_model)


@pytest.mark.parametrize(
    ("loss_on", "marks", "said"),
    [
        ("answers", (), "150 MHz.520 KB."),
        ("last-answer", (), "520 KB."),
        ("answers", ({"train": False},), "520 KB."),
        ("answers", ({"weight": 1}, {"weight": 0}), "150 MHz."),
        ("last-answer", ({"weight": 1}, {"weight": 0}), "150 MHz."),
    ],
)
def test_the_answers_that_are_asked_for_are_learnt(
    tmp_path: Path, template: Template, loss_on: LossOn, marks: tuple[dict[str, Any], ...], said: str
) -> None:
    written(tmp_path / "chat.jsonl", chat(*marks))
    rows = load_rows(DatasetSection("chat.jsonl"), tmp_path).train
    examples = encode_rows(template, rows, 512, loss_on)
    assert learnt(template, examples) == [said]
    # The last token that is fed is learnt, and ends an answer.
    assert examples.labels[0][-1] in template.end_of_turn_ids
    shown = render_row(template, next(conversations(tmp_path / "chat.jsonl")), loss_on=loss_on)
    assert [label != IGNORED for label in examples.labels[0]] == list(shown.target_mask[: shown.fed])


def test_everything_is_learnt_where_asked(tmp_path: Path, template: Template) -> None:
    written(tmp_path / "chat.jsonl", chat({"train": False}))
    examples = encode_rows(template, load_rows(DatasetSection("chat.jsonl"), tmp_path).train, 512, "everything")
    assert examples.labels == examples.input_ids
    assert "user\nHow fast?" in learnt(template, examples)[0]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"messages": [{"role": "user", "content": "Why?"}]}, "has no answer"),
        (chat({"weight": 0}, {"train": False}), "says of no answer that it is to be trained on"),
        (chat({"weight": 0.5}), "has an answer of the weight 0.5, where only 0 and 1 can be trained with"),
        (chat({"content": " "}), "has an answer without text"),
        ({"messages": [{"role": "assistant", "content": "Hello."}]}, "has no question"),
        (chat({"reasoning_content": "Hm."}), "has reasoning apart from its answer, which is not rendered yet"),
        (chat() | {"tools": [{"name": "f"}]}, "has tools, which are not rendered yet"),
    ],
)
def test_rows_that_cannot_be_trained_on_say_why(tmp_path: Path, row: dict[str, Any], why: str) -> None:
    written(tmp_path / "chat.jsonl", chat(), row)
    with pytest.raises(InputError, match=rf"^chat\.jsonl, row 2 {why}; mend or delete that row"):
        load_rows(DatasetSection("chat.jsonl"), tmp_path)
    assert len(load_rows(DatasetSection("chat.jsonl", unusable="skip"), tmp_path).train) == 1


def test_a_long_text_becomes_pieces_that_predict_each_token_once(template: Template) -> None:
    text = "The RP2350 runs at up to 150 MHz. " * 9
    rows = [Conversation((Turn("text", text),), 1), Conversation((Turn("text", "Paris."),), 2)]
    whole = template.document(text)
    (end,) = template.tokenise(["<|im_end|>"])[0][0]
    assert whole[-1] == end
    examples = encode(template, rows, 20, "text")
    assert max(examples.lengths) == 20
    assert examples.labels == examples.input_ids
    assert examples.places == [0] * (len(examples) - 1) + [1]
    predicted = [token for ids in examples.input_ids[:-1] for token in ids[1:]]
    assert [whole[0], *predicted] == whole
    assert (examples.cut, examples.dropped, examples.longest) == (0, 0, len(whole))


def test_a_text_file_is_one_text(tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_text("One.\n\nTwo.\n")
    (row,) = load_rows(DatasetSection("book.txt"), tmp_path, "text").train
    assert row.turns[0].text == "One.\n\nTwo.\n"
    with pytest.raises(InputError, match="too few different texts to hold some out"):
        load_rows(DatasetSection("book.txt", held_out_fraction=0.1), tmp_path, "text")
    written(tmp_path / "texts.jsonl", {"text": "One."}, {"text": "Two."})
    assert len(load_rows(DatasetSection("texts.jsonl"), tmp_path, "text").train) == 2
    with pytest.raises(InputError, match='is text without a question and an answer; set stage to "text"'):
        load_rows(DatasetSection("texts.jsonl"), tmp_path)
    written(tmp_path / "chat.jsonl", chat())
    with pytest.raises(InputError, match='has turns and no plain text; set stage to "instruction"'):
        load_rows(DatasetSection("chat.jsonl"), tmp_path, "text")


def test_the_plan_counts_tokens_before_the_start(workspace: Path, tiny_model: Path, template: Template) -> None:
    rows = load_rows(DatasetSection("data.jsonl"), workspace).train
    examples = encode_rows(template, rows, 512)
    plan = check_job(tiny_job(tiny_model), workspace)
    assert plan.tokens is not None
    assert (plan.tokens.epoch, plan.tokens.longest) == (sum(examples.lengths), max(examples.lengths))
    assert (plan.tokens.cut, plan.tokens.dropped) == (0, 0)
    assert plan.tokens.targets == sum(label != IGNORED for labels in examples.labels for label in labels)
    limit = max(examples.lengths) - 1
    cut = check_job(tiny_job(tiny_model, training={"max_length": limit}), workspace).tokens
    assert cut is not None
    assert cut.cut == sum(length > limit for length in examples.lengths)
    assert cut.epoch == plan.tokens.epoch - cut.cut


def test_what_the_model_cannot_take_is_one_sentence(workspace: Path, tiny_model: Path) -> None:
    with pytest.raises(InputError, match=r"^training\.max_length is 2048 and tiny was made for 1024 tokens; set it to"):
        check_job(tiny_job(tiny_model, training={"max_length": 2048}), workspace)
    with pytest.raises(InputError, match=r'^training\.optimizer "adamw-8bit" needs a CUDA GPU'):
        check_job(tiny_job(tiny_model, training={"optimizer": "adamw-8bit"}), workspace)


def test_a_template_is_checked_before_the_start(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(tiny_model)
    with pytest.raises(InputError, match=r"^There is no template none\.jinja; give alpaca, a Jinja file"):
        check_job(replace(job, template="none.jinja"), workspace)
    for name, text, why in (
        ("broken.jinja", "{% for message in %}", "The chat template of broken.jinja is not valid Jinja"),
        ("mute.jinja", "{{ messages[0].content }}", "leaves out an answer"),
    ):
        (workspace / name).write_text(text)
        with pytest.raises(InputError, match=why):
            check_job(replace(job, template=name), workspace)
    assert check_job(replace(job, template="alpaca"), workspace).tokens != check_job(job, workspace).tokens


def test_steps_are_those_that_are_asked_for(workspace: Path, tiny_model: Path) -> None:
    assert check_job(tiny_job(tiny_model, training={"max_steps": 5}), workspace).steps == 5
    packed = check_job(tiny_job(tiny_model, training={"packing": True, "batch_size": 1, "max_length": 128}), workspace)
    assert packed.tokens is not None
    assert packed.tokens.epoch / 128 <= packed.units < 24
    assert packed.steps == 3 * packed.units
    away = replace(tiny_job(tiny_model, training={"packing": True}), model="owner/model")
    assert check_job(away, workspace).estimated


@pytest.mark.parametrize("loss_on", ["answers", "last-answer", "everything"])
def test_tokens_are_estimated_where_the_model_is_not_here(workspace: Path, tiny_model: Path, loss_on: str) -> None:
    job = tiny_job(tiny_model, training={"loss_on": loss_on})
    counted = check_job(job, workspace).tokens
    likely = check_job(replace(job, model="owner/model"), workspace).tokens
    assert counted is not None
    assert likely is not None
    assert (counted.estimated, likely.estimated) == (False, True)
    assert likely.targets <= likely.epoch
    assert (likely.targets == likely.epoch) == (loss_on == "everything")
    # The tiny model's tokenizer knows few words, so its tokens are shorter than those of a real one.
    assert counted.epoch / 4 < likely.epoch < counted.epoch * 2


def test_a_mix_shows_each_file_by_its_weight(workspace: Path, tiny_model: Path) -> None:
    written(workspace / "more.jsonl", *[chat()] * 4)
    text = json.dumps({"question": "How fast is the chip number 7?", "answer": "7 MHz."})
    (workspace / "own.jsonl").write_text(f"{text}\n")
    job = tiny_job(tiny_model)
    mix = (MixedDataset("more.jsonl", 0.5), MixedDataset("own.jsonl"))
    mixed = replace(job.dataset, weight=2.0, mix=mix)
    plan = check_job(replace(job, dataset=mixed), workspace)
    assert (plan.rows, plan.units) == (29, 48 + 2 + 1)
    assert [path.name for path in load_rows(mixed, workspace).files] == ["data.jsonl", "more.jsonl", "own.jsonl"]
