"""Loading the model that is trained (worker side)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from peft import LoraConfig
from transformers import AutoModelForCausalLM

from data.errors import BurnishError
from engine.training.job import MethodSection

_BF16_FLAGS = frozenset({"avx512_bf16", "amx_bf16", "bf16"})
"""As /proc/cpuinfo names them on x86 and on ARM."""

_PLAIN_ATTENTION = 256
"""Tokens a row up to which attention is computed as plain matrix products on a CPU."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Where and in which numbers a run computes."""

    device: Literal["cuda", "cpu"]
    bf16: bool
    """Whether the forward and backward pass run in bf16 (autocast); trained weights stay fp32."""


def choose_arithmetic(precision: str) -> Arithmetic:
    """The device, and bf16 where it was asked for or the processor has instructions for it."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return Arithmetic(device, precision == "bf16" or (precision == "auto" and (device == "cuda" or _cpu_has_bf16())))


def load_model(directory: Path, method: MethodSection, arithmetic: Arithmetic) -> Any:
    """The model of a directory, on its device. Raises BurnishError when it cannot be loaded.

    Weights that are trained are fp32, so that small updates are not rounded away; those that stay as they are (under
    an adapter) are bf16 where the arithmetic is.
    """
    frozen_in_bf16 = method.kind == "lora" and arithmetic.bf16
    try:
        model = AutoModelForCausalLM.from_pretrained(
            directory,
            dtype=torch.bfloat16 if frozen_in_bf16 else torch.float32,
            # On a GPU the weights go straight to it: a copy in host memory would double them where memory is unified.
            device_map={"": 0} if arithmetic.device == "cuda" else None,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
        )
    except (OSError, ValueError, KeyError, ImportError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise BurnishError(f"The model in {directory} cannot be loaded: {first}", title="No model") from error
    # Only generation uses the cache, and it asks for it.
    model.config.use_cache = False
    return model


def choose_attention(model: Any, longest: int, arithmetic: Arithmetic) -> None:
    """Use the attention that is quickest for rows of up to `longest` tokens; by default a model has torch's fused one.

    On a CPU torch's fused attention has a slow backward pass: plain matrix products trained 1.2 times as many tokens
    a second at 50-100 tokens a row. They hold a matrix of rows × heads × tokens² for every layer, so not for long ones.
    """
    if arithmetic.device == "cpu" and longest <= _PLAIN_ATTENTION:
        model.set_attn_implementation("eager")


def adapter_config(method: MethodSection) -> LoraConfig | None:
    """The adapter of a method: LoRA on every linear layer but the output; None for full fine-tuning."""
    if method.kind == "full":
        return None
    return LoraConfig(
        r=method.rank,
        lora_alpha=method.alpha,
        lora_dropout=method.dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def context_length(model: Any) -> int | None:
    """Tokens the model was made for, where its config says so."""
    return getattr(model.config.get_text_config(), "max_position_embeddings", None)


def _cpu_has_bf16() -> bool:
    for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
        name, _, flags = line.partition(":")
        if name.strip() in ("flags", "Features"):
            return not _BF16_FLAGS.isdisjoint(flags.split())
    return False
