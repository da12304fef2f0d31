"""Model FLOP/s utilisation (MFU): the arithmetic that a run needs, as a share of what the machine can do.

What is needed is counted as Chowdhery et al., "PaLM" (2022), appendix B, count it: two operations a weight and token
for the forward pass, two for the gradients of the inputs and two for those of the weights, where there are any. The
output layer counts at target tokens only, where alone it is computed; attention scores and whatever is computed twice
(gradient checkpointing) do not count, so the share is a little too small for long rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.models.weights import Weights


@dataclass(frozen=True, slots=True)
class Arithmetics:
    """What a token costs."""

    layers: int
    """Weights of the matrices that every token passes."""
    head: int
    """Weights of the output layer."""
    trained: int
    """Trained weights, or those of the adapter."""
    adapter: bool

    def flops(self, tokens: int, target_tokens: int) -> float:
        """Operations of training steps on so many tokens."""
        forward = 2.0 * (self.layers * tokens + self.head * target_tokens)
        if self.adapter:
            return 2 * forward + 6.0 * self.trained * tokens
        # Gradients go down to the first trained layer, and no further.
        share = min(1.0, self.trained / self.layers)
        whole = self.trained >= self.layers + self.head or share == 1.0
        inputs = 2.0 * (share * self.layers * tokens + self.head * target_tokens)
        weights = 2.0 * (share * self.layers * tokens + whole * self.head * target_tokens)
        return forward + inputs + weights


@dataclass(frozen=True, slots=True)
class Utilisation:
    """What a run needs, and what the machine can do."""

    arithmetics: Arithmetics
    rate: float
    """FLOP/s of a matrix product (`engine.hardware.gemm`)."""

    def share(self, tokens_per_second: float, tokens: int, target_tokens: int) -> float | None:
        """The MFU, 0 to 1, at a speed; `tokens` and `target_tokens` say how many of them carry loss."""
        if not tokens or not tokens_per_second:
            return None
        return self.arithmetics.flops(tokens, target_tokens) / tokens * tokens_per_second / self.rate


def arithmetics_of(weights: Weights, trained: int, *, adapter: bool) -> Arithmetics | None:
    """Count a model's matrices; None for a mixture of experts, of which a token passes only some."""
    matrices = {name: math.prod(shape) for name, shape in weights.shapes.items() if len(shape) == 2}
    if any("expert" in name for name in weights.shapes):
        return None
    embeddings = {name: size for name, size in matrices.items() if "embed" in name}
    heads = {name: size for name, size in matrices.items() if name.startswith(("lm_head.", "output."))}
    layers = sum(matrices.values()) - sum(embeddings.values()) - sum(heads.values())
    # Without an output layer of its own a model uses its embedding for it.
    head = sum(heads.values()) or max(embeddings.values(), default=0)
    return Arithmetics(layers, head, trained, adapter) if layers else None
