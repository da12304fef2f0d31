"""What a GPU's allocator is allowed."""

from __future__ import annotations

import pytest

from engine.training.allocator import allowed_fraction, cap_allocator
from engine.training.job import TrainingJob
from engine.training.loading import Arithmetic


@pytest.mark.parametrize(("room", "total", "share"), [(50, 100, 0.5), (200, 100, 1.0), (0, 100, 0.0)])
def test_a_run_is_allowed_its_room(room: int, total: int, share: float) -> None:
    assert allowed_fraction(room, total) == share


def test_a_processor_has_nothing_to_cap() -> None:
    cap_allocator(TrainingJob(), Arithmetic("cpu", bf16=False))
