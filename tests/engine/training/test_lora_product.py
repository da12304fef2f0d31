"""Our product with an adapter is PEFT's: values, gradients, and where it stays out of the way."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.training.job import MethodKind, MethodSection
from engine.training.loading import Arithmetic, load_model
from engine.training.lora_product import use_lora_product
from engine.training.methods.building import adapt

IDS = torch.tensor([[5, 9, 33, 40, 41, 2], [7, 8, 9, 10, 11, 12]])
LAYERS = 14
"""Linear layers of the tiny model: seven in each of two blocks."""


def adapted(directory: Path, *, bf16: bool, dropout: float = 0.0, kind: MethodKind = "lora") -> Any:
    """The tiny model with an adapter whose second factor is not zero."""
    method = MethodSection(kind, rank=4, alpha=8, dropout=dropout)
    model = adapt(load_model(directory, method, Arithmetic("cpu", bf16)), method, seed=1)
    torch.manual_seed(1)
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.1)
    return model


def run(model: Any, *, bf16: bool) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Logits and gradients of one pass."""
    model.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        logits = model(input_ids=IDS).logits
    logits.float().square().mean().backward()
    return logits.detach().float(), {
        name: weight.grad.clone() for name, weight in model.named_parameters() if weight.grad is not None
    }


@pytest.mark.parametrize("bf16", [False, True])
@pytest.mark.parametrize("kind", ["lora", "rslora", "lora-plus", "pissa"])
def test_values_and_gradients_are_pefts(tiny_model: Path, bf16: bool, kind: MethodKind) -> None:
    theirs = adapted(tiny_model, bf16=bf16, kind=kind)
    ours = copy.deepcopy(theirs)
    assert use_lora_product(ours) == LAYERS
    their_logits, their_gradients = run(theirs, bf16=bf16)
    our_logits, our_gradients = run(ours, bf16=bf16)
    assert our_gradients.keys() == their_gradients.keys()
    assert len(our_gradients) == 2 * LAYERS
    tolerance = 0.1 if bf16 else 1e-5
    assert (our_logits - their_logits).norm() <= tolerance * their_logits.norm()
    for name, gradient in their_gradients.items():
        assert our_gradients[name].dtype == gradient.dtype == torch.float32
        assert (our_gradients[name] - gradient).norm() <= tolerance * gradient.norm(), name


def test_a_switched_off_adapter_is_left_out(tiny_model: Path) -> None:
    model = adapted(tiny_model, bf16=False)
    use_lora_product(model)
    with torch.no_grad():
        tuned = model(input_ids=IDS).logits
        with model.disable_adapter():
            base = model(input_ids=IDS).logits
        merged = model.merge_and_unload()(input_ids=IDS).logits
    assert (tuned - base).abs().max() > 0.01
    torch.testing.assert_close(merged, tuned, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", ["dora", "qlora"])
def test_other_products_are_left_to_peft(tiny_model: Path, kind: MethodKind) -> None:
    assert use_lora_product(adapted(tiny_model, bf16=False, kind=kind)) == 0


def test_dropout_is_left_to_peft(tiny_model: Path) -> None:
    assert use_lora_product(adapted(tiny_model, bf16=False, dropout=0.1)) == 0
