"""The loss of a batch, with logits computed only where there is a target (worker side)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn import functional

from engine.training.cross_entropy import cross_entropy
from engine.training.labels import IGNORED


def completion_loss(
    model: Any, batch: Mapping[str, Any], target_tokens: torch.Tensor | int | None = None
) -> torch.Tensor:
    """Mean cross-entropy (nats) over the target tokens of a batch (`engine.training.batching`).

    A label is the token itself or `IGNORED`. With `target_tokens` (the targets of all batches of one optimizer step)
    the sum is divided by it instead.

    No attention mask is passed: with padding on the right, a causal model's real tokens never see it, and rows that lie
    end to end are kept apart by their layout.
    """
    logits, targets, keep = _at_targets(model, batch)
    count = torch.as_tensor(keep.sum() if target_tokens is None else target_tokens)
    return cross_entropy(logits, targets, 1 / count.clamp(min=1))


def losses_by_row(model: Any, batch: Mapping[str, Any], rows: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Of each row of a batch the mean cross-entropy (fp32), the target tokens, and those the model itself would choose.

    All are [rows].
    """
    logits, targets, keep = _at_targets(model, batch)
    losses = functional.cross_entropy(logits.float(), targets, reduction="none")
    right = logits.argmax(dim=-1) == targets
    # A target belongs to the row of the token that predicts it.
    place = batch["row_of"][keep] if "row_of" in batch else keep.nonzero()[:, 0]
    empty = torch.zeros(rows, device=losses.device)
    count = empty.long().index_add_(0, place, torch.ones_like(place))
    total = empty.index_add(0, place, losses)
    return total / count.clamp(min=1), count, empty.long().index_add_(0, place, right.long())


def _at_targets(model: Any, batch: Mapping[str, Any]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Logits [targets, vocabulary] and targets, row after row, and which tokens predict one (bool, as `input_ids`)."""
    targets = batch["labels"][:, 1:]
    keep = functional.pad(targets != IGNORED, (0, 1))
    arguments: dict[str, Any] = {"input_ids": batch["input_ids"], "use_cache": False}
    if "rows" in batch:
        # A mask of four dimensions is taken as it is and not made from the positions; the layout stands for it.
        mask = torch.zeros((1, 1, 1, 1), device=keep.device)
        arguments |= {"position_ids": batch["position_ids"], "rows": batch["rows"], "attention_mask": mask}
    with _logits_at(model, keep):
        return model(**arguments).logits, targets[targets != IGNORED], keep


@contextmanager
def _logits_at(model: Any, keep: torch.Tensor) -> Iterator[None]:
    """Give the output layer only the hidden states at `keep` ([rows, tokens], bool).

    Most of a question-answer row is prompt. A forward pass through the vocabulary (49,152 wide here) at every token
    costs as much as a third of the 135M model's layers. The hook leaves the model's own forward pass in charge, with
    whatever it does to its logits (scaling, soft caps). Vectors that prompt tuning puts before the tokens are left out.
    """
    # A model that is trained in several processes may be wrapped.
    head = getattr(model, "module", model).get_output_embeddings()
    tokens = keep.shape[1]
    handle = head.register_forward_pre_hook(lambda _, arguments: (arguments[0][:, -tokens:][keep], *arguments[1:]))
    try:
        yield
    finally:
        handle.remove()
