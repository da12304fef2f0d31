"""What a model's files say about the memory that serving it takes, and whether they can be served at all."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import InputError

GIB = 1 << 30
WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt", "tiktoken.model", "tekken.json")
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
    try:
        config: Any = json.loads((model / "config.json").read_bytes())
    except FileNotFoundError:
        raise InputError(f"{model} is not a model directory: it has no config.json.") from None
    except ValueError as error:
        raise InputError(f"{model / 'config.json'} cannot be read: {error}.") from None
    weights = [file for pattern in WEIGHTS for file in model.glob(pattern)]
    if not weights:
        raise InputError(f"{model} has no weights (no model.safetensors); point to a complete model.")
    _all_there(model)
    for file in weights:
        if file.suffix == ".safetensors":
            _whole(file)
    if not any((model / name).exists() for name in TOKENIZERS):
        raise InputError(f"{model} has no tokenizer (no tokenizer.json); point to a complete model.")
    config = config if isinstance(config, dict) else {}
    text = config.get("text_config")
    text = text if isinstance(text, dict) else config
    context = text.get("max_position_embeddings")
    size = sum(file.stat().st_size for file in weights)
    return ModelSizes(size, context if isinstance(context, int) else None, _cache_bytes(text))


def _all_there(model: Path) -> None:
    """Raise InputError when a file that the index of the weights names is missing."""
    try:
        index: Any = json.loads((model / "model.safetensors.index.json").read_bytes())
        names = set(index["weight_map"].values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    missing = sorted(name for name in names if not (model / str(name)).exists())
    if missing:
        raise InputError(f"{model} is not complete: {missing[0]} is missing ({len(missing)} of {len(names)} files).")


def _whole(file: Path) -> None:
    """Raise InputError when a safetensors file is cut off or none at all; reads its header only.

    The format: eight bytes with the length of the header (little-endian), the header (JSON: name → dtype, shape,
    data_offsets), the data.
    """
    size = file.stat().st_size
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        header = opened.read(length) if length <= size - 8 else b""
    try:
        tensors: dict[str, Any] = json.loads(header)
        end = max((int(each["data_offsets"][1]) for name, each in tensors.items() if name != "__metadata__"), default=0)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise InputError(f"{file} is not a whole safetensors file; save or copy the model again.") from None
    if 8 + length + end != size:
        raise InputError(f"{file} is cut off ({size} of {8 + length + end} bytes); save or copy the model again.")


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
    query = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(query, capture_output=True, text=True, timeout=20, check=False)
        return int(done.stdout.split()[0]) << 20
    except (OSError, subprocess.TimeoutExpired, IndexError, ValueError):
        return _machine_memory()


def _machine_memory() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) << 10
    return 8 * GIB
