"""The loss on rows that are not trained on (worker side)."""

from __future__ import annotations

from typing import Any

import torch

from engine.training.batching import PadRight
from engine.training.examples import Examples
from engine.training.labels import IGNORED
from engine.training.loading import Arithmetic
from engine.training.loss import completion_loss


def held_out_loss(model: Any, examples: Examples, pad: PadRight, batch_size: int, arithmetic: Arithmetic) -> float:
    """Mean cross-entropy (nats a target token) over all rows, each target token counting the same.

    Leaves the model in evaluation mode. Draws no random numbers.
    """
    order = sorted(range(len(examples)), key=lambda row: len(examples.input_ids[row]))
    model.eval()
    total, targets = 0.0, 0
    with torch.no_grad(), torch.autocast(arithmetic.device, torch.bfloat16, enabled=arithmetic.bf16):
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            batch = pad([{"input_ids": examples.input_ids[row], "labels": examples.labels[row]} for row in rows])
            labels = batch["labels"].to(model.device)
            count = int((labels[:, 1:] != IGNORED).sum())
            total += completion_loss(model, batch["input_ids"].to(model.device), labels).item() * count
            targets += count
    return total / targets
