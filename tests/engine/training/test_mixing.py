"""Every epoch shows each file by its weight, and packs hold whole rows."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.training.batching import ExampleRows, ShuffledPacks
from engine.training.examples import Examples
from engine.training.job import HyperparameterSection
from engine.training.mixing import Mix
from engine.training.packing import exactly, pack
from engine.training.plan import Epochs

weights = st.floats(0.05, 3.0)


@settings(max_examples=60)
@given(sizes=st.lists(st.integers(0, 40), min_size=1, max_size=4), data=st.data(), seed=st.integers(0, 5))
def test_an_epoch_has_always_the_same_shares(sizes: list[int], data: st.DataObject, seed: int) -> None:
    chosen = [data.draw(weights) for _ in sizes]
    starts = [sum(sizes[:place]) for place in range(len(sizes))]
    sources = [range(start, start + size) for start, size in zip(starts, sizes, strict=True)]
    mix = Mix(sources, chosen, seed)
    for epoch in range(3):
        shown = Counter(mix.epoch(epoch))
        assert sum(shown.values()) == len(mix)
        for source, weight in zip(sources, chosen, strict=True):
            counts = [shown[row] for row in source]
            assert abs(sum(counts) - weight * len(source)) <= max(0.5, 1 - weight) + 1e-9
            assert not counts or max(counts) - min(counts) <= 1
        assert mix.epoch(epoch) == Mix(sources, chosen, seed).epoch(epoch)


def test_a_fraction_shows_the_others_in_the_next_epoch() -> None:
    mix = Mix([range(10)], [0.5], seed=1)
    first, second = mix.epoch(0), mix.epoch(1)
    assert sorted(first + second) == list(range(10))
    assert sorted(mix.epoch(2)) == sorted(first)
    assert sorted(Mix([range(10)], [2.0], 1).epoch(0)) == sorted([*range(10)] * 2)


@settings(max_examples=60)
@given(lengths=st.lists(st.integers(1, 100), min_size=1, max_size=80), capacity=st.integers(100, 300))
def test_packs_hold_every_row_once_and_are_nearly_full(lengths: list[int], capacity: int) -> None:
    packs = pack(lengths, range(len(lengths)), capacity)
    assert sorted(row for each in packs for row in each) == list(range(len(lengths)))
    assert all(sum(lengths[row] for row in each) <= capacity for each in packs)
    assert len(packs) <= 2 * sum(lengths) / capacity + 1
    more = exactly(packs, min(len(packs) + 2, len(lengths)))
    assert len(more) == min(len(packs) + 2, len(lengths))
    assert sorted(row for each in more for row in each) == list(range(len(lengths)))


def test_every_epoch_of_a_mix_has_the_same_number_of_packs() -> None:
    lengths = [(7 * place) % 50 + 5 for place in range(60)]
    training = HyperparameterSection(epochs=4.5, packing=True, max_length=64)
    epochs = Epochs(lengths, [range(40), range(40, 60)], [0.7, 1.5], training)
    for epoch in range(5):
        packs = epochs.packs(epoch)
        assert len(packs) == len(epochs)
        assert Counter(row for each in packs for row in each) == Counter(epochs.rows(epoch))


def test_the_order_of_packs_is_that_of_seed_and_epoch() -> None:
    epochs = Epochs([20] * 30, [range(30)], [1.0], HyperparameterSection(packing=True, max_length=64))
    order = ShuffledPacks(epochs, seed=1)
    first = list(order)
    order.set_epoch(1)
    assert list(order) != first
    order.set_epoch(0)
    assert list(order) == first == list(ShuffledPacks(epochs, seed=1))
    examples = ExampleRows(Examples([[1], [2], [3]], [[1], [2], [3]], [0, 1, 2], 0, 0, 0))
    assert [row["input_ids"] for row in examples[(2, 0)]] == [[3], [1]]
