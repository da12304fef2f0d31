"""A LoRA adapter merged into the base model's files, one file at a time (worker side)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch
from peft.tuners.lora import LoraLayer
from safetensors import safe_open
from safetensors.torch import save_file
from transformers import AutoConfig

from data.errors import BurnishError

_PREFIX = "base_model.model."
"""Before the names of a model's layers once PEFT has wrapped it."""
_INDEX = "model.safetensors.index.json"


def merge_files(model: Any, base: Path, folder: Path) -> None:
    """Write the base's weights plus the adapter in bf16, and their config, into a folder.

    The base is read as it is on disk, not as the 4 bits that it was trained on, and never more than one of its files is
    in memory: a 70B model in bf16 is larger than the machine that trained its adapter. The sum is computed in fp32.
    Raises BurnishError when the files name their weights differently from the model's layers.
    """
    layers = {
        f"{name.removeprefix(_PREFIX)}.weight": layer
        for name, layer in model.named_modules()
        if isinstance(layer, LoraLayer)
    }
    files = sorted(base.glob("*.safetensors"))
    for path in files:
        merged: dict[str, torch.Tensor] = {}
        with safe_open(path, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118 - no dictionary
                weight = file.get_tensor(name)
                layer = layers.pop(name, None)
                if layer is not None:
                    weight = weight.float() + _change(layer)
                merged[name] = weight.to(torch.bfloat16) if weight.is_floating_point() else weight
        save_file(merged, folder / path.name, metadata={"format": "pt"})
    if layers:
        raise BurnishError(
            f"The adapter is saved, but cannot be merged: the model's files have no {next(iter(layers))}.",
            title="Not merged",
        )
    if (base / _INDEX).is_file():
        shutil.copyfile(base / _INDEX, folder / _INDEX)
    config: Any = AutoConfig.from_pretrained(base, local_files_only=True)
    config.dtype = torch.bfloat16
    config.save_pretrained(folder)


def _change(layer: Any) -> torch.Tensor:
    """s B A of a layer, fp32, on the CPU."""
    (name,) = layer.active_adapters
    a, b = layer.lora_A[name].weight.detach().float().cpu(), layer.lora_B[name].weight.detach().float().cpu()
    return layer.scaling[name] * (b @ a)
