"""Lines up the facts of two texts: which are the same, and which contradict each other."""

from __future__ import annotations

from typing import NamedTuple

from data.facts.extract import Analysis, stated
from data.facts.model import Fact, Kind
from data.facts.patterns import lazy
from data.facts.questions import Asked
from data.facts.reading import stem
from data.facts.sameness import same, spelled
from data.facts.slots import NAMES, Shape, bare, comparable, nouns_agree, wanted
from data.facts.values import CONVERTED, close
from data.facts.vocabulary.function_words import GENERIC

_DIMENSIONS, _IDENTIFIER, _TERM = (
    Kind.DIMENSIONS,
    Kind.IDENTIFIER,
    Kind.TERM,
)  # an enum's member costs 0.1 µs to look up

_GENERIC_STEMS = frozenset(stem(w) for w in GENERIC)
_LETTERS = lazy(r"[a-z]+")
_EXACT_KINDS = (Kind.VERSION, Kind.DATE, Kind.IDENTIFIER, Kind.DIMENSIONS)
_MANY_PAIRS = 4000
"""Pairs of facts of two shapes up to which all are compared."""
_REACH = 16
"""Beyond that, how many facts ahead or behind a counterpart may stand in the other text."""
_MANY_SHARED = 300
"""With more shared facts than this, counts of different things are rivals, too."""
_RATES = {"frequency", "recurrence"}
"""144 Hz is 144 times per second, but what else happens often has nothing to do with a clock."""
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
        score = _conflict(i, j, state)
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
    others = b.shapes.items()
    for s, here in a.shapes.items():
        fits = s.fits
        for t, there in others:
            if not fits[t]:
                continue
            if len(here) * len(there) > _MANY_PAIRS:
                near = _nearest(here, there)
            else:
                near = [(i, j) for i in here for j in there]
            if s.dimension == "count" and t.dimension == "count":
                near = [(i, j) for i, j in near if nouns_agree(a.facts[i], b.facts[j])]
            pairs += near
    pairs.sort()
    return pairs


def _nearest(here: list[int], there: list[int]) -> list[tuple[int, int]]:
    """The pairs of facts at about the same place among those of their shape, so that the work stays in proportion."""
    pairs = []
    for n, i in enumerate(here):
        middle = n * len(there) // len(here)
        pairs += [(i, j) for j in there[max(0, middle - _REACH) : middle + _REACH]]
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
    links += [x for x in _sides(a, b) if all(y.i != x.i and y.j != x.j for y in links)]
    covered = {x.j for x in links}
    for i, j in equal:
        if j not in covered:
            covered.add(j)
            links.append(Link(i, j, True, ""))
    return links


def _sides(a: Analysis, b: Analysis) -> list[Link]:
    """Dimensions of one text of which the other states each side by itself ("length: 68.6 mm, width: 53.4 mm")."""
    links = []
    for here, there, turned in ((a, b, False), (b, a, True)):
        for s, those in here.shapes.items():
            if s.kind is not _DIMENSIONS or s.aside:
                continue
            single = s.dimension.removeprefix("dimensions of ")
            sides = [(j, f) for j, f in enumerate(there.facts) if f.dimension == single and len(f.base) == 1]
            for i in those:
                found = [
                    next((j for j, f in sides if close(f.base[0], x, CONVERTED)), None) for x in here.facts[i].base
                ]
                if None not in found and len({*found}) == len(found):
                    links += [Link(j, i, True, "") if turned else Link(i, j, True, "") for j in found if j is not None]
    return links


def _sole_counts(a: Analysis, b: Analysis) -> Link | None:
    """The only count of each text, when they are equal whatever they call the thing ("63 octets", "63 characters")."""
    counts = [
        [i for s, those in x.shapes.items() if s.dimension == "count" and not s.aside for i in those] for x in (a, b)
    ]
    if len(counts[0]) != 1 or len(counts[1]) != 1:
        return None
    i, j = counts[0][0], counts[1][0]
    return Link(i, j, True, "") if a.facts[i].base == b.facts[j].base else None


def _mentioned(f: Fact, other: Analysis) -> bool:
    """Whether the other text says a name in plain words that made no fact there."""
    if f.kind not in NAMES or f.dimension in ("choice", "polarity") or f.dimension.startswith(("class:", "label:")):
        return False
    return all(k in other.reading.vocabulary for k in f.key) or spelled(f.text, other)


class _Rivals(NamedTuple):
    """Shared facts that could be about the same thing as two that differ."""

    heads: frozenset[str]
    answering: int
    """How well the best of them answers."""


class _State:
    """What a decision on a conflict looks at, found once for a pair of texts."""

    __slots__ = ("_groups", "_known", "_out", "_rivals", "_sides", "_wanted", "answered", "asked", "brief", "same")

    def __init__(self, a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> None:
        self.asked = asked
        self._sides = (a, b)
        self._out: tuple[list[bool | None], ...] = ([None] * len(a.facts), [None] * len(b.facts))
        self._wanted: tuple[list[bool | None], ...] = ([None] * len(a.facts), [None] * len(b.facts))
        self._rivals: dict[tuple[object, ...], _Rivals | None] = {}
        self._known: dict[tuple[str, ...], bool] = {}
        self.same = [(a.facts[x.i], b.facts[x.j]) for x in links]
        """The facts that both state, as each states them."""
        self._groups: dict[tuple[Shape, Shape], list[tuple[Fact, Fact]]] = {}
        for x, pair in zip(links, self.same, strict=True):
            self._groups.setdefault((a.shape_of[x.i], b.shape_of[x.j]), []).append(pair)
        self.answered = any(self.wanted(0, x.i) or self.wanted(1, x.j) for x in links)
        self.brief = len(a.reading.words) + len(b.reading.words) <= _BRIEF

    def wanted(self, side: int, i: int) -> bool:
        """Whether a fact is of the kind that the question asks for."""
        known = self._wanted[side][i]
        if known is None:
            known = self._wanted[side][i] = wanted(self._sides[side].facts[i], self.asked)
        return known

    def facts(self, i: int, j: int) -> tuple[Fact, Fact]:
        """Fact `i` of A and fact `j` of B."""
        return self._sides[0].facts[i], self._sides[1].facts[j]

    def ruled_out(self, side: int, i: int) -> bool:
        """Whether a fact cannot be in conflict: the other text says it in plain words, or the question states it."""
        known = self._out[side][i]
        if known is None:
            f, other = self._sides[side].facts[i], self._sides[1 - side]
            known = _mentioned(f, other) or (
                self.asked.form not in ("polarity", "choice") and _asked_already(f, self.asked)
            )
            self._out[side][i] = known
        return known

    def rivals(self, i: int, j: int) -> _Rivals | None:
        """The shared facts that could be about the same thing as fact `i` of A and fact `j` of B; None for none."""
        a, b = self._sides
        s, t, f, g = a.shape_of[i], b.shape_of[j], a.facts[i], b.facts[j]
        many = len(self.same) > _MANY_SHARED
        nouns = () if many else (f.noun if s.dimension == "count" else (), g.noun if t.dimension == "count" else ())
        key = (s, t, nouns)
        if key not in self._rivals:
            found = [
                pair
                for (here, there), pairs in self._groups.items()
                if here.fits[s] and there.fits[t]
                for pair in pairs
                if many or (_same_noun(pair[0], f) and _same_noun(pair[1], g))
            ]
            self._rivals[key] = (
                _Rivals(
                    frozenset(h.head for pair in found for h in pair),
                    max(_answering(h, self.asked) for pair in found for h in pair),
                )
                if found
                else None
            )
        return self._rivals[key]

    def named_alike(self, f: Fact, g: Fact, series: str) -> bool:
        """Whether both already share a name of the class of one of these, and of their series where they have one."""
        key = (f.dimension, g.dimension, series)
        if key not in self._known:
            self._known[key] = any(
                (h.dimension == f.dimension or k.dimension == g.dimension)
                and (not series or series in (_series(h), _series(k)))
                for h, k in self.same
            )
        return self._known[key]


def _same_noun(f: Fact, g: Fact) -> bool:
    """Whether two facts of one text count the same thing, if both are counts."""
    return f.dimension != "count" or g.dimension != "count" or nouns_agree(f, g)


def _conflict(i: int, j: int, state: _State) -> float:
    """How surely two unequal comparable facts are about the same thing; 0 when they need not be."""
    asked, (f, g) = state.asked, state.facts(i, j)
    if f.dimension in ("polarity", "choice"):
        return 10.0
    if f.dimension != g.dimension and {f.dimension, g.dimension} == _RATES:
        return 0.0
    hit = state.wanted(0, i) and state.wanted(1, j)
    names = f.kind in NAMES
    if names != (g.kind in NAMES):
        if not hit:
            return 0.0
    elif f.kind is not g.kind and not hit and _exact(f, g) and not _aside(f, g, state):
        return 0.0
    shared = len((f.about & g.about) - _GENERIC_STEMS)
    if names != (g.kind in NAMES):
        conflict = True
    elif names:
        conflict = _names_conflict(f, g, state, hit, shared)
    else:
        conflict = _numbers_conflict(i, j, state, hit, shared)
    if not conflict:
        return 0.0
    said = asked.stems
    return 0.1 + shared + (3.0 if hit else 0.0) + 0.5 * len(f.about & said) + 0.5 * len(g.about & said)


def _numbers_conflict(i: int, j: int, state: _State, hit: bool, shared: int) -> bool:
    """Whether two numbers, dates or versions must be about one thing: nothing that both state is a better match."""
    asked, (f, g) = state.asked, state.facts(i, j)
    rivals = state.rivals(i, j)
    if rivals:
        if shared >= 2 or (hit and asked.many and f.kind is g.kind and state.brief):
            return True
        if f.head and f.head == g.head and f.head not in rivals.heads:
            return True
        return hit and min(_answering(f, asked), _answering(g, asked)) > rivals.answering
    if hit or not asked.text:
        return True
    if state.answered:
        same_kind = asked.form == "polarity" and state.brief and f.kind is g.kind
        return shared >= 1 or same_kind or _aside(f, g, state)
    return asked.form != "polarity" or shared > 0 or state.brief


def _exact(f: Fact, g: Fact) -> bool:
    return f.kind in _EXACT_KINDS or g.kind in _EXACT_KINDS


def _aside(f: Fact, g: Fact, state: _State) -> bool:
    """Whether one is a bare number in a brief answer to a yes-or-no question."""
    return state.asked.form == "polarity" and state.brief and (bare(f) or bare(g))


def _answering(f: Fact, asked: Asked) -> int:
    """How well a number answers beside others of its dimension: "12 MHz crystal" less than "up to 133 MHz"."""
    limit = {"max": "maximum", "min": "minimum"}.get(f.bound, "")
    return bool(limit and limit in asked.words) - bool(f.follows and f.follows not in asked.stems)


def _asked_already(f: Fact, asked: Asked) -> bool:
    """Whether the question itself states the fact, so that it is no part of the answer."""
    known = stated(asked.text)
    return bool(known) and any(comparable(f, g) and same(f, g) for g in known)


def _names_conflict(f: Fact, g: Fact, state: _State, hit: bool, shared: int) -> bool:
    asked = state.asked
    same_class = f.dimension == g.dimension and f.dimension.startswith(("class:", "label:"))
    series = bool(_series(f)) and _series(f) == _series(g)
    if asked.many and hit and same_class and state.brief:
        return True
    if state.named_alike(f, g, _series(f) if series else ""):
        return False
    labels = same_class and hit and f.dimension.startswith("label:")
    if state.answered and not series and not labels and not (same_class and _class_asked(f, asked)):
        return False
    if _TERM in (f.kind, g.kind):
        return same_class and bool(shared or hit or state.brief)
    if hit or asked.form in ("", "open"):
        return True
    return (series or same_class) and bool(shared or state.brief)


def _class_asked(f: Fact, asked: Asked) -> bool:
    return any(stem(w) in asked.stems for w in f.dimension.split(":")[1].lower().split())


def _series(f: Fact) -> str:
    """The letters that a part number starts with ("rp" of RP2350), or ""."""
    if f.kind is not _IDENTIFIER and not (f.key and f.key[-1][-1:].isdigit()):
        return ""
    m = _LETTERS.match(f.key[-1]) if f.key else None
    return m.group() if m else ""
