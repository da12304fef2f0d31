"""LoRA and its variants (worker side)."""

from __future__ import annotations

from typing import Any

from peft import LoraConfig

from engine.training.job import MethodSection
from engine.training.methods.building import Builder


def lora_config(method: MethodSection, **variant: Any) -> LoraConfig:
    """PEFT's settings for LoRA on the chosen layers, by default on every linear layer but the output."""
    return LoraConfig(
        r=method.rank,
        lora_alpha=method.alpha,
        lora_dropout=method.dropout,
        target_modules=list(method.target_modules) or "all-linear",
        task_type="CAUSAL_LM",
        **variant,
    )


def _rate_ratio(method: MethodSection, name: str) -> float:
    """The second matrix starts from nothing and learns faster (Hayou, Ghosh and Yu, "LoRA+", 2024)."""
    return method.learning_rate_ratio if ".lora_B." in name else 1.0


LORA = Builder(lambda method, _: lora_config(method))
DORA = Builder(lambda method, _: lora_config(method, use_dora=True))
RANK_STABILISED = Builder(lambda method, _: lora_config(method, use_rslora=True))
TWO_RATES = Builder(lambda method, _: lora_config(method), rate_ratio=_rate_ratio)
