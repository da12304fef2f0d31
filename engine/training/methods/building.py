"""How the worker turns a model into one that a method trains (worker side)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from peft import PeftConfig, get_peft_model

from engine.training.job import MethodSection
from engine.training.methods.registry import method_of

_RATIO = "rate_ratio"
"""Where an optimizer's group keeps its ratio."""


def nothing(_: Any) -> None:
    """Leave a model as it is."""


def save_as_peft(model: Any, folder: Path) -> None:
    """Write an adapter as PEFT does."""
    model.save_pretrained(folder)


@dataclass(frozen=True, slots=True)
class Builder:
    """What is special about a method when it is built and saved."""

    adapter: Callable[[MethodSection, Any], PeftConfig] | None = None
    """PEFT's settings for an adapter on a model; None where weights of the model itself are trained."""
    choose: Callable[[MethodSection, Any], None] | None = None
    """Mark the model's own weights that are trained; None: with an adapter none, without one all."""
    begun: Callable[[Any], None] = nothing
    """Keep what saving will need of the adapter as it is before the first step."""
    save_adapter: Callable[[Any, Path], None] = save_as_peft
    """Write the adapter, usable on the base model as it is on disk."""
    rate_ratio: Callable[[MethodSection, str], float] | None = None
    """How many times the job's learning rate a weight of that name has; None: every weight once."""


def builder_of(method: MethodSection) -> Builder:
    """The builder that the registry names for a job's method."""
    module, _, name = method_of(method).builder.partition(":")
    return getattr(import_module(f"engine.training.methods.{module}"), name)


def adapt(model: Any, method: MethodSection, seed: int) -> Any:
    """The model as the method trains it: with an adapter, or with some or all weights of its own marked as trained.

    Trained weights are fp32. Always the same weights for the same seed, whatever was drawn before.
    """
    builder = builder_of(method)
    devices = range(torch.cuda.device_count()) if torch.cuda.is_available() else []
    with torch.random.fork_rng(devices):
        torch.manual_seed(seed)
        if builder.adapter is not None:
            model = get_peft_model(model, builder.adapter(method, model))
            builder.begun(model)
        elif builder.choose is not None:
            builder.choose(method, model)
    return model


def set_rates(optimizer: torch.optim.Optimizer, model: Any, method: MethodSection) -> None:
    """Split an optimizer's groups by how many times the job's learning rate their weights have.

    The first group learns at the job's rate, which is the one that is shown.
    """
    ratio = builder_of(method).rate_ratio
    if ratio is None:
        return
    ratios = {id(weight): ratio(method, name) for name, weight in model.named_parameters()}
    groups: list[dict[str, Any]] = []
    for share in sorted(set(ratios.values())):
        for group in optimizer.param_groups:
            weights = [weight for weight in group["params"] if ratios[id(weight)] == share]
            if weights:
                groups.append({**group, "params": weights, "lr": group["lr"] * share, _RATIO: share})
    optimizer.param_groups[:] = groups


def rate_ratio(group: dict[str, Any]) -> float:
    """How many times the job's learning rate an optimizer's group has. Kept in checkpoints with the group."""
    return group.get(_RATIO, 1.0)
