"""The loss of a batch, with logits computed only where there is a target (worker side)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import torch
from torch.nn import functional

from engine.training.labels import IGNORED


def completion_loss(
    model: Any, input_ids: torch.Tensor, labels: torch.Tensor, target_tokens: torch.Tensor | int | None = None
) -> torch.Tensor:
    """Mean cross-entropy (nats) over the target tokens of a batch.

    `input_ids` and `labels` are [rows, tokens], padded on the right; a label is the token itself or `IGNORED`. With
    `target_tokens` (the targets of all batches of one optimizer step) the sum is divided by it instead.

    No attention mask is passed: with padding on the right, a causal model's real tokens never see it.
    """
    losses, keep = _losses_at_targets(model, input_ids, labels, reduction="sum")
    count = torch.as_tensor(keep.sum() if target_tokens is None else target_tokens)
    return losses / count.clamp(min=1)


def losses_by_row(model: Any, input_ids: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The same for each row of a batch: mean cross-entropy [rows] (fp32) and target tokens [rows]."""
    losses, keep = _losses_at_targets(model, input_ids, labels, reduction="none")
    rows = keep.nonzero()[:, 0]
    count = keep.sum(dim=1)
    return torch.zeros_like(count, dtype=losses.dtype).index_add_(0, rows, losses) / count.clamp(min=1), count


def _losses_at_targets(
    model: Any, input_ids: torch.Tensor, labels: torch.Tensor, *, reduction: Literal["sum", "none"]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Cross-entropy at the targets, row after row, and which tokens predict one ([rows, tokens], bool)."""
    targets = labels[:, 1:]
    keep = functional.pad(targets != IGNORED, (0, 1))
    with _logits_at(model, keep):
        logits = model(input_ids=input_ids, use_cache=False).logits
    return functional.cross_entropy(logits.float(), targets[targets != IGNORED], reduction=reduction), keep


@contextmanager
def _logits_at(model: Any, keep: torch.Tensor) -> Iterator[None]:
    """Give the output layer only the hidden states at `keep` ([rows, tokens], bool).

    Most of a question-answer row is prompt. A forward pass through the vocabulary (49,152 wide here) at every token
    costs as much as a third of the 135M model's layers. The hook leaves the model's own forward pass in charge, with
    whatever it does to its logits (scaling, soft caps). Vectors that prompt tuning puts before the tokens are left out.
    """
    head = model.get_output_embeddings()
    tokens = keep.shape[1]
    handle = head.register_forward_pre_hook(lambda _, arguments: (arguments[0][:, -tokens:][keep], *arguments[1:]))
    try:
        yield
    finally:
        handle.remove()
