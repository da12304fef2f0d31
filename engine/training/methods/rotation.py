"""OFT: orthogonal fine-tuning (worker side)."""

from __future__ import annotations

from typing import Any

from peft import OFTConfig

from engine.training.job import MethodSection
from engine.training.methods.building import Builder


def _config(method: MethodSection, _: Any) -> OFTConfig:
    return OFTConfig(
        r=0,
        oft_block_size=method.block_size,
        target_modules=list(method.target_modules) or "all-linear",
        task_type="CAUSAL_LM",
    )


OFT = Builder(_config)
