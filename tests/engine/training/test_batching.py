"""Batches hold rows of about the same length, every row once an epoch, in another order each time."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from engine.training.batching import Counts, LengthBuckets, PadRight
from engine.training.labels import IGNORED
from tests.engine.training.jobs import rows_once

lengths = st.lists(st.integers(1, 500), min_size=1, max_size=300)


@given(lengths=lengths, batch=st.integers(1, 16), seed=st.integers(0, 9), epoch=st.integers(0, 9))
def test_every_row_comes_once(lengths: list[int], batch: int, seed: int, epoch: int) -> None:
    order = LengthBuckets(lengths, rows_once(lengths), batch, seed)
    order.set_epoch(epoch)
    first, second = list(order), list(order)
    assert sorted(first) == list(range(len(lengths))) == list(range(len(order)))
    assert first == second


def test_epochs_differ_and_a_resumed_run_sees_the_same() -> None:
    sizes = [random.Random(0).randint(20, 90) for _ in range(100)]
    one, other = (LengthBuckets(sizes, rows_once(sizes), 8, seed=1) for _ in range(2))
    orders = []
    for epoch in range(3):
        one.set_epoch(epoch)
        orders.append(list(one))
    assert len({tuple(order) for order in orders}) == 3
    other.set_epoch(2)
    assert list(other) == orders[2]
    batches = [{frozenset(order[at : at + 8]) for at in range(0, 96, 8)} for order in orders]
    assert not batches[0] & batches[1]


def test_padding_is_a_fraction_of_what_a_shuffle_needs() -> None:
    draw = random.Random(0)
    sizes = [draw.randint(20, 200) for _ in range(512)]

    def padded(order: list[int]) -> int:
        return sum(8 * max(sizes[row] for row in order[at : at + 8]) for at in range(0, len(order), 8))

    shuffled = list(range(512))
    draw.shuffle(shuffled)
    waste = padded(list(LengthBuckets(sizes, rows_once(sizes), 8, seed=1))) - sum(sizes)
    assert waste < 0.3 * (padded(shuffled) - sum(sizes))
    assert waste < 0.15 * sum(sizes)


def test_rows_are_padded_on_the_right() -> None:
    rows = [
        {"input_ids": [5, 6, 7], "labels": [IGNORED, 6, 7]},
        {"input_ids": [8], "labels": [8]},
    ]
    batch = PadRight(pad_id=2)(rows)
    assert batch["input_ids"].tolist() == [[5, 6, 7], [8, 2, 2]]
    assert batch["labels"].tolist() == [[IGNORED, 6, 7], [8, IGNORED, IGNORED]]
    assert batch["counts"] == Counts(rows=2, tokens=4, targets=2, computed=6)
