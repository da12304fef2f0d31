"""Short answers of the model that is being trained (worker side)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from transformers import GenerationConfig

from data.templates import Message, Template
from engine.training.loading import Arithmetic
from engine.training.methods.virtual_tokens import has_virtual_tokens

SHORTEST, USUAL, LONGEST = 24, 48, 96
"""Tokens after which an answer is cut off: enough for a fact, little time taken from the training."""


def answer_length(template: Template, references: Sequence[str]) -> int:
    """Tokens to allow: twice the longest reference, so that the cut shows when an answer runs on."""
    tokens = [template.count(reference) for reference in references if reference]
    return min(LONGEST, max(SHORTEST, 2 * max(tokens))) if tokens else USUAL


def answer(
    model: Any,
    template: Template,
    conversations: Sequence[Sequence[Message]],
    arithmetic: Arithmetic,
    *,
    pad_id: int,
    max_tokens: int = USUAL,
) -> list[str]:
    """Greedy answers. Leaves the model in evaluation mode.

    All conversations are one batch, but for a model that puts learnt vectors before the prompt: its padding would come
    between the two.
    The random generators are put back to where they were, so that a run with samples trains like one without.
    """
    if has_virtual_tokens(model) and len(conversations) > 1:
        return [
            each
            for turns in conversations
            for each in answer(model, template, [turns], arithmetic, pad_id=pad_id, max_tokens=max_tokens)
        ]
    prompts = [template.encode(turns, add_generation_prompt=True).token_ids for turns in conversations]
    width = max(map(len, prompts))
    # Padded on the left, so that every answer begins at the same place.
    input_ids = torch.tensor([[pad_id] * (width - len(ids)) + list(ids) for ids in prompts], device=model.device)
    mask = torch.tensor([[0] * (width - len(ids)) + [1] * len(ids) for ids in prompts], device=model.device)
    settings = GenerationConfig(
        max_new_tokens=max_tokens,
        do_sample=False,
        use_cache=True,
        eos_token_id=sorted(template.end_of_turn_ids) or None,
        pad_token_id=pad_id,
    )
    model.eval()
    devices = [model.device] if arithmetic.device == "cuda" else []
    with (
        torch.random.fork_rng(devices),
        torch.no_grad(),
        # One region for all tokens: autocast converts the adapter's weights once for it, not once a token.
        torch.autocast(arithmetic.device, torch.bfloat16, enabled=arithmetic.bf16),
    ):
        output = model.generate(input_ids=input_ids, attention_mask=mask, generation_config=settings)
    return [template.decode(_until(row, template.end_of_turn_ids)).strip() for row in output[:, width:].tolist()]


def _until(tokens: Sequence[int], ends: frozenset[int]) -> list[int]:
    kept: list[int] = []
    for token in tokens:
        if token in ends:
            break
        kept.append(token)
    return kept
