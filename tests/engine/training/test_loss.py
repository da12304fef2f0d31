"""Logits at the targets alone give the loss and the gradients of logits everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import functional

from engine.training.batching import PadRight
from engine.training.job import MethodSection
from engine.training.labels import IGNORED
from engine.training.loading import Arithmetic, choose_attention, load_model
from engine.training.loss import completion_loss
from engine.training.methods.building import adapt

FP32 = Arithmetic("cpu", bf16=False)
ROWS = [
    {"input_ids": [5, 9, 33, 40, 41, 2], "labels": [IGNORED] * 3 + [40, 41, 2]},
    {"input_ids": [7, 8, 9, 10, 11, 12, 13, 99, 98, 97, 2], "labels": [IGNORED] * 7 + [99, 98, 97, 2]},
    {"input_ids": [21, 22, 2], "labels": [IGNORED, 22, 2]},
]


def model(directory: Path, kind: Any, attention: str = "eager") -> Any:
    """The tiny model in fp32, with an adapter that is not zero any more."""
    method = MethodSection(kind=kind, rank=4, alpha=8, virtual_tokens=5)
    loaded = load_model(directory, method, FP32)
    loaded.set_attn_implementation(attention)
    adapted = adapt(loaded, method, seed=3)
    torch.manual_seed(3)
    for name, weight in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.1)
    return adapted


def plain_loss(model: Any, rows: list[dict[str, list[int]]]) -> torch.Tensor:
    """Row by row, without padding, logits at every token."""
    total = torch.tensor(0.0)
    count = 0
    for row in rows:
        # A model may put learnt vectors before the tokens; their logits predict nothing.
        logits = model(input_ids=torch.tensor([row["input_ids"]])).logits[0, -len(row["input_ids"]) : -1]
        labels = torch.tensor(row["labels"][1:])
        total = total + functional.cross_entropy(logits, labels, ignore_index=IGNORED, reduction="sum")
        count += int((labels != IGNORED).sum())
    return total / count


def gradients(model: Any, loss: torch.Tensor) -> dict[str, torch.Tensor]:
    """The gradients of the trained weights."""
    model.zero_grad()
    loss.backward()
    return {name: weight.grad.clone() for name, weight in model.named_parameters() if weight.requires_grad}


@pytest.mark.parametrize("kind", ["lora", "full", "prompt-tuning", "prefix-tuning"])
@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_gradients_are_those_of_the_plain_loss(tiny_model: Path, kind: str, attention: str) -> None:
    tested = model(tiny_model, kind, attention)
    batch = PadRight(pad_id=2)(ROWS)
    loss = completion_loss(tested, batch)
    ours = gradients(tested, loss)
    plain = plain_loss(tested, ROWS)
    theirs = gradients(tested, plain)
    assert loss.item() == pytest.approx(plain.item(), rel=1e-5)
    assert len(ours) > 10 or "tuning" in kind
    for name, gradient in theirs.items():
        assert gradient.abs().sum() > 0, name
        torch.testing.assert_close(ours[name], gradient, rtol=1e-4, atol=1e-6)


def test_parts_of_a_step_add_up_to_the_whole(tiny_model: Path) -> None:
    tested = model(tiny_model, "full")
    pad = PadRight(pad_id=2)
    whole = pad(ROWS)
    targets = int((whole["labels"][:, 1:] != IGNORED).sum())
    parts = [pad(ROWS[:1]), pad(ROWS[1:])]
    together = sum(completion_loss(tested, part, targets).item() for part in parts)
    assert together == pytest.approx(completion_loss(tested, whole).item(), rel=1e-5)


def test_the_vocabulary_is_computed_at_targets_only(tiny_model: Path) -> None:
    tested = model(tiny_model, "full")
    seen: list[torch.Size] = []
    tested.get_output_embeddings().register_forward_hook(lambda _, __, logits: seen.append(logits.shape))
    batch = PadRight(pad_id=2)(ROWS)
    completion_loss(tested, batch)
    assert [shape[0] for shape in seen] == [3 + 4 + 2]
    tested(input_ids=batch["input_ids"])
    assert seen[-1][:2] == batch["input_ids"].shape


def test_long_rows_are_not_given_plain_attention(tiny_model: Path) -> None:
    tested = load_model(tiny_model, MethodSection(kind="full"), FP32)
    choose_attention(tested, 2000, FP32)
    assert tested.config._attn_implementation == "sdpa"
    choose_attention(tested, 100, FP32)
    assert tested.config._attn_implementation == "eager"
