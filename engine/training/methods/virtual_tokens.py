"""Prompt tuning and prefix tuning: learnt vectors before every prompt (worker side)."""

from __future__ import annotations

from typing import Any

from peft import PeftModel, PrefixTuningConfig, PromptTuningConfig, PromptTuningInit

from engine.training.job import MethodSection
from engine.training.methods.building import Builder


def _prompt(method: MethodSection, _: Any) -> PromptTuningConfig:
    return PromptTuningConfig(
        num_virtual_tokens=method.virtual_tokens,
        # Beginning as tokens of the vocabulary, not as noise many times their size (Lester, Al-Rfou and Constant,
        # "The Power of Scale for Parameter-Efficient Prompt Tuning", 2021, section 3.2).
        prompt_tuning_init=PromptTuningInit.SAMPLE_VOCAB,
        task_type="CAUSAL_LM",
    )


def _prefix(method: MethodSection, _: Any) -> PrefixTuningConfig:
    return PrefixTuningConfig(num_virtual_tokens=method.virtual_tokens, task_type="CAUSAL_LM")


def has_virtual_tokens(model: Any) -> bool:
    """Whether a model puts learnt vectors before every prompt."""
    return isinstance(model, PeftModel) and model.active_peft_config.is_prompt_learning


PROMPT = Builder(_prompt)
PREFIX = Builder(_prefix)
