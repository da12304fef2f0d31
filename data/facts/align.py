"""Lines up the facts of two texts: which are the same, and which contradict each other."""

from __future__ import annotations

import re
from typing import NamedTuple

from data.facts.extract import Analysis
from data.facts.model import Fact, Kind
from data.facts.questions import Asked
from data.facts.values import bounds_oppose, close, same_number
from data.facts.vocabulary.function_words import GENERIC

GENERIC_STEMS = frozenset({w.rstrip("s") for w in GENERIC} | GENERIC)
_NAMES = (Kind.NAME, Kind.IDENTIFIER, Kind.TERM, Kind.CODE)


class Link(NamedTuple):
    """Fact `i` of one text and fact `j` of the other, the same or in conflict."""

    i: int
    j: int
    same: bool
    reason: str


def comparable(f: Fact, g: Fact, asked: Asked) -> bool:
    """Whether two facts can be about one thing at all: same dimension, or one is a bare number."""
    if f.aside or g.aside:
        return False
    if f.dimension == g.dimension:
        return f.dimension != "count" or nouns_agree(f, g, asked)
    pair = (f, g) if f.dimension <= g.dimension else (g, f)
    low, high = pair[0].dimension, pair[1].dimension
    if high.startswith(low + "/time") or low.startswith(high + "/time"):
        return True
    for bare, other in ((f, g), (g, f)):
        if (
            bare.dimension == "count"
            and not bare.noun
            and bare.kind is Kind.COUNT
            and (other.base or other.kind is Kind.DATE or other.dimension.startswith("label:"))
        ):
            return other.dimension not in ("polarity", "rank")
        if bare.dimension == "pixels" and other.dimension.startswith("dimensions"):
            return True
    if {low, high} in (
        {"angle", "temperature"},
        {"recurrence", "time"},
        {"count", "hex"},
        {"pair", "pressure pair"},
        {"dimensions of length", "dimensions of pixels"},
        {"fraction", "proportion"},
    ):
        return True
    if low == "fraction" and high == "fraction/time":
        return True
    if low.startswith("money:") and high.startswith("money:"):
        return True
    if f.kind in _NAMES and g.kind in _NAMES:
        return _name_like(f) and _name_like(g) and (low == "name" or high == "name")
    return False


def _name_like(f: Fact) -> bool:
    return f.kind in (Kind.NAME, Kind.IDENTIFIER) and not f.dimension.startswith("label:")


def nouns_agree(f: Fact, g: Fact, asked: Asked) -> bool:
    """Whether two counts count the same thing: a shared word, or one names no thing."""
    if not f.noun or not g.noun:
        return True
    left, right = set(f.noun), set(g.noun)
    if left & right:
        return True
    if any(a.startswith(b) or b.startswith(a) for a in left for b in right if min(len(a), len(b)) > 3):
        return True
    return bool(
        asked.form == "count" and (left & asked.noun) and not (right & asked.stems) and len(right) == 1 and False
    )


def same(f: Fact, g: Fact) -> bool:
    """Whether two comparable facts state the same."""
    if f.base and g.base:
        if {f.dimension, g.dimension} == {"recurrence", "time"}:
            return close(f.base[0] * g.base[0], 1.0, 0.02)
        if f.dimension != g.dimension:
            return _same_across(f, g)
        return same_number(f, g) and not bounds_oppose(f, g)
    if f.kind is Kind.DATE and g.kind is Kind.DATE:
        return _same_date(f, g)
    if f.kind is Kind.VERSION and g.kind is Kind.VERSION:
        return _same_version(f, g)
    if f.kind in _NAMES and g.kind in _NAMES:
        return same_name(f, g)
    if f.dimension == "count" or g.dimension == "count":
        bare, other = (f, g) if f.dimension == "count" else (g, f)
        return (
            bool(other.key) and other.key[0].isdigit() and float(re.sub(r"\D", "", other.key[0]) or -1) == bare.base[0]
        )
    return f.key == g.key


def _same_across(f: Fact, g: Fact) -> bool:
    if (
        f.dimension.startswith("money:")
        and g.dimension.startswith("money:")
        and f.dimension.split("/")[0] != g.dimension.split("/")[0]
    ):
        return False
    left, right = f.value, g.value
    if f.base == g.base:
        return True
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return close(float(left), float(right), 1e-9)
    return left == right


def _same_date(f: Fact, g: Fact) -> bool:
    a, b = f.key, g.key
    if f.dimension == "day of the year" or g.dimension == "day of the year":
        return a[-2:] == b[-2:]
    n = min(len(a), len(b))
    if a[:n] == b[:n]:
        return True
    return (
        len(a) == len(b) == 3
        and a[0] == b[0]
        and {a[1], a[2]} == {b[1], b[2]}
        and "." not in f.text + g.text
        and "/" in f.text
        and "/" in g.text
    )


def _same_version(f: Fact, g: Fact) -> bool:
    if f.dimension.startswith("802.") and f.dimension == g.dimension:
        return set(f.key) <= set(g.key) or set(g.key) <= set(f.key)
    if f.noun and g.noun and f.noun != g.noun:
        return False
    n = min(len(f.key), len(g.key))
    return f.key[:n] == g.key[:n]


def same_name(f: Fact, g: Fact) -> bool:
    """Whether two names are one: equal, one within the other, or one the initials of the other."""
    if f.key == g.key:
        return True
    a, b = set(f.key), set(g.key)
    if f.dimension.startswith("class:") and g.dimension.startswith("class:"):
        return False
    if a <= b or b <= a:
        return True
    joined = "".join(f.key), "".join(g.key)
    if joined[0] == joined[1]:
        return True
    for short, long in ((f, g), (g, f)):
        if len(short.key) == 1 and len(long.key) > 1 and short.key[0] == "".join(w[0] for w in long.key):
            return True
    return False


def link(a: Analysis, b: Analysis, asked: Asked) -> list[Link]:
    """The links between the facts of two analyses: first what is the same, then what of the rest contradicts each other."""
    links: list[Link] = []
    left, right = set(range(len(a.facts))), set(range(len(b.facts)))
    for i, f in enumerate(a.facts):
        best, score = -1, -1
        for j, g in enumerate(b.facts):
            if comparable(f, g, asked) and same(f, g):
                s = 2 * len(f.about & g.about) + (j in right) + 3 * (f.key == g.key and f.base == g.base)
                if s > score:
                    best, score = j, s
        if best >= 0:
            links.append(Link(i, best, True, ""))
            left.discard(i)
            right.discard(best)
    matched_right = {x.j for x in links}
    for j in sorted(right - matched_right):
        g = b.facts[j]
        for i, f in enumerate(a.facts):
            if comparable(f, g, asked) and same(f, g):
                links.append(Link(i, j, True, ""))
                right.discard(j)
                break
    candidates = []
    for i in left:
        for j in right:
            f, g = a.facts[i], b.facts[j]
            if comparable(f, g, asked) and (s := _conflict_score(f, g, a, b, links, asked)) > 0:
                candidates.append((s, i, j))
    for _, i, j in sorted(candidates, key=lambda c: (-c[0], c[1], c[2])):
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            links.append(Link(i, j, False, f"{a.facts[i].text} ≠ {b.facts[j].text}"))
    return links


def wanted(f: Fact, asked: Asked) -> bool:
    """Whether a fact is of the kind that the question asks for."""
    if asked.form == "count":
        return f.dimension == "count" and (
            not f.noun or bool(set(f.noun) & (asked.noun | asked.stems)) or not asked.noun
        )
    if asked.form == "date":
        return f.kind is Kind.DATE or (f.dimension == "count" and not f.noun)
    if asked.form == "version":
        return f.kind is Kind.VERSION
    if asked.form in ("name", "choice"):
        return f.kind in _NAMES
    if asked.dimension:
        return f.dimension.startswith(asked.dimension) or (f.dimension == "count" and not f.noun)
    return False


def _conflict_score(f: Fact, g: Fact, a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> float:
    """How surely two unequal comparable facts are about the same thing; 0 when they need not be."""
    shared = len((f.about & g.about) - GENERIC_STEMS)
    hit = wanted(f, asked) and wanted(g, asked)
    settled = any(x.same and comparable(a.facts[x.i], f, asked) for x in links)
    answered = any(x.same and wanted(a.facts[x.i], asked) for x in links)
    names = f.kind in _NAMES
    score = shared + (3.0 if hit else 0.0) + len(f.about & asked.stems) * 0.5 + len(g.about & asked.stems) * 0.5
    if names:
        if settled or answered:
            return 0.0
        if f.kind is Kind.TERM or g.kind is Kind.TERM:
            return (
                score
                if f.dimension == g.dimension and (shared or hit or len(a.reading.words) + len(b.reading.words) < 30)
                else 0.0
            )
        if hit or asked.form in ("", "open"):
            return score + 0.1
        return score if _series(f) and _series(f) == _series(g) and shared else 0.0
    if settled:
        return score if shared >= 2 else 0.0
    if hit or not asked.text:
        return score + 0.1
    if answered:
        return score if shared >= 1 else 0.0
    return score + 0.1 if asked.form not in ("polarity",) or shared else 0.0


def _series(f: Fact) -> str:
    m = re.match(r"[a-z]+", f.key[-1]) if f.key else None
    return m.group() if m else ""
