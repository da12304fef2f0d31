"""The shape of a model as far as its memory depends on it: from its files, or known by its name."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from engine.models.weights import Weights, read_weights


@dataclass(frozen=True, slots=True)
class ModelShape:
    """A decoder."""

    weights: Weights
    heads: int
    """Attention heads of a layer."""

    @property
    def parameters(self) -> int:
        """Numbers in all its weights."""
        return self.weights.parameters

    @property
    def linear(self) -> int:
        """Numbers in the linear layers of the decoder, which can be quantised."""
        return sum(map(math.prod, self.weights.linear_layers.values()))

    @property
    def vocabulary(self) -> int:
        """Width of the logits."""
        return max((shape[0] for name, shape in self.weights.shapes.items() if "embed" in name), default=0)

    def width(self, name: str, otherwise: int) -> int:
        """Outputs of a layer by its last name ("k_proj"), where the model has one."""
        layers = self.weights.linear_layers
        return next((shape[0] for each, shape in layers.items() if each.endswith(f".{name}")), otherwise)


def read_shape(directory: Path) -> ModelShape:
    """The shape of the model in a directory. Raises InputError when its weights cannot be read."""
    weights = read_weights(directory)
    try:
        config = json.loads((directory / "config.json").read_bytes())
        heads = (config | (config.get("text_config") or {})).get("num_attention_heads")
    except (OSError, ValueError, TypeError, AttributeError):
        heads = None
    # Where it is not said: heads of 64 numbers, as in most small models.
    return ModelShape(weights, heads if isinstance(heads, int) and heads > 0 else max(1, weights.hidden // 64))


def known_shape(name: str) -> ModelShape | None:
    """The shape of a model that need not be on this machine, by its name or hub id; None for any other."""
    known = _KNOWN.get(name.rpartition("/")[2].lower())
    return known and _llama(known)


@dataclass(frozen=True, slots=True)
class _Llama:
    layers: int
    hidden: int
    intermediate: int
    heads: int
    key_heads: int
    vocabulary: int
    tied: bool
    """Whether the output layer is the embedding."""


_KNOWN = {
    "smollm2-135m-instruct": _Llama(30, 576, 1536, 9, 3, 49_152, tied=True),
    "llama-3.2-3b-instruct": _Llama(28, 3072, 8192, 24, 8, 128_256, tied=True),
    "llama-3.1-8b-instruct": _Llama(32, 4096, 14_336, 32, 8, 128_256, tied=False),
    "llama-3.1-70b-instruct": _Llama(80, 8192, 28_672, 64, 8, 128_256, tied=False),
    "llama-3.3-70b-instruct": _Llama(80, 8192, 28_672, 64, 8, 128_256, tied=False),
}
"""From the config.json of each on the hub; the presets' models and the embedded one."""


def _llama(llama: _Llama) -> ModelShape:
    hidden, keys = llama.hidden, llama.hidden // llama.heads * llama.key_heads
    shapes: dict[str, tuple[int, ...]] = {
        "model.embed_tokens.weight": (llama.vocabulary, hidden),
        "model.norm.weight": (hidden,),
    }
    if not llama.tied:
        shapes["lm_head.weight"] = (llama.vocabulary, hidden)
    for number in range(llama.layers):
        layer = f"model.layers.{number}"
        shapes |= {
            f"{layer}.self_attn.q_proj.weight": (hidden, hidden),
            f"{layer}.self_attn.k_proj.weight": (keys, hidden),
            f"{layer}.self_attn.v_proj.weight": (keys, hidden),
            f"{layer}.self_attn.o_proj.weight": (hidden, hidden),
            f"{layer}.mlp.gate_proj.weight": (llama.intermediate, hidden),
            f"{layer}.mlp.up_proj.weight": (llama.intermediate, hidden),
            f"{layer}.mlp.down_proj.weight": (hidden, llama.intermediate),
            f"{layer}.input_layernorm.weight": (hidden,),
            f"{layer}.post_attention_layernorm.weight": (hidden,),
        }
    return ModelShape(Weights(shapes), llama.heads)
