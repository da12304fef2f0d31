"""The table of units: surface form to canonical spelling, semantic dimension and factor.

Dimensions are meanings, not exponents: frequency, data rate and revolutions all have the exponent 1/time and are never
compared; neither are a percentage, a count and a number of bits, which general unit libraries all call dimensionless.
Factors: SI brochure (9th edition); NIST Handbook 44, appendix C for the customary units.
"""

from __future__ import annotations

from typing import NamedTuple

from data.facts.vocabulary import lines


class Unit(NamedTuple):
    """A unit of one dimension; base = value × factor + offset."""

    symbol: str
    dimension: str
    factor: float
    offset: float = 0.0
    other_factor: float = 0.0
    """The other reading: KB as 1,000 bytes beside 1,024; 0 when there is none."""


SYMBOLS: dict[str, Unit] = {}
"""Surface form, as written, to its unit; words of a phrase are joined with "_"."""
FOLDED: dict[str, Unit] = {}
"""Forms in lower case, where case cannot change the meaning (never mW/MW, mA/MA, Mb/MB, ms/MS)."""

_PREFIXES = {
    "P": (1e15, "peta"), "T": (1e12, "tera"), "G": (1e9, "giga"), "M": (1e6, "mega"), "k": (1e3, "kilo"),
    "h": (1e2, "hecto"), "d": (1e-1, "deci"), "c": (1e-2, "centi"), "m": (1e-3, "milli"), "µ": (1e-6, "micro"),
    "n": (1e-9, "nano"), "p": (1e-12, "pico"),
}  # fmt: skip
_DATA_PREFIXES = (("K", "kilo"), ("M", "mega"), ("G", "giga"), ("T", "tera"), ("P", "peta"))
_SAFE_ABBREVIATIONS = frozenset(
    [
        "mph",
        "kph",
        "rpm",
        "bpm",
        "fps",
        "dpi",
        "ppi",
        "psi",
        "ppm",
        "yr",
        "yrs",
        "hr",
        "hrs",
        "min",
        "sec",
        "lbs",
        "day",
    ]
)
_LONG_ENOUGH = 3
"""Longer forms are words, and words are the same in any case."""


def _prefixed(symbol: str, dimension: str, factor: str, prefixes: str, names: str) -> None:
    words = [(n, n if n.endswith(("z", "s", "x")) else n + "s") for n in names.split()]
    for p in ("", *prefixes):
        power, prefix = _PREFIXES[p] if p else (1.0, "")
        unit = Unit(p + symbol, dimension, float(factor) * power)
        SYMBOLS[p + symbol] = unit
        if p == "µ":
            SYMBOLS["u" + symbol] = SYMBOLS["\N{GREEK SMALL LETTER MU}" + symbol] = unit
        for singular, plural in words:
            FOLDED[prefix + singular] = FOLDED[prefix + plural.replace("_per_seconds", "s_per_second")] = unit


def _plain(symbol: str, dimension: str, factor: str, forms: str) -> None:
    unit = Unit(symbol, dimension, float(factor))
    for form in (symbol, *forms.split()):
        SYMBOLS[form] = unit
        if len(form) > _LONG_ENOUGH or form in _SAFE_ABBREVIATIONS:
            FOLDED[form.lower()] = unit


def _offset(symbol: str, dimension: str, factor: str, offset: str, forms: str) -> None:
    SYMBOLS.update(dict.fromkeys((symbol, *forms.split()), Unit(symbol, dimension, float(factor), float(offset))))


def _same(symbol: str, forms: str) -> None:
    SYMBOLS.update(dict.fromkeys(forms.split(), SYMBOLS[symbol]))


def _folded(symbol: str, forms: str) -> None:
    FOLDED.update(dict.fromkeys(forms.split(), SYMBOLS[symbol]))


def _data_units() -> None:
    """Bytes and bits: KB is 1,024 bytes with 1,000 as its other reading; rates are always decimal."""
    for rank, (letter, name) in enumerate(_DATA_PREFIXES, 1):
        low = letter.lower()
        binary, decimal = 1024.0**rank, 1000.0**rank
        size = Unit(letter + "B", "information", 8 * binary, 0.0, 8 * decimal)
        SYMBOLS.update(dict.fromkeys((letter + end for end in ("B", "Byte", "bytes", "Bytes")), size))
        SYMBOLS[low + "B"] = FOLDED[low + "b"] = FOLDED[name + "byte"] = FOLDED[name + "bytes"] = size
        bits = Unit(letter + "bit", "information", binary, 0.0, decimal)
        SYMBOLS.update(dict.fromkeys((letter + end for end in ("b", "bit", "bits")), bits))
        SYMBOLS[low + "bit"] = FOLDED[name + "bit"] = FOLDED[name + "bits"] = bits
        rate = Unit(letter + "B/s", "data rate", 8 * decimal)
        SYMBOLS[letter + "B/s"] = SYMBOLS[low + "B/s"] = SYMBOLS[letter + "Bps"] = rate
        bit_rate = Unit(letter + "bit/s", "data rate", decimal)
        SYMBOLS.update(dict.fromkeys((letter + end for end in ("bps", "bit/s", "bits/s", "b/s")), bit_rate))
        SYMBOLS[low + "bps"] = FOLDED[low + "bit/s"] = FOLDED[low + "bps"] = bit_rate


_READERS = {"prefixed": _prefixed, "plain": _plain, "offset": _offset, "same": _same, "folded": _folded}
_LINES = [line.split("|") for line in lines("units.txt")]
for _sort, *_fields in _LINES:
    if _sort in ("prefixed", "plain"):
        _READERS[_sort](*_fields)
_data_units()
for _sort, *_fields in _LINES:
    if _sort not in ("prefixed", "plain"):
        _READERS[_sort](*_fields)
PHRASE_STARTS = frozenset(
    f.replace("-", "_").split("_")[0].lower() for f in (*SYMBOLS, *FOLDED) if "_" in f or "-" in f
)
"""First words of units of several words."""
