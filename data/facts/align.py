"""Lines up the facts of two texts: which are the same, and which contradict each other."""

from __future__ import annotations

from typing import NamedTuple

from data.facts.extract import Analysis, stated
from data.facts.model import Fact, Kind
from data.facts.patterns import lazy
from data.facts.questions import Asked
from data.facts.reading import stem
from data.facts.sameness import same, spelled
from data.facts.slots import NAMES, Shape, bare, comparable, fit, nouns_agree, wanted
from data.facts.vocabulary.function_words import GENERIC

_GENERIC_STEMS = frozenset(stem(w) for w in GENERIC)
_LETTERS = lazy(r"[a-z]+")
_EXACT_KINDS = (Kind.VERSION, Kind.DATE, Kind.IDENTIFIER)
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
    pairs = _comparable_pairs(a, b)
    links = _agreements(a, b, pairs)
    left, right = {x.i for x in links}, {x.j for x in links}
    state: _State | None = None
    candidates = []
    for i, j in pairs:
        if i in left or j in right:
            continue
        state = state or _State(a, b, links, asked)
        if state.ruled_out(0, i) or state.ruled_out(1, j):
            continue
        score = _conflict(i, j, a.facts[i], b.facts[j], state)
        if score > 0:
            candidates.append((-score, i, j))
    for _, i, j in sorted(candidates):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            links.append(Link(i, j, False, f"{a.facts[i].text} ≠ {b.facts[j].text}"))
    return links


def _comparable_pairs(a: Analysis, b: Analysis) -> list[tuple[int, int]]:
    """Indices of all comparable facts, in order; shapes are compared before facts because there are few of them."""
    pairs = []
    for s, here in a.shapes.items():
        for t, there in b.shapes.items():
            if fit(s, t):
                counts = s.dimension == "count" and t.dimension == "count"
                pairs += [(i, j) for i in here for j in there if not counts or nouns_agree(a.facts[i], b.facts[j])]
    pairs.sort()
    return pairs


def _agreements(a: Analysis, b: Analysis, pairs: list[tuple[int, int]]) -> list[Link]:
    best: dict[int, tuple[int, int]] = {}
    equal: list[tuple[int, int]] = []
    taken: set[int] = set()
    for i, j in pairs:
        f, g = a.facts[i], b.facts[j]
        if same(f, g):
            equal.append((i, j))
            fitness = 2 * len(f.about & g.about) + 3 * (f.key == g.key and f.base == g.base) - (j in taken)
            if i not in best or fitness > best[i][0]:
                best[i] = (fitness, j)
                taken.add(j)
    links = [Link(i, j, True, "") for i, (_, j) in sorted(best.items())]
    sole = _sole_counts(a, b)
    if sole and all(y.i != sole.i and y.j != sole.j for y in links):
        links.append(sole)
    covered = {x.j for x in links}
    for i, j in equal:
        if j not in covered:
            covered.add(j)
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
    return all(k in other.reading.vocabulary for k in f.key) or spelled(f.text, other)


class _State:
    """What a decision on a conflict looks at, found once for a pair of texts."""

    __slots__ = ("_links", "_nearby", "_out", "_sides", "answered", "asked", "brief", "same")

    def __init__(self, a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> None:
        self.asked = asked
        self._sides = (a, b)
        self._out: dict[tuple[int, int], bool] = {}
        self._nearby: dict[tuple[int, Shape], set[int]] = {}
        self._links = links
        self.same = [(a.facts[x.i], b.facts[x.j]) for x in links]
        """The facts that both state, as each states them."""
        self.answered = any(wanted(h, asked) or wanted(k, asked) for h, k in self.same)
        self.brief = len(a.reading.words) + len(b.reading.words) <= _BRIEF

    def ruled_out(self, side: int, i: int) -> bool:
        """Whether a fact cannot be in conflict: the other text says it in plain words, or the question states it."""
        known = self._out.get((side, i))
        if known is None:
            f, other = self._sides[side].facts[i], self._sides[1 - side]
            known = _mentioned(f, other) or (
                self.asked.form not in ("polarity", "choice") and _asked_already(f, self.asked)
            )
            self._out[side, i] = known
        return known

    def rivals(self, i: int, j: int) -> list[Fact]:
        """The shared facts that could be about the same thing as fact `i` of A and fact `j` of B."""
        found = self._near(0, i) & self._near(1, j)
        return [fact for n in found for fact in self.same[n]]

    def _near(self, side: int, i: int) -> set[int]:
        """Numbers of the links whose fact on one side is comparable with another fact of that side."""
        analysis = self._sides[side]
        own = analysis.shape_of[i]
        key = (side, own)
        if key not in self._nearby:
            self._nearby[key] = {n for n, x in enumerate(self._links) if fit(analysis.shape_of[(x.i, x.j)[side]], own)}
        near = self._nearby[key]
        if own.dimension != "count":
            return near
        fact = analysis.facts[i]
        return {n for n in near if self.same[n][side].dimension != "count" or nouns_agree(self.same[n][side], fact)}


def _conflict(i: int, j: int, f: Fact, g: Fact, state: _State) -> float:
    """How surely two unequal comparable facts are about the same thing; 0 when they need not be."""
    asked = state.asked
    if f.dimension in ("polarity", "choice"):
        return 10.0
    hit = wanted(f, asked) and wanted(g, asked)
    aside = asked.form == "polarity" and state.brief and (bare(f) or bare(g))
    if f.kind is not g.kind and not (hit or aside) and (f.kind in _EXACT_KINDS or g.kind in _EXACT_KINDS):
        return 0.0
    shared = len((f.about & g.about) - _GENERIC_STEMS)
    score = 0.1 + shared + (3.0 if hit else 0.0) + 0.5 * len(f.about & asked.stems) + 0.5 * len(g.about & asked.stems)
    if (f.kind in NAMES) != (g.kind in NAMES):
        return score if hit else 0.0
    if f.kind in NAMES:
        return score if _names_conflict(f, g, state, hit, shared) else 0.0
    rivals = state.rivals(i, j)
    if rivals:
        if hit and asked.many and f.kind is g.kind and state.brief:
            return score
        if f.head and f.head == g.head and all(h.head != f.head for h in rivals):
            return score
        best = max(_answering(h, asked) for h in rivals)
        return score if shared >= 2 or (hit and min(_answering(f, asked), _answering(g, asked)) > best) else 0.0
    if hit or not asked.text:
        return score
    if state.answered:
        return (
            score if shared >= 1 or (asked.form == "polarity" and state.brief and (aside or f.kind is g.kind)) else 0.0
        )
    return score if asked.form != "polarity" or shared or state.brief else 0.0


def _answering(f: Fact, asked: Asked) -> int:
    """How well a number answers beside others of its dimension: "12 MHz crystal" less than "up to 133 MHz"."""
    limit = {"max": "maximum", "min": "minimum"}.get(f.bound, "")
    return bool(limit and limit in asked.words) - bool(f.follows and f.follows not in asked.stems)


def _asked_already(f: Fact, asked: Asked) -> bool:
    """Whether the question itself states the fact, so that it is no part of the answer."""
    return any(comparable(f, g) and same(f, g) for g in stated(asked.text))


def _names_conflict(f: Fact, g: Fact, state: _State, hit: bool, shared: int) -> bool:
    asked = state.asked
    same_class = f.dimension == g.dimension and f.dimension.startswith(("class:", "label:"))
    series = bool(_series(f)) and _series(f) == _series(g)
    if asked.many and hit and same_class and state.brief:
        return True
    for h, k in state.same:
        alike = h.dimension == f.dimension or k.dimension == g.dimension
        if alike and (not series or _series(f) in (_series(h), _series(k))):
            return False
    labels = same_class and hit and f.dimension.startswith("label:")
    if state.answered and not series and not labels and not (same_class and _class_asked(f, asked)):
        return False
    if Kind.TERM in (f.kind, g.kind):
        return same_class and bool(shared or hit or state.brief)
    if hit or asked.form in ("", "open"):
        return True
    return (series or same_class) and bool(shared or state.brief)


def _class_asked(f: Fact, asked: Asked) -> bool:
    return any(stem(w) in asked.stems for w in f.dimension.split(":")[1].lower().split())


def _series(f: Fact) -> str:
    """The letters that a part number starts with ("rp" of RP2350), or ""."""
    if f.kind is not Kind.IDENTIFIER and not (f.key and f.key[-1][-1:].isdigit()):
        return ""
    m = _LETTERS.match(f.key[-1]) if f.key else None
    return m.group() if m else ""
