"""Numbers of things and sizes in a sentence."""

from __future__ import annotations


def counted(count: int, one: str = "row", many: str = "") -> str:
    """How many of something: "1 row", "2,000 rows"; `many` where it is not `one` with an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def byte_size(number_of_bytes: float) -> str:
    """An amount of memory or disk in binary units, two digits at least: "840 B", "14 MiB", "2.1 GiB"."""
    amount, unit = float(number_of_bytes), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if abs(amount) < 1000:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"
