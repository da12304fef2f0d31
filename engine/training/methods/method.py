"""What is known of a training method without loading torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.models.weights import Weights
from engine.training.job import MethodKind, MethodSection

Setting = Literal[
    "rank",
    "alpha",
    "dropout",
    "target_modules",
    "learning_rate_ratio",
    "layers",
    "virtual_tokens",
    "block_size",
]
"""A setting of `MethodSection` that belongs to some methods only."""

Base = Literal["trained", "frozen", "quantised"]
"""How the model's own weights are held: fp32 because they learn, bf16 where the processor computes in it because they
stay as they are, or 4 bits."""

Check = Callable[[MethodSection, Weights], None]
"""Raises InputError when a setting does not fit the model."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method. `engine.training.methods.registry` has one entry for each."""

    kind: MethodKind
    explanation: str
    """One line for a form: what it does, and when to use it."""
    settings: tuple[Setting, ...]
    """Which settings of `MethodSection` it has."""
    learning_rate: float
    """What a form starts with."""
    learning_rates: tuple[float, float]
    """Between which rates it is usually trained."""
    builder: str
    """Where the worker finds how it is built: "module:NAME" under `engine.training.methods`."""
    trained: Callable[[MethodSection, Weights], int]
    """How many numbers are trained."""
    checks: tuple[Check, ...] = ()
    """What must hold between its settings and the model."""
    base: Base = "frozen"
    adapter: bool = True
    """Whether the run leaves `adapter/`."""
    merged: bool = True
    """Whether the run leaves `model/`: an adapter that changes more than weights cannot become part of them."""
    packed: bool = True
    """Whether rows may be packed: not when each needs vectors of its own before it."""
    recomputed: bool = True
    """Whether gradient checkpointing works: not with keys and values before the row, which it throws away."""
    keeps_inputs: bool = False
    """Whether the backward pass needs an fp32 copy of what goes into each layer, beside that of the model itself."""
    sharded: bool = False
    """Whether its model may be shared out among processes: its adapter needs no look at the weights of the model."""
    vllm_adapter: bool = False
    """Whether vLLM can load the adapter beside its base (https://docs.vllm.ai, LoRA: no DoRA, and LoRA alone)."""

    @property
    def rank(self) -> bool:
        """Whether it has a rank, and with it an alpha."""
        return "rank" in self.settings
