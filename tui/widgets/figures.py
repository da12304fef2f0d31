"""Numbers and times as the screen writes them, the same everywhere."""

from __future__ import annotations

import math
import time

from data.wording import byte_size

NONE = "–"
"""Stands where a figure is not known (yet)."""


def duration(seconds: float | None) -> str:
    """A span of time in at most two units: "45 s", "3 m 20 s", "2 h 05 m", "3 d 4 h"."""
    if seconds is None or not math.isfinite(seconds) or seconds < 0:
        return NONE
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} m {whole % 60:02} s"
    minutes = round(seconds / 60)
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02} m"
    hours = round(seconds / 3600)
    return f"{hours // 24} d {hours % 24} h"


def clock(moment: float | None) -> str:
    """The local time of day of a moment (seconds since the epoch): "12:04:11"."""
    return NONE if moment is None else time.strftime("%H:%M:%S", time.localtime(moment))


def count(number: float | None) -> str:
    """A whole number with its thousands set apart: "12,400"."""
    return NONE if number is None or not math.isfinite(number) else f"{round(number):,}"


def compact(number: float | None) -> str:
    """A whole number in at most four characters: "118", "12k", "1.2M"."""
    if number is None or not math.isfinite(number):
        return NONE
    for limit, divisor, unit in ((999.5, 1, ""), (999.5e3, 1e3, "k"), (999.5e6, 1e6, "M")):
        if abs(number) < limit:
            return _short(number / divisor) + unit
    return _short(number / 1e9) + "G"


def loss(value: float | None) -> str:
    """A loss: three decimals ("0.412"), or a power of ten where those would say nothing."""
    if value is None:
        return NONE
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "infinite"
    return f"{value:.3f}" if value == 0 or 0.0005 <= abs(value) < 1000 else power(value)


def power(value: float | None) -> str:
    """A number in powers of ten, as learning rates are written: "7.4e-4", "1e-3"."""
    if value is None or not math.isfinite(value):
        return NONE
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}"


def decimal(value: float | None) -> str:
    """A number of everyday size with three significant digits: "0.38", "12.4", "512"."""
    if value is None or not math.isfinite(value):
        return NONE
    if value != 0 and not 0.001 <= abs(value) < 1e5:
        return power(value)
    digits = 0 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rate(tokens_per_second: float | None) -> str:
    """A speed in real tokens: "512 tok/s"."""
    return NONE if tokens_per_second is None else f"{count(tokens_per_second)} tok/s"


def size(number_of_bytes: float | None) -> str:
    """An amount of memory or disk in binary units: "840 B", "14 MiB", "2.1 GiB"."""
    return NONE if number_of_bytes is None else byte_size(number_of_bytes)


def _short(number: float) -> str:
    text = f"{number:.1f}" if abs(number) < 9.95 else f"{number:.0f}"
    return text.removesuffix(".0")
