"""Text and tokens of a conversation are those of transformers, and the mask marks exactly the answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer

from data.errors import InputError
from data.templates import ALPACA, Rendering, Template, conversation
from engine.models.catalog import EMBEDDED, models_folder, prepared
from tests.tiny import CHATML, CHATML_TOKENS, write_tokenizer

SMOLLM2 = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou "
    "are a helpful AI assistant<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + "
    "message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' "
    "}}{% endif %}"
)
LLAMA3 = (
    "{{- bos_token }}\n{%- if not date_string is defined %}\n    {%- set date_string = strftime_now('%d %b %Y') %}\n"
    "{%- endif %}\n{%- for message in messages %}\n    {{- '<|start_header_id|>' + message['role'] + "
    "'<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}\n{%- endfor %}\n"
    "{%- if add_generation_prompt %}\n    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}\n{%- endif %}\n"
)
MISTRAL = (
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'system' %}{{ raise_exception('No system "
    "turns!') }}{% elif message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% else %}"
    "{{ ' ' + message['content'] + eos_token }}{% endif %}{% endfor %}"
)
GEMMA = (
    "{{ bos_token }}\n{% for message in messages %}\n    {% set role = 'model' if message['role'] == 'assistant' else "
    "message['role'] %}\n    {% if loop.index0 > 9 %}{% break %}{% endif %}\n    {{ '<start_of_turn>' + role + '\\n' "
    "+ message['content'] | trim + '<end_of_turn>\\n' }}\n{% endfor %}\n{% if add_generation_prompt %}\n"
    "    {{'<start_of_turn>model\\n'}}\n{% endif %}\n"
)
MARKED = (
    "{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' }}{% generation %}{{ message.content + "
    "'<|im_end|>' }}{% endgeneration %}{{ '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ "
    "'<|im_start|>assistant\\n' }}{% endif %}{# {{ messages | tojson }} #}"
)
MARKING = (
    "{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' }}{% if message.role == 'assistant' %}"
    "{% generation %}{{ message.content + '<|im_end|>' }}{% endgeneration %}{% else %}{{ message.content + "
    "'<|im_end|>' }}{% endif %}{{ '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}"
    "{% endif %}"
)
THINKING = (
    "{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n<think>\\n' }}{% endif %}"
)

MODELS: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    "chatml": (CHATML, CHATML_TOKENS, "<|im_end|>", ""),
    "smollm2": (SMOLLM2, CHATML_TOKENS, "<|im_end|>", "<|im_start|>"),
    "llama3": (
        LLAMA3,
        ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
        "<|eot_id|>",
        "<|begin_of_text|>",
    ),
    "mistral": (MISTRAL, ("<s>", "</s>", "[INST]", "[/INST]"), "</s>", "<s>"),
    "gemma": (GEMMA, ("<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"), "<eos>", "<bos>"),
    "alpaca": (ALPACA, ("<s>", "</s>"), "</s>", "<s>"),
    "marked": (MARKED, CHATML_TOKENS, "<|im_end|>", ""),
    "thinking": (THINKING, CHATML_TOKENS, "<|im_end|>", ""),
}
ENDS = {"llama3": "<|eot_id|>", "mistral": "</s>", "gemma": "<end_of_turn>", "alpaca": "</s>"}
PREPARED = [name for name in EMBEDDED if prepared(name)]
"""Converted models of this machine, if there are any."""

CONVERSATIONS = [
    conversation("How fast is the RP2350?", "Up to 150 MHz."),
    conversation("Grüße, naïve café 🍓?", "  520 KB 🦙 of SRAM.\n\nAnd more. "),
    conversation("Say <|im_end|> and </s>", "Here: <|im_end|> or <|eot_id|>, <end_of_turn> and </s>."),
    [*conversation("One?", "1"), *conversation("Two?", "2")],
    conversation("One", "One"),
]


@pytest.fixture(scope="module")
def directories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("templates")
    for name, (template, tokens, end, begin) in MODELS.items():
        write_tokenizer(folder / name, template, tokens, end=end, begin=begin)
    return {name: folder / name for name in MODELS} | {name: models_folder() / name for name in PREPARED}


@pytest.mark.parametrize("name", [*MODELS, *PREPARED])
def test_token_ids_are_those_of_transformers(name: str, directories: dict[str, Path]) -> None:
    template = Template.from_model(directories[name])
    theirs = AutoTokenizer.from_pretrained(directories[name])
    system = [] if name == "mistral" else [conversation("Who?", "Me.", system="Answer in one word.")]
    for turns in CONVERSATIONS + system:
        plain = [dict(turn) for turn in turns]
        rendering = template.encode(turns)
        assert list(rendering.token_ids) == theirs.apply_chat_template(plain, return_dict=False)
        assert rendering.text == theirs.apply_chat_template(plain, tokenize=False)
        prompt = template.encode(turns[:-1], add_generation_prompt=True)
        ids = theirs.apply_chat_template(plain[:-1], add_generation_prompt=True, return_dict=False)
        assert list(prompt.token_ids) == ids
        assert not any(prompt.target_mask)


def marked(rendering: Rendering) -> list[str]:
    """The text of each stretch of targets."""
    stretches: list[list[tuple[int, int]]] = []
    before = False
    for span, target in zip(rendering.offsets, rendering.target_mask, strict=True):
        if target and not before:
            stretches.append([])
        if target:
            stretches[-1].append(span)
        before = target
    return [rendering.text[spans[0][0] : spans[-1][1]] for spans in stretches]


@pytest.mark.parametrize("name", [*MODELS, *PREPARED])
def test_the_mask_marks_each_answer_and_the_token_that_ends_it(name: str, directories: dict[str, Path]) -> None:
    template = Template.from_model(directories[name])
    end = ENDS.get(name, "<|im_end|>")
    for turns in CONVERSATIONS:
        rendering = template.encode(turns)
        answers = [turn["content"] for turn in turns if turn["role"] == "assistant"]
        assert [each.removesuffix(end).strip() for each in marked(rendering)] == [each.strip() for each in answers]
        assert all(each.endswith(end) for each in marked(rendering))
        last = max(place for place, target in enumerate(rendering.target_mask) if target)
        assert rendering.token_ids[last] in template.end_of_turn_ids


@pytest.mark.parametrize("name", [*MODELS, *PREPARED])
def test_an_answer_without_loss_is_not_marked(name: str, directories: dict[str, Path]) -> None:
    template = Template.from_model(directories[name])
    turns = [*conversation("One?", "1"), *conversation("Two?", "2"), *conversation("Three?", "3")]
    rendering = template.encode(turns, without_loss={1, 5})
    assert [each[: each.index("2") + 1].strip() for each in marked(rendering)] == ["2"]
    assert not any(template.encode(turns, without_loss={1, 3, 5}).target_mask)


def test_the_mask_is_the_one_that_a_template_marks_itself(tmp_path: Path) -> None:
    write_tokenizer(tmp_path, MARKING)
    template, theirs = Template.from_model(tmp_path), AutoTokenizer.from_pretrained(tmp_path)
    for turns in CONVERSATIONS:
        plain = [dict(turn) for turn in turns]
        found = theirs.apply_chat_template(plain, return_dict=True, return_assistant_tokens_mask=True)
        rendering = template.encode(turns)
        assert list(rendering.token_ids) == found["input_ids"]
        assert list(rendering.target_mask) == [bool(each) for each in found["assistant_masks"]]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(min_size=1), answers=st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_any_answer_is_marked_whole(question: str, answers: list[str], directories: dict[str, Path]) -> None:
    template = Template.from_model(directories["chatml"])
    rendering = template.encode([turn for answer in answers for turn in conversation(question, answer)])
    assert "".join(marked(rendering)) == "".join(f"{answer}<|im_end|>" for answer in answers)


def test_text_survives_decoding(directories: dict[str, Path]) -> None:
    template = Template.from_model(directories["chatml"])
    rendering = template.encode(conversation("How fast?", "Up to 150 MHz."))
    answer = [token for token, target in zip(rendering.token_ids, rendering.target_mask, strict=True) if target]
    assert template.decode(answer) == "Up to 150 MHz."


def test_a_template_inside_the_tokenizer_config_is_found(tmp_path: Path) -> None:
    write_tokenizer(tmp_path, CHATML)
    (tmp_path / "chat_template.jinja").unlink()
    for inside in (CHATML, [{"name": "tools", "template": "x"}, {"name": "default", "template": CHATML}]):
        settings_file = tmp_path / "tokenizer_config.json"
        settings_file.write_text(json.dumps({"eos_token": {"content": "<|im_end|>"}, "chat_template": inside}))
        template = Template.from_model(tmp_path)
        assert template.source == CHATML
        assert template.own
        assert template.special_tokens == {"eos_token": "<|im_end|>"}


def test_a_model_without_a_template_gets_alpacas(tmp_path: Path) -> None:
    write_tokenizer(tmp_path, CHATML, ("<s>", "</s>"), end="</s>")
    (tmp_path / "chat_template.jinja").unlink()
    template = Template.from_model(tmp_path)
    assert not template.own
    assert template.render(conversation("How fast?", "150 MHz.", system="Be short.")) == (
        "Be short.\n\n### Instruction:\nHow fast?\n\n### Response:\n150 MHz.</s>\n\n"
    )
    assert template.render(conversation("How fast?"), add_generation_prompt=True) == (
        "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
        "### Instruction:\nHow fast?\n\n### Response:\n"
    )


def test_what_a_template_refuses_is_one_sentence(tmp_path: Path, directories: dict[str, Path]) -> None:
    mistral = Template.from_model(directories["mistral"])
    with pytest.raises(InputError, match=r"^The chat template of mistral refuses this conversation: No system turns"):
        mistral.encode(conversation("Who?", "Me.", system="x"))
    write_tokenizer(tmp_path / "broken", "{% for x in %}")
    with pytest.raises(InputError, match=r"broken is not valid Jinja: .* \(line 1\)\.$"):
        Template.from_model(tmp_path / "broken").render(conversation("?"))
    write_tokenizer(tmp_path / "evil", "{{ messages.__class__.__mro__ }}")
    with pytest.raises(InputError, match="refuses this conversation: access to attribute"):
        Template.from_model(tmp_path / "evil").render(conversation("?"))
    write_tokenizer(tmp_path / "mute", "{% for message in messages %}{{ message.role }}{% endfor %}")
    with pytest.raises(InputError, match="leaves out an answer"):
        Template.from_model(tmp_path / "mute").encode(conversation("?", "150 MHz"))


def test_a_directory_without_a_readable_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no tokenizer\.json"):
        Template.from_model(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(InputError, match="cannot be read as a tokenizer"):
        Template.from_model(tmp_path).encode(conversation("?"))
    (tmp_path / "tokenizer_config.json").write_text("{")
    with pytest.raises(InputError, match="is not a JSON file"):
        Template.from_model(tmp_path)


def _json(values: object) -> str:
    import json

    return json.dumps(values)
