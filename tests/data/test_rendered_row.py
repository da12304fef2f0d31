"""A row is rendered as training sees it: the same ids as transformers', loss on every answer, and what is cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from transformers import AutoTokenizer

from data.errors import InputError
from data.formats.pair import Pair
from data.rendered_row import RenderedRow, count_rows, messages_of, read_conversation, render_row
from data.templates import Template
from tests.data.test_templates import MODELS
from tests.tiny import CHATML, write_tokenizer


def alpaca(question: str, answer: str, **more: object) -> dict[str, Any]:
    """An Alpaca row."""
    return {"instruction": question, "output": answer, **more}


ROWS: dict[str, dict[str, Any]] = {
    "alpaca": alpaca("How fast?", "150 MHz.", input="the RP2350"),
    "history": alpaca("And now?", "2", history=[["Before?", "1"], ["Later?", "1.5"]]),
    "sharegpt": {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": " Hello. "}]},
    "parts": {
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
            {"role": "assistant", "content": "Yes"},
        ]
    },
    "preference": {"prompt": "How fast?", "chosen": "150 MHz", "rejected": "1 GHz"},
    "oasst": {
        "thread_id": "1",
        "thread": [
            {"role": "prompter", "text": "a?"},
            {"role": "assistant", "text": "b"},
            {"role": "prompter", "text": "c?"},
        ],
    },
    "dolly": {"instruction": "Sum?", "context": "1 and 1", "response": "2", "category": "closed_qa"},
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("rendered")
    for name, (template, tokens, end, begin) in MODELS.items():
        write_tokenizer(folder / name, template, tokens, end=end, begin=begin)
    return {name: folder / name for name in MODELS}


@pytest.fixture
def chatml(tmp_path: Path) -> Template:
    write_tokenizer(tmp_path / "chatml", CHATML)
    return Template.from_model(tmp_path / "chatml")


def learnt(row: RenderedRow) -> str:
    """The text of the tokens that carry loss."""
    spans = [span for span, target in zip(row.offsets, row.target_mask, strict=True) if target]
    return "".join(row.text[start:end] for start, end in spans)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("kind", ROWS)
def test_ids_are_those_of_transformers(name: str, kind: str, models: dict[str, Path]) -> None:
    row = read_conversation(ROWS[kind], 1)
    messages = [dict(each) for each in messages_of(row)[0]]
    rendered = render_row(Template.from_model(models[name]), row)
    theirs = AutoTokenizer.from_pretrained(models[name])
    assert list(rendered.token_ids) == theirs.apply_chat_template(messages, return_dict=False)
    assert rendered.text == theirs.apply_chat_template(messages, tokenize=False)


def test_every_answer_carries_loss(chatml: Template) -> None:
    rendered = render_row(chatml, read_conversation(ROWS["history"], 1))
    assert learnt(rendered) == "1<|im_end|>1.5<|im_end|>2<|im_end|>"
    assert rendered.learnt == sum(rendered.target_mask)


def test_a_turn_of_no_weight_carries_none(chatml: Template) -> None:
    turns = [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "One?"},
        {"role": "assistant", "content": "1", "weight": 0},
        {"role": "user", "content": "Two?"},
        {"role": "assistant", "content": "2", "weight": 1},
    ]
    assert learnt(render_row(chatml, read_conversation({"messages": turns}, 1))) == "2<|im_end|>"
    turns[-1]["weight"] = 0
    nothing = render_row(chatml, read_conversation({"messages": turns}, 1))
    assert (learnt(nothing), nothing.fed, nothing.whole) == ("", 0, len(nothing.token_ids))


def test_what_follows_the_last_answer_is_not_fed(chatml: Template) -> None:
    rendered = render_row(chatml, read_conversation(ROWS["oasst"], 1))
    assert rendered.text[: rendered.offsets[rendered.fed - 1][1]].endswith("b<|im_end|>")
    assert (rendered.fed, rendered.cut) == (rendered.whole, 0)


def test_what_the_maximum_length_cuts_off_is_counted(chatml: Template) -> None:
    row = Pair("How fast does it run?", "Up to 150 MHz.", 1)
    whole = render_row(chatml, row)
    assert (whole.fed, whole.cut) == (whole.whole, 0)
    assert render_row(chatml, row, whole.whole) == whole
    cut = render_row(chatml, row, whole.whole - 2)
    assert (cut.fed, cut.cut, cut.learnt) == (whole.whole - 2, 2, whole.learnt - 2)
    assert (cut.token_ids, cut.text) == (whole.token_ids, whole.text)
    nothing = render_row(chatml, row, whole.whole - whole.learnt)
    assert (nothing.fed, nothing.cut, nothing.learnt) == (0, whole.learnt, 0)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"messages": [{"role": "user", "content": "a"}], "tools": [{"name": "x"}]}, "Row 7 has tools"),
        ({"messages": [{"role": "user", "content": "a"}, {"role": "tool", "content": "a"}]}, "Row 7 has tools"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "Row 7 has image_url, which is no text"),
        ({"messages": [{"role": "user", "content": "a"}], "images": ["a.png"]}, "Row 7 has images, which is no text"),
        ({"messages": [{"role": "assistant", "content": "a", "reasoning": "b"}]}, "Row 7 has reasoning"),
        ({"text": "Once upon a time"}, "Row 7 is plain text"),
        ({"messages": []}, "Row 7 has the fields of no known format"),
        ({"instruction": "a", "output": ""}, "Row 7 has no output"),
        ({"a": 1}, "Row 7 has the fields of no known format"),
    ],
)
def test_what_is_not_rendered_says_why(values: dict[str, Any], reason: str, chatml: Template) -> None:
    with pytest.raises(InputError, match=f"^{reason}.*\\.$"):
        render_row(chatml, read_conversation(values, 7))


@pytest.mark.parametrize("name", MODELS)
def test_counting_many_rows_is_counting_each(name: str, models: dict[str, Path]) -> None:
    template = Template.from_model(models[name])
    odd = [
        {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 0}]},
        {"messages": [{"role": "user", "content": "a"}]},
        alpaca("Say it", f"Here: {template.ending}"),
        alpaca("Spaces", "  around  \n"),
    ]
    rows = [read_conversation(values, 1) for values in (*ROWS.values(), *odd)]
    rows.append(read_conversation({"text": "plain"}, 1))
    assert count_rows(template, rows) == [*(render_row(template, row).whole for row in rows[:-1]), None]
