"""The order of rows against a plain list."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from data.rows.order import _BLOCK, RowOrder, Run

STEPS = st.lists(
    st.tuples(st.sampled_from(["insert", "delete", "extend"]), st.floats(0, 1, exclude_max=True)), max_size=40
)


def listed(order: RowOrder) -> list[int]:
    return [row_id for first, length in order.runs() for row_id in range(first, first + length)]


@settings(deadline=None)
@given(st.integers(0, 10), STEPS)
def test_order_is_a_list(length: int, steps: list[tuple[str, float]]) -> None:
    order, model = RowOrder(), list(range(length))
    order.extend(0, length)
    fresh = 1000
    for kind, place in steps:
        if kind == "insert":
            index = int(place * (len(model) + 1))
            order.insert(index, fresh)
            model.insert(index, fresh)
        elif kind == "extend":
            order.extend(fresh, 3)
            model.extend(range(fresh, fresh + 3))
            fresh += 2
        elif model:
            index = int(place * len(model))
            assert order.delete(index) == model.pop(index)
        fresh += 1
        assert len(order) == len(model)
        assert listed(order) == model
        assert [order[index] for index in range(len(model))] == model


def test_a_deleted_row_put_back_joins_its_neighbours() -> None:
    order = RowOrder()
    order.extend(0, 1_000_000)
    order.delete(500)
    assert list(order.runs()) == [Run(0, 500), Run(501, 999_499)]
    order.insert(500, 500)
    assert list(order.runs()) == [Run(0, 1_000_000)]


def test_many_runs_stay_a_list() -> None:
    order, model, chance = RowOrder(), list(range(20_000)), random.Random(7)
    order.extend(0, 20_000)
    for fresh in range(100_000, 110_000):
        index = chance.randrange(len(model))
        if chance.random() < 0.5:
            order.insert(index, fresh)
            model.insert(index, fresh)
        else:
            assert order.delete(index) == model.pop(index)
    assert listed(order) == model
    assert all(order[index] == model[index] for index in range(0, len(model), 97))
    for _ in range(len(model)):
        order.delete(0)
    assert listed(order) == []
    order.insert(0, 5)
    assert listed(order) == [5]


def test_no_block_grows_too_long_to_be_looked_through() -> None:
    order = RowOrder()
    order.extend(0, 100_000)
    for index in range(0, 20_000, 2):
        order.delete(index)
    assert len(list(order.runs())) == 10_000
    assert max(map(len, order._blocks)) <= 2 * _BLOCK
    assert [sum(run.length for run in block) for block in order._blocks] == order._sizes
