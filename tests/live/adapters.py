"""LoRA adapters made without training: random, and strong enough that every answer becomes another one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from data.templates import TEMPLATE_FILE, TOKENIZER_FILES

LAYERS = ("q_proj", "v_proj")


def write_adapter(base: Path, folder: Path, *, rank: int = 8, seed: int = 1, scale: float = 0.05) -> Path:
    """An adapter on the attention of every layer, laid out as a run leaves it; `scale` 0 changes nothing."""
    import torch
    from safetensors.torch import save_file

    config = json.loads((base / "config.json").read_bytes())
    hidden, head = config["hidden_size"], config["head_dim"]
    widths = {"q_proj": head * config["num_attention_heads"], "v_proj": head * config["num_key_value_heads"]}
    random = torch.Generator().manual_seed(seed)
    weights: dict[str, torch.Tensor] = {}
    for layer in range(config["num_hidden_layers"]):
        for name in LAYERS:
            place = f"base_model.model.model.layers.{layer}.self_attn.{name}"
            weights[f"{place}.lora_A.weight"] = torch.randn(rank, hidden, generator=random) / hidden**0.5
            weights[f"{place}.lora_B.weight"] = torch.randn(widths[name], rank, generator=random) * scale
    folder.mkdir(parents=True)
    save_file(weights, folder / "adapter_model.safetensors")
    settings = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": rank, "lora_alpha": 2 * rank, "bias": "none"}
    newer = {"peft_version": "0.21.2", "velora_config": None, "qalora_group_size": 16, "use_dora": False}
    (folder / "adapter_config.json").write_text(json.dumps({**settings, **newer, "target_modules": list(LAYERS)}))
    for name in (*TOKENIZER_FILES, TEMPLATE_FILE):
        if (base / name).is_file():
            shutil.copy2(base / name, folder / name)
    return folder
