"""Whether a method's settings fit a model, and how many numbers it trains: from the weights' shapes alone."""

from __future__ import annotations

import math

from data.errors import InputError
from engine.models.weights import Weights, layer_number
from engine.training.job import MethodSection

IA3_SCALED = ("k_proj", "v_proj", "down_proj")
"""Layers whose activations (IA)³ scales: keys, values, and the inputs of the last feed-forward layer (Liu et al.,
"Few-Shot Parameter-Efficient Fine-Tuning is Better and Cheaper than In-Context Learning", 2022)."""
IA3_FEEDFORWARD = "down_proj"

_NAMED = 12
"""Names of layers listed in a sentence."""


def require_targets(method: MethodSection, weights: Weights) -> None:
    """Raise InputError for a name in `target_modules` that is no linear layer's."""
    names = _last_names(weights)
    for wanted in method.target_modules:
        if wanted not in names:
            known = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
            raise InputError(f"method.target_modules: the model has no linear layer {wanted!r}; it has {known}.")


def require_rank(method: MethodSection, weights: Weights) -> None:
    """Raise InputError for a rank above what a matrix of the targeted layers can have."""
    layers = targets(method, weights)
    if not layers:
        return
    name, shape = min(layers.items(), key=lambda each: min(each[1]))
    if method.rank > min(shape):
        raise InputError(
            f"method.rank is {method.rank}, and {name} is a matrix of {shape[0]} × {shape[1]}; choose a rank of at "
            f"most {min(shape)}, or other target_modules."
        )


def require_blocks(method: MethodSection, weights: Weights) -> None:
    """Raise InputError for a `block_size` that does not divide the inputs of every targeted layer."""
    widths = sorted({inputs for _, inputs in targets(method, weights).values()})
    if any(width % method.block_size for width in widths):
        fitting = math.gcd(*widths)
        raise InputError(
            f"method.block_size is {method.block_size}, which does not divide the widths of the layers "
            f"({', '.join(map(str, widths))}); choose a divisor of {fitting}."
        )


def require_layers(method: MethodSection, weights: Weights) -> None:
    """Raise InputError for more layers than the model has."""
    if weights.layers and method.layers > weights.layers:
        raise InputError(f"method.layers is {method.layers}, and the model has {weights.layers}; choose at most that.")


def targets(method: MethodSection, weights: Weights) -> dict[str, tuple[int, int]]:
    """The linear layers that get an adapter, by module name: (outputs, inputs)."""
    wanted = method.target_modules
    return {name: shape for name, shape in weights.linear_layers.items() if not wanted or _last(name) in wanted}


def low_rank(method: MethodSection, weights: Weights) -> int:
    """Numbers of two matrices for each layer: rank × (inputs + outputs)."""
    return sum(method.rank * sum(shape) for shape in targets(method, weights).values())


def low_rank_and_lengths(method: MethodSection, weights: Weights) -> int:
    """Those, and the length of each of the layer's rows."""
    return low_rank(method, weights) + sum(outputs for outputs, _ in targets(method, weights).values())


def rotations(method: MethodSection, weights: Weights) -> int:
    """Numbers of the skew-symmetric blocks: of each, those above the diagonal."""
    block = method.block_size
    return sum(inputs // block * (block * (block - 1) // 2) for _, inputs in targets(method, weights).values())


def scales(method: MethodSection, weights: Weights) -> int:
    """One number for each output of a layer, or each input of a feed-forward layer."""
    chosen = ia3_targets(method, _last_names(weights))
    return sum(
        inputs if _last(name) == IA3_FEEDFORWARD else outputs
        for name, (outputs, inputs) in weights.linear_layers.items()
        if _last(name) in chosen
    )


def ia3_targets(method: MethodSection, names: list[str]) -> list[str]:
    """Names of the layers that (IA)³ scales: the job's, those of the paper where the model has them, else all."""
    if method.target_modules:
        return list(method.target_modules)
    return list(IA3_SCALED) if set(IA3_SCALED) <= set(names) else names


def prompt_vectors(method: MethodSection, weights: Weights) -> int:
    """One embedding for each virtual token."""
    return method.virtual_tokens * weights.hidden


def prefix_vectors(method: MethodSection, weights: Weights) -> int:
    """A key and a value in each layer for each virtual token."""
    keys = next((shape[0] for name, shape in weights.linear_layers.items() if _last(name) == "k_proj"), weights.hidden)
    return method.virtual_tokens * weights.layers * 2 * keys


def last_layers(method: MethodSection, weights: Weights) -> int:
    """All weights of the last decoder layers."""
    first = weights.layers - method.layers
    return sum(
        math.prod(shape)
        for name, shape in weights.shapes.items()
        if (number := layer_number(name)) is not None and number >= first
    )


def every_weight(_: MethodSection, weights: Weights) -> int:
    """The whole model."""
    return weights.parameters


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _last_names(weights: Weights) -> list[str]:
    return list(dict.fromkeys(_last(name) for name in weights.linear_layers))
