"""Methods that train the model's own weights (worker side)."""

from __future__ import annotations

from typing import Any

from engine.models.weights import layer_number
from engine.training.job import MethodSection
from engine.training.methods.building import Builder


def _last_layers(method: MethodSection, model: Any) -> None:
    """Every weight of the last decoder layers learns; embeddings, the last norm and the output stay as they are.

    As LLaMA-Factory's "freeze" does it. What learns is held in fp32.
    """
    numbers = {name: layer_number(name) for name, _ in model.named_parameters()}
    first = 1 + max((each for each in numbers.values() if each is not None), default=-1) - method.layers
    for name, weight in model.named_parameters():
        number = numbers[name]
        weight.requires_grad = number is not None and number >= first
        if weight.requires_grad:
            weight.data = weight.data.float()


LAST_LAYERS = Builder(choose=_last_layers)
EVERY_WEIGHT = Builder()
