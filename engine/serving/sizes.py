"""What a model's files say about the memory that serving it takes, and whether they can be served at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import InputError
from engine.hardware.nvidia_smi import ask_gpus
from engine.models.catalog import missing_part
from engine.models.weights import read_weights

GIB = 1 << 30
UNKNOWN_CACHE_BYTES = 64 << 10
"""Of keys and values a token, for a configuration that does not say: a 1B model's."""
GPU_OVERHEAD = 2 * GIB
"""Of a vLLM process beside weights and cache: the CUDA context, activations, workspaces."""


@dataclass(frozen=True, slots=True)
class ModelSizes:
    """Sizes of a model in memory."""

    weight_bytes: int
    context: int | None
    """Tokens that it was made for; None where its configuration does not say."""
    cache_bytes_per_token: int
    """Keys and values of one token over all layers, in 16 bits."""


def model_sizes(model: Path) -> ModelSizes:
    """Read a model directory. Raises InputError when it cannot be served, with what is missing."""
    if not model.is_dir():
        raise InputError(f"There is no model directory {model}.")
    if (model / "adapter_config.json").exists() and not (model / "config.json").exists():
        raise InputError(f"{model} holds an adapter without its model; merge it into a model first.")
    missing = missing_part(model)
    if missing is not None:
        raise InputError(f"{model} cannot be served: it has {missing}; point to a complete model.")
    read_weights(model)
    try:
        config: Any = json.loads((model / "config.json").read_bytes())
    except ValueError as error:
        raise InputError(f"{model / 'config.json'} cannot be read: {error}.") from None
    config = config if isinstance(config, dict) else {}
    text = config.get("text_config")
    text = text if isinstance(text, dict) else config
    context = text.get("max_position_embeddings")
    size = sum(file.stat().st_size for file in model.glob("*.safetensors"))
    return ModelSizes(size, context if isinstance(context, int) else None, _cache_bytes(text))


def _cache_bytes(config: dict[str, Any]) -> int:
    """layers × (keys + values) × heads of them × their size × 2 bytes."""
    try:
        heads = int(config["num_attention_heads"])
        size = int(config.get("head_dim") or config["hidden_size"] // heads)
        return int(config["num_hidden_layers"]) * 2 * int(config.get("num_key_value_heads") or heads) * size * 2
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return UNKNOWN_CACHE_BYTES


def gpu_share(needed: int) -> float:
    """The share of the GPU's memory that vLLM may count on for `needed` bytes of weights and cache.

    Just enough, so that a second server fits beside it: vLLM refuses to start when this share is not free, and on a
    machine whose GPU has no memory of its own the share is one of all memory.
    """
    return min(0.9, max(0.05, (needed * 1.1 + GPU_OVERHEAD) / gpu_memory()))


def gpu_memory() -> int:
    """Bytes of the first GPU; of the machine where its GPU has none of its own (nvidia-smi says N/A there)."""
    try:
        return int((ask_gpus("memory.total") or "").split()[0]) << 20
    except (IndexError, ValueError):
        return _machine_memory()


def _machine_memory() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) << 10
    return 8 * GIB
