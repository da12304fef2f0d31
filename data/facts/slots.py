"""Which facts fill the slot of a question, and which two facts can be about one thing."""

from __future__ import annotations

from data.facts.model import Fact, Kind
from data.facts.questions import Asked

_CODE, _COUNT, _DATE, _IDENTIFIER, _NAME, _RANGE, _VERSION = (
    Kind.CODE,
    Kind.COUNT,
    Kind.DATE,
    Kind.IDENTIFIER,
    Kind.NAME,
    Kind.RANGE,
    Kind.VERSION,
)  # an enum's member costs 0.1 µs to look up

NAMES = frozenset([Kind.NAME, Kind.IDENTIFIER, Kind.TERM, Kind.CODE])
"""Kinds that answer "which" and "who"."""
_ANSWER_KINDS = NAMES | {Kind.VERSION, Kind.HEX, Kind.ORDINAL, Kind.RATIO, Kind.DATE}
_TOGETHER = (
    {"angle", "temperature"},
    {"recurrence", "time"},
    {"frequency", "recurrence"},
    {"count", "dimensions of pixels"},
    {"count", "hex"},
    {"pair", "pressure pair"},
    {"dimensions of length", "dimensions of pixels"},
    {"fraction", "proportion"},
    {"fraction", "fraction/time"},
    {"date", "decade"},
    {"date", "period"},
    {"dimensions of pixels", "proportion"},
    {"time", "time zone"},
)
_ALONE = ("before:", "choice", "polarity")
"""Starts of dimensions that are comparable only with themselves."""
_APART = frozenset({"keys", "complexity", "url"})


def wanted(f: Fact, asked: Asked) -> bool:
    """Whether a fact is of the kind that the question asks for."""
    if f.aside or f.dimension.startswith("before:"):
        return False
    if asked.form == "count":
        return f.dimension == "count" and _counts(f, asked)
    if asked.form == "date":
        return f.kind is _DATE or bare(f)
    if asked.form == "version":
        return f.kind is _VERSION or bare(f)
    if asked.form == "often":
        return f.dimension in ("recurrence", "count")
    if asked.form in ("choice", "polarity"):
        return f.dimension == asked.form
    if asked.form == "name":
        return f.kind in _ANSWER_KINDS or bare(f)
    if asked.dimension:
        return (
            f.dimension.startswith(asked.dimension)
            or bare(f)
            or (asked.dimension == "fraction" and f.dimension == "proportion")
        )
    if asked.form == "quantity":
        return bool(f.base)
    return False


def _counts(f: Fact, asked: Asked) -> bool:
    if not f.noun or not asked.noun:
        return True
    nouns = set(f.noun)
    return bool(nouns & asked.noun) or (bool(nouns & asked.stems) and not asked.noun & nouns)


def bare(f: Fact) -> bool:
    """Whether a fact is a number without unit or noun."""
    return f.dimension == "count" and not f.noun and f.kind in (_COUNT, _RANGE)


class Shape:
    """What decides whether facts are comparable, their nouns apart; one object for each of the few there are."""

    __slots__ = ("aside", "bare", "dimension", "fits", "kind", "number", "thousands")

    def __init__(self, dimension: str, kind: Kind, bare: bool, number: bool, thousands: bool, aside: bool) -> None:
        self.dimension = dimension
        self.kind = kind
        self.bare = bare
        self.number = number
        self.thousands = thousands
        self.aside = aside
        self.fits = _Fitting(self)
        """Whether facts of this and another shape can be about one thing, provided that the nouns of counts agree."""


class _Fitting(dict[Shape, bool]):
    """The shapes that another has been held against; a plain look-up, because it is asked hundreds of times."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape

    def __missing__(self, other: Shape) -> bool:
        found = self[other] = _fit(self._shape, other)
        return found


_SHAPES: dict[tuple[object, ...], Shape] = {}
_MOST_SHAPES = 2000


def shape(f: Fact) -> Shape:
    """The shape of a fact."""
    number = bool(f.base)
    key = (f.dimension, f.kind, not f.noun, number, f.text[-1:] in "kKM", f.aside)
    found = _SHAPES.get(key)
    if found is None:
        if len(_SHAPES) >= _MOST_SHAPES:
            _SHAPES.clear()
        found = _SHAPES[key] = Shape(f.dimension, f.kind, number and bare(f), *key[3:])
    return found


def comparable(f: Fact, g: Fact) -> bool:
    """Whether two facts can be about one thing at all: same dimension, or one is a bare number."""
    return shape(f).fits[shape(g)] and (f.dimension != "count" or g.dimension != "count" or nouns_agree(f, g))


def _fit(f: Shape, g: Shape) -> bool:
    if f.aside or g.aside:
        return False
    if f.dimension == g.dimension:
        return True
    if f.dimension.startswith(_ALONE) or g.dimension.startswith(_ALONE):
        return False
    for one, other in ((f, g), (g, f)):
        if one.dimension.startswith("/") and other.dimension.endswith(one.dimension):
            return True  # "12 per minute", "12 breaths per minute"
    low, high = sorted((f.dimension, g.dimension))
    if (
        high.startswith(low + "/time")
        or (low.startswith("money:") and high.startswith("money:"))
        or {low, high} in _TOGETHER
    ):
        return True
    for one, other in ((f, g), (g, f)):
        if one.bare and (other.number or other.kind in (_DATE, _VERSION) or other.dimension.startswith("label:")):
            return other.dimension != "rank"
        if one.dimension == "count" and other.dimension == "resistance" and one.thousands:
            return True
        if one.dimension == "pixels" and other.dimension.startswith("dimensions"):
            return True
    if f.kind in NAMES and g.kind in NAMES:
        if f.kind is _CODE or g.kind is _CODE:
            return (
                low not in _APART
                and high not in _APART
                and not low.startswith("class:")
                and not high.startswith("label:")
            )
        return _name_like(f) and _name_like(g) and "name" in (low, high)
    return False


def _name_like(f: Shape) -> bool:
    return f.kind in (_NAME, _IDENTIFIER) and not f.dimension.startswith("label:")


def nouns_agree(f: Fact, g: Fact) -> bool:
    """Whether two counts count the same thing: a shared word, or one names no thing."""
    left, right = f.noun, g.noun
    if not left or not right or left == right:
        return True
    for a in left:
        for b in right:
            if a == b or (len(a) > 3 and len(b) > 3 and (a.startswith(b) or b.startswith(a))):
                return True
    return False
