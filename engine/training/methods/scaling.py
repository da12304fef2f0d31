"""(IA)³: learnt factors on activations (worker side)."""

from __future__ import annotations

from typing import Any

import torch
from peft import IA3Config

from engine.training.job import MethodSection
from engine.training.methods.building import Builder
from engine.training.methods.fitting import IA3_FEEDFORWARD, ia3_targets


def _config(method: MethodSection, model: Any) -> IA3Config:
    output = model.get_output_embeddings()
    linear = [
        name.rpartition(".")[2]
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and module is not output
    ]
    targets = ia3_targets(method, list(dict.fromkeys(linear)))
    return IA3Config(
        target_modules=targets,
        feedforward_modules=[name for name in targets if name == IA3_FEEDFORWARD],
        task_type="CAUSAL_LM",
    )


IA3 = Builder(_config)
