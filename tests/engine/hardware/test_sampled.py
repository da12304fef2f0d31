"""Which samples of the machine are worth a word."""

from __future__ import annotations

import pytest

from engine.hardware.gpu import GpuLoad
from engine.reports import HardwareSampled

GIB = 1 << 30
GPU = GpuLoad(0.97, 64, 210)
SAMPLE = HardwareSampled(8 * GIB, 24 * GIB, 0.5, (GPU,))


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (SAMPLE, False),
        (HardwareSampled(8 * GIB + (50 << 20), 24 * GIB, 0.54, (GpuLoad(0.95, 65, 215),)), False),
        (HardwareSampled(9 * GIB, 24 * GIB, 0.5, (GPU,)), True),
        (HardwareSampled(8 * GIB, 24 * GIB, 0.7, (GPU,)), True),
        (HardwareSampled(8 * GIB, 24 * GIB, 0.5, ()), True),
        (HardwareSampled(8 * GIB, 24 * GIB, 0.5, (GpuLoad(0.1, 64, 210),)), True),
    ],
)
def test_only_what_a_person_would_call_another_state_differs(other: HardwareSampled, differs: bool) -> None:
    assert SAMPLE.differs(other) == differs
