"""PiSSA: LoRA that starts from the principal singular vectors of the weights (worker side).

Meng, Wang and Zhang, "PiSSA", 2024. The weights are split into their strongest `rank` directions, which are the
adapter, and a rest, which stays frozen. So the adapter belongs to that rest and not to the model on disk: it is saved
as what has changed since the start, a LoRA adapter of twice the rank that works on the model as everybody has it.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig
from peft.tuners.lora import LoraLayer
from safetensors.torch import save_file

from engine.training.job import MethodSection
from engine.training.methods.building import Builder
from engine.training.methods.low_rank import lora_config

_ITERATIONS = 16
"""Of the randomised SVD: seconds where an exact one takes minutes, and as good (section 4 of the paper)."""


def _config(method: MethodSection, _: Any) -> LoraConfig:
    return lora_config(method, init_lora_weights=f"pissa_niter_{_ITERATIONS}")


def _keep_start(model: Any) -> None:
    """Keep the adapter as it is before the first step. A resumed run starts from the same split, then loads."""
    for layer in _layers(model).values():
        layer.register_buffer("start_a", layer.lora_A["default"].weight.detach().clone(), persistent=False)
        layer.register_buffer("start_b", layer.lora_B["default"].weight.detach().clone(), persistent=False)


def _save_change(model: Any, folder: Path) -> None:
    """Write B A − B₀ A₀ as one LoRA adapter: [B, −B₀] and [A; A₀], of twice the rank and with the same scale."""
    weights: dict[str, torch.Tensor] = {}
    for name, layer in _layers(model).items():
        a, b = layer.lora_A["default"].weight.detach(), layer.lora_B["default"].weight.detach()
        weights[f"{name}.lora_A.weight"] = torch.cat([a, layer.start_a], dim=0).contiguous().cpu()
        weights[f"{name}.lora_B.weight"] = torch.cat([b, -layer.start_b], dim=1).contiguous().cpu()
    config = copy.copy(model.peft_config["default"])
    config.r, config.lora_alpha = 2 * config.r, 2 * config.lora_alpha
    config.init_lora_weights, config.inference_mode = True, True
    config.save_pretrained(folder)
    save_file(weights, folder / "adapter_model.safetensors", metadata={"format": "pt"})


def _layers(model: Any) -> dict[str, Any]:
    return {name: module for name, module in model.named_modules() if isinstance(module, LoraLayer)}


PISSA = Builder(_config, begun=_keep_start, save_adapter=_save_change)
