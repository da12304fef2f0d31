"""Numbers and times as the screen writes them."""

from __future__ import annotations

import math

import pytest

from tui.widgets import figures


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (45.4, "45 s"),
        (59.6, "1 m 00 s"),
        (200, "3 m 20 s"),
        (7500, "2 h 05 m"),
        (86399, "1 d 0 h"),
        (3 * 86400 + 4 * 3600, "3 d 4 h"),
        (None, "–"),
        (math.nan, "–"),
        (-1, "–"),
    ],
)
def test_durations(seconds: float | None, text: str) -> None:
    assert figures.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.4123, "0.412"),
        (12.0, "12.000"),
        (0.0, "0.000"),
        (0.00012, "1.2e-4"),
        (12345.0, "1.2e4"),
        (math.nan, "not a number"),
        (math.inf, "infinite"),
        (None, "–"),
    ],
)
def test_losses(value: float | None, text: str) -> None:
    assert figures.loss(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(7.4e-4, "7.4e-4"), (1e-3, "1e-3"), (2.5e-5, "2.5e-5"), (0, "0"), (1.0, "1e0"), (None, "–")]
)
def test_powers(value: float | None, text: str) -> None:
    assert figures.power(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.378, "0.378"), (12.44, "12.4"), (8.0, "8"), (0, "0"), (512, "512"), (3e7, "3e7"), (1e-9, "1e-9"), (None, "–")],
)
def test_decimals(value: float | None, text: str) -> None:
    assert figures.decimal(value) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1000, "1k"), (1500, "1.5k"), (12_400, "12k"), (1_200_000, "1.2M"), (3e9, "3G")],
)
def test_compact_counts(number: float, text: str) -> None:
    assert figures.compact(number) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [(840, "840 B"), (14 << 20, "14 MiB"), (2252341248, "2.1 GiB"), (24 << 30, "24 GiB"), (1023 << 20, "1.0 GiB")],
)
def test_sizes(amount: int, text: str) -> None:
    assert figures.size(amount) == text


def test_counts_and_rates() -> None:
    assert figures.count(12400) == "12,400"
    assert figures.rate(512.4) == "512 tok/s"
    assert figures.rate(None) == figures.count(None) == figures.size(None) == "–"
    assert figures.clock(None) == "–"
