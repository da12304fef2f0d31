"""Cross-entropy a few targets at a time, so that the vocabulary is never held in fp32 for all of them (worker side).

torch's own turns the logits into fp32 and keeps the log-probabilities as well: 12 bytes a target and word, and at
128,256 words (Llama 3) 1.5 MB a target. Here the gradient is computed in the forward pass, in the type of the logits,
which is what the backward pass would make of it; what is in fp32 is only ever one chunk. (The idea is that of Hsu et
al., "Liger Kernel", 2024.)
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

_CHUNK = 1 << 22
"""Numbers of a chunk: 16 MB in fp32, small enough for a processor's last cache, large enough to keep a GPU busy."""


class _ChunkedCrossEntropy(torch.autograd.Function):
    """The sum of the cross-entropies of all targets, times a weight. Logits [targets, words], targets [targets]."""

    @staticmethod
    def forward(ctx: Any, logits: Tensor, targets: Tensor, weight: Tensor, chunk: int) -> Tensor:
        gradient = torch.empty_like(logits) if ctx.needs_input_grad[0] else None
        total = torch.zeros((), dtype=torch.float32, device=logits.device)
        for start in range(0, len(targets), chunk):
            part = slice(start, start + chunk)
            values = functional.log_softmax(logits[part], dim=1, dtype=torch.float32)
            chosen = targets[part].unsqueeze(1)
            total -= values.gather(1, chosen).sum()
            if gradient is not None:
                # The probabilities, less one at the target.
                values.exp_().scatter_add_(1, chosen, torch.full_like(values[:, :1], -1.0))
                gradient[part] = values.mul_(weight)
        ctx.gradient = gradient
        return total * weight

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        gradient, ctx.gradient = ctx.gradient, None
        return gradient.mul_(gradients[0]), None, None, None


def cross_entropy(logits: Tensor, targets: Tensor, weight: Tensor, *, chunk: int = 0) -> Tensor:
    """The sum of the cross-entropies (nats) at the targets times `weight` (a number without dimensions), fp32.

    Logits are [targets, words], targets [targets]; `chunk` is how many targets are taken at a time.
    """
    return _ChunkedCrossEntropy.apply(logits, targets, weight, chunk or max(1, _CHUNK // logits.shape[-1]))
