"""The steps of a run come out of their columns as they went in, and what was seen once stays as it was."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from engine.jobs.events import Progress
from engine.training.steps import StepColumns
from tests.tui.training.runs import steps

MANY = 3000


@pytest.fixture(scope="module")
def said() -> tuple[Progress, ...]:
    return steps(MANY, MANY)


def test_what_goes_in_comes_out(said: tuple[Progress, ...]) -> None:
    seen = StepColumns(said).seen()
    assert len(seen) == MANY
    assert tuple(seen) == said
    assert seen == said
    assert seen[0] == said[0]
    assert seen[-1] == said[-1]
    assert [type(getattr(seen[7], name)) for name in ("step", "tokens", "loss")] == [int, int, float]


@pytest.mark.parametrize(
    "part", [slice(5), slice(-3, None), slice(10, 5), slice(2990, 9999), slice(None, None, 7), slice(None, None, -1)]
)
def test_a_part_is_the_part_of_a_tuple(said: tuple[Progress, ...], part: slice) -> None:
    seen = StepColumns(said).seen()
    assert tuple(seen[part]) == said[part]
    assert tuple(seen[100:200][part]) == said[100:200][part]
    assert [each.step for each in reversed(seen[part])] == [each.step for each in reversed(said[part])]


@pytest.mark.parametrize("index", [MANY, -MANY - 1])
def test_there_is_nothing_beyond_the_ends(said: tuple[Progress, ...], index: int) -> None:
    with pytest.raises(IndexError):
        StepColumns(said).seen()[index]


def test_what_was_seen_does_not_change(said: tuple[Progress, ...]) -> None:
    columns = StepColumns(said[:10])
    seen, tail = columns.seen(), columns.seen()[-2:]
    for step in said[10:20]:
        columns.append(step)
    assert tuple(seen) == said[:10]
    assert tuple(tail) == said[8:10]
    assert columns.seen() != seen
    assert columns.seen()[:10] == seen


def test_what_is_not_known_stays_unknown(said: tuple[Progress, ...]) -> None:
    known, unknown = replace(said[0], mfu=0.3), replace(said[0], eta_seconds=None, mfu=None, loss=math.nan)
    first, second = StepColumns([known, unknown]).seen()
    assert (first.eta_seconds, first.mfu) == (known.eta_seconds, 0.3)
    assert (second.eta_seconds, second.mfu) == (None, None)
    assert math.isnan(second.loss)


@pytest.mark.parametrize("change", [{"step": None}, {"loss": "low"}, {"tokens": math.inf}, {"epoch": [1]}])
def test_a_step_that_is_no_numbers_is_left_out(said: tuple[Progress, ...], change: dict[str, Any]) -> None:
    columns = StepColumns([said[0], replace(said[1], **change), said[2]])
    assert tuple(columns.seen()) == (said[0], said[2])
