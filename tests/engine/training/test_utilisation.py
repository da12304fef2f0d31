"""The arithmetic of a run is counted as the literature counts it."""

from __future__ import annotations

import pytest

from engine.models.weights import Weights
from engine.training.utilisation import Arithmetics, Utilisation, arithmetics_of

SHAPES: dict[str, tuple[int, ...]] = {
    "model.embed_tokens.weight": (100, 8),
    "model.layers.0.mlp.up_proj.weight": (16, 8),
    "model.layers.0.input_layernorm.weight": (8,),
    "model.layers.1.mlp.up_proj.weight": (16, 8),
}
LAYERS, HEAD = 256, 800


def test_matrices_are_counted() -> None:
    assert arithmetics_of(Weights(SHAPES), 50, adapter=True) == Arithmetics(LAYERS, HEAD, 50, adapter=True)
    untied = SHAPES | {"lm_head.weight": (100, 8)}
    assert arithmetics_of(Weights(untied), 50, adapter=True) == Arithmetics(LAYERS, HEAD, 50, adapter=True)


def test_a_mixture_of_experts_is_not_counted() -> None:
    experts = SHAPES | {"model.layers.0.mlp.experts.0.up_proj.weight": (16, 8)}
    assert arithmetics_of(Weights(experts), 50, adapter=True) is None
    assert arithmetics_of(Weights({"model.norm.weight": (8,)}), 8, adapter=False) is None


@pytest.mark.parametrize(
    ("trained", "adapter", "flops"),
    [
        # All weights: three products a weight, in the layers and at the target tokens in the output layer.
        (LAYERS + HEAD, False, 6 * (LAYERS * 10 + HEAD * 3)),
        # An adapter: no gradients of the weights below it.
        (50, True, 4 * (LAYERS * 10 + HEAD * 3) + 6 * 50 * 10),
        # The last layer of two: the gradients go half the way down.
        (LAYERS // 2, False, 2 * (LAYERS * 10 + HEAD * 3) + 2 * (LAYERS / 2 * 10 + HEAD * 3) + 2 * LAYERS / 2 * 10),
    ],
)
def test_the_work_of_a_step(trained: int, adapter: bool, flops: float) -> None:
    assert Arithmetics(LAYERS, HEAD, trained, adapter).flops(10, 3) == pytest.approx(flops)


def test_the_share_of_the_rate() -> None:
    utilisation = Utilisation(Arithmetics(LAYERS, HEAD, LAYERS + HEAD, adapter=False), rate=1e6)
    whole = 6 * (LAYERS * 10 + HEAD * 3) / 10
    assert utilisation.share(100.0, 10, 3) == pytest.approx(whole * 100 / 1e6)
    assert utilisation.share(100.0, 0, 0) is None
    assert utilisation.share(0.0, 10, 3) is None
