"""The adapter that a run leaves, as a server can load it beside the base model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from data.errors import InputError
from engine.serving.registry import model_fingerprint

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
"""What vLLM's --max-lora-rank can be (`vllm/config/lora.py`), but for 1."""
USUAL_RANK = 64
"""Room is made for at least this rank, so that most adapters can be exchanged without a new start."""

_KEPT = frozenset(
    (
        *("peft_type", "auto_mapping", "base_model_name_or_path", "revision", "task_type", "inference_mode"),
        *("r", "lora_alpha", "lora_dropout", "rank_pattern", "alpha_pattern", "use_rslora", "init_lora_weights"),
        *("target_modules", "modules_to_save", "layers_to_transform", "layers_pattern", "fan_in_fan_out", "bias"),
    )
)
"""What a plain LoRA needs to say; every peft since 0.7 knows these."""
_SILENT = {"megatron_core": "megatron.core", "qalora_group_size": 16}
"""What a newer peft writes although it means nothing for a plain LoRA."""
_PLAIN_STARTS = ("gaussian", "eva", "orthogonal", "mica", "lora_ga")
"""Beginnings of the matrices after which the adapter is a plain LoRA all the same (`vllm/lora/peft_helper.py`)."""


def adapter_rank(adapter: Path) -> int:
    """The rank that a server must have room for: the highest of the adapter's.

    Raises InputError for what is no LoRA adapter, and for one that vLLM cannot load, saying why.
    """
    config = read_adapter(adapter)
    ranks = [config.get("r"), *(config.get("rank_pattern") or {}).values()]
    if not all(isinstance(rank, int) and 0 < rank <= RANKS[-1] for rank in ranks):
        raise InputError(f"{adapter} has a rank that vLLM cannot load; it can be 1 to {RANKS[-1]}.")
    return max(ranks)


def room_for_rank(rank: int) -> int:
    """The --max-lora-rank of a server that is to load adapters of this rank, and most others."""
    return next(each for each in RANKS if each >= max(rank, USUAL_RANK))


def read_adapter(adapter: Path) -> dict[str, Any]:
    """The configuration of a LoRA adapter, without what says nothing. Raises InputError as `adapter_rank` does."""
    if not (adapter / WEIGHTS).is_file():
        raise InputError(f"{adapter} holds no adapter: it has no {WEIGHTS}.")
    try:
        values = json.loads((adapter / CONFIG).read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(f"{adapter / CONFIG} cannot be read: {error}.") from None
    if not isinstance(values, dict) or values.get("peft_type") != "LORA":
        raise InputError(f"{adapter} is no LoRA adapter, and vLLM can load no other; serve the merged model.")
    start = values.get("init_lora_weights", True)
    foreign = [
        name
        for name, value in values.items()
        if name not in _KEPT and name != "peft_version" and value and _SILENT.get(name) != value
    ]
    if isinstance(start, str) and start.lower() not in _PLAIN_STARTS:
        foreign.append(f"init_lora_weights = {start}")
    if values.get("modules_to_save"):
        foreign.append("modules_to_save")
    if foreign:
        raise InputError(
            f"The adapter {adapter} is no plain LoRA ({', '.join(foreign)}), and vLLM cannot load it; serve the merged "
            "model."
        )
    return {name: value for name, value in values.items() if name in _KEPT}


def loadable_copy(adapter: Path, folder: Path) -> Path:
    """A directory that any server can load: the plain configuration, and a link to the weights.

    It lies in `folder` under the fingerprint of the adapter's files, so that other weights always have another path:
    vLLM knows what it has computed with an adapter by its path. The adapter itself is not touched, and the tokenizer
    beside it is left out: the base model's is the same. Raises InputError as `adapter_rank` does, OSError.
    """
    config = read_adapter(adapter)
    copy = folder / "adapters" / model_fingerprint(adapter)
    copy.mkdir(parents=True, exist_ok=True)
    (copy / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    link = copy / WEIGHTS
    link.unlink(missing_ok=True)
    link.symlink_to((adapter / WEIGHTS).resolve())
    return copy
