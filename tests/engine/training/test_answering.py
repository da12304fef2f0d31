"""Sample answers: greedy, the same alone or in company, and without a trace in the random generators."""

from __future__ import annotations

from pathlib import Path

import torch

from data.templates import Template, conversation
from engine.training.answering import LONGEST, SHORTEST, USUAL, answer, answer_length
from engine.training.job import MethodSection
from engine.training.loading import Arithmetic, load_model

FP32 = Arithmetic("cpu", bf16=False)
QUESTIONS = ["How fast?", "What is the capital of France, and how fast does the RP2350 run?", "Who?"]


def test_a_batch_answers_like_one_by_one(tiny_model: Path) -> None:
    template = Template.from_model(tiny_model)
    model = load_model(tiny_model, MethodSection(kind="full"), FP32)
    torch.manual_seed(5)
    for weight in model.model.layers.parameters():
        # Untrained, it would repeat the last token of every prompt.
        torch.nn.init.normal_(weight, std=0.5)
    turns = [conversation(question) for question in QUESTIONS]
    before = torch.random.get_rng_state()
    together = answer(model, template, turns, FP32, pad_id=2, max_tokens=12)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert together == [answer(model, template, [each], FP32, pad_id=2, max_tokens=12)[0] for each in turns]
    assert len(set(together)) > 1


def test_an_answer_ends_with_its_turn(tiny_model: Path) -> None:
    template = Template.from_model(tiny_model)
    model = load_model(tiny_model, MethodSection(kind="full"), FP32)
    (end,) = template.end_of_turn_ids
    with torch.no_grad():
        # Every hidden state now points at the token that ends the turn.
        model.get_input_embeddings().weight.zero_()
        model.get_input_embeddings().weight[end] = 1.0
        model.model.norm.weight.fill_(1.0)
    assert answer(model, template, [conversation("Who?")], FP32, pad_id=end, max_tokens=5) == [""]


def test_answers_may_be_twice_as_long_as_the_references(tiny_model: Path) -> None:
    template = Template.from_model(tiny_model)
    reference = "The capital of France is Paris. " * 2
    assert answer_length(template, []) == answer_length(template, [""]) == USUAL
    assert answer_length(template, ["1", ""]) == SHORTEST
    assert answer_length(template, ["1", reference]) == 2 * template.count(reference)
    assert answer_length(template, [reference * 50]) == LONGEST
