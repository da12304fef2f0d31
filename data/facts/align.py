"""Lines up the facts of two texts: which are the same, and which contradict each other."""

from __future__ import annotations

from typing import NamedTuple

from data.facts.extract import Analysis, analyse
from data.facts.model import Fact, Kind
from data.facts.patterns import lazy
from data.facts.questions import Asked
from data.facts.reading import stem
from data.facts.sameness import same, spelled
from data.facts.slots import NAMES, bare, comparable, wanted
from data.facts.vocabulary.function_words import GENERIC

_GENERIC_STEMS = frozenset(stem(w) for w in GENERIC)
_LETTERS = lazy(r"[a-z]+")
_BRIEF = 40
"""Two texts of together at most so many words are taken to speak of one thing."""


class Link(NamedTuple):
    """Fact `i` of one text and fact `j` of the other, the same or in conflict."""

    i: int
    j: int
    same: bool
    reason: str


def link(a: Analysis, b: Analysis, asked: Asked) -> list[Link]:
    """The links between the facts of two analyses: first what is the same, then what of the rest contradicts."""
    links = _agreements(a, b)
    left = set(range(len(a.facts))) - {x.i for x in links}
    right = set(range(len(b.facts))) - {x.j for x in links}
    candidates = []
    for i in left:
        for j in right:
            f, g = a.facts[i], b.facts[j]
            if comparable(f, g) and not _mentioned(f, b) and not _mentioned(g, a):
                score = _conflict(f, g, a, b, links, asked)
                if score > 0:
                    candidates.append((-score, i, j))
    for _, i, j in sorted(candidates):
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            links.append(Link(i, j, False, f"{a.facts[i].text} ≠ {b.facts[j].text}"))
    return links


def _agreements(a: Analysis, b: Analysis) -> list[Link]:
    links: list[Link] = []
    for i, f in enumerate(a.facts):
        best, score = -1, -1
        for j, g in enumerate(b.facts):
            if comparable(f, g) and same(f, g):
                fit = (
                    2 * len(f.about & g.about) + 3 * (f.key == g.key and f.base == g.base) - (j in {x.j for x in links})
                )
                if fit > score:
                    best, score = j, fit
        if best >= 0:
            links.append(Link(i, best, True, ""))
    if sole := _sole_counts(a, b):
        links += [x for x in (sole,) if all(y.i != x.i and y.j != x.j for y in links)]
    taken = {x.j for x in links}
    for j, g in enumerate(b.facts):
        if j not in taken:
            i = next((i for i, f in enumerate(a.facts) if comparable(f, g) and same(f, g)), -1)
            if i >= 0:
                links.append(Link(i, j, True, ""))
    return links


def _sole_counts(a: Analysis, b: Analysis) -> Link | None:
    """The only count of each text, when they are equal whatever they call the thing ("63 octets", "63 characters")."""
    counts = [[i for i, f in enumerate(x.facts) if f.dimension == "count" and not f.aside] for x in (a, b)]
    if len(counts[0]) != 1 or len(counts[1]) != 1:
        return None
    i, j = counts[0][0], counts[1][0]
    return Link(i, j, True, "") if a.facts[i].base == b.facts[j].base else None


def _mentioned(f: Fact, other: Analysis) -> bool:
    """Whether the other text says a name in plain words that made no fact there."""
    if f.kind not in NAMES or f.dimension in ("choice", "polarity") or f.dimension.startswith(("class:", "label:")):
        return False
    return all(k in other.lower for k in f.key) or spelled(f.text, other)


def _conflict(f: Fact, g: Fact, a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> float:
    """How surely two unequal comparable facts are about the same thing; 0 when they need not be."""
    if f.dimension in ("polarity", "choice"):
        return 10.0
    if (
        f.kind is not g.kind
        and {f.kind, g.kind} & {Kind.VERSION, Kind.DATE, Kind.IDENTIFIER}
        and not (wanted(f, asked) and wanted(g, asked))
    ):
        return 0.0
    if asked.form not in ("polarity", "choice") and (_asked_already(f, asked) or _asked_already(g, asked)):
        return 0.0
    shared = len((f.about & g.about) - _GENERIC_STEMS)
    hit = wanted(f, asked) and wanted(g, asked)
    score = 0.1 + shared + (3.0 if hit else 0.0) + 0.5 * len(f.about & asked.stems) + 0.5 * len(g.about & asked.stems)
    answered = any(x.same and wanted(a.facts[x.i], asked) for x in links)
    brief = len(a.reading.words) + len(b.reading.words) <= _BRIEF
    if f.kind in NAMES:
        return score if _names_conflict(f, g, a, links, asked, hit, answered, brief, shared) else 0.0
    settled = any(x.same and comparable(a.facts[x.i], f) for x in links)
    if settled:
        if hit and asked.many and f.kind is g.kind and brief:
            return score
        return score if shared >= 2 or (hit and _outweighs(f, g, a, links, asked)) else 0.0
    if hit or not asked.text:
        return score
    if answered:
        return score if shared >= 1 else 0.0
    return score if asked.form != "polarity" or shared or brief else 0.0


def _outweighs(f: Fact, g: Fact, a: Analysis, links: list[Link], asked: Asked) -> bool:
    """Whether both facts answer the question better than any fact of their dimension that the texts share ("12 MHz crystal")."""
    shared = [_answering(a.facts[x.i], asked) for x in links if x.same and comparable(a.facts[x.i], f)]
    return bool(shared) and min(_answering(f, asked), _answering(g, asked)) > max(shared)


def _answering(f: Fact, asked: Asked) -> int:
    limit = {"max": "maximum", "min": "minimum"}.get(f.bound, "")
    return bool(limit and limit in asked.words) - bool(f.follows and f.follows not in asked.stems)


def _asked_already(f: Fact, asked: Asked) -> bool:
    """Whether the question itself states the fact, so that it is no part of the answer."""
    return any(
        comparable(f, g) and same(f, g)
        for g in analyse(asked.text, "").facts
        if (g.base and not bare(g)) or g.kind in (Kind.VERSION, Kind.DATE)
    )


def _names_conflict(
    f: Fact, g: Fact, a: Analysis, links: list[Link], asked: Asked, hit: bool, answered: bool, brief: bool, shared: int
) -> bool:
    same_class = f.dimension == g.dimension and f.dimension.startswith(("class:", "label:"))
    series = bool(_series(f)) and _series(f) == _series(g)
    if asked.many and hit and same_class and brief:
        return True
    if any(
        x.same and a.facts[x.i].dimension == f.dimension and (not series or _series(a.facts[x.i]) == _series(f))
        for x in links
    ):
        return False
    labels = same_class and hit and f.dimension.startswith("label:")
    if answered and not series and not labels and not (same_class and _class_asked(f, asked)):
        return False
    if Kind.TERM in (f.kind, g.kind):
        return same_class and bool(shared or hit or brief)
    if hit or asked.form in ("", "open"):
        return True
    return (series or same_class) and bool(shared or brief)


def _class_asked(f: Fact, asked: Asked) -> bool:
    return any(stem(w) in asked.stems for w in f.dimension.split(":")[1].lower().split())


def _series(f: Fact) -> str:
    """The letters that a part number starts with ("rp" of RP2350), or ""."""
    if f.kind is not Kind.IDENTIFIER and not (f.key and f.key[-1][-1:].isdigit()):
        return ""
    m = _LETTERS.match(f.key[-1]) if f.key else None
    return m.group() if m else ""
