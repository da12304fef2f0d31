"""Differences that no pair of facts shows: silence, opposites, swapped roles, missing list members, other words."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from data.facts.align import Link
from data.facts.content import content, disjoint, meaning, same_things, short, substitution
from data.facts.extract import Analysis, named
from data.facts.lists import missing
from data.facts.model import Difference, Fact, Kind
from data.facts.patterns import lazy
from data.facts.polarity import Stance
from data.facts.questions import Asked
from data.facts.roles import swapped
from data.facts.slots import wanted
from data.facts.vocabulary.function_words import NEGATIONS
from data.facts.vocabulary.opposites import OPPOSITES

NUMERIC = ("count", "quantity", "date", "often", "version")
"""Forms of questions that a number, a date or a version answers."""
_ONLY = lazy(r"\W*(?:only|just|solely|exclusively)\b", re.IGNORECASE)
_DIGITS = lazy(r"\d+")
_MANNER_LEADS = frozenset(["by", "through", "via", "with", "in", "on", "at", "from", "to", "under", "during"])
_NOUNS = frozenset(["lack", "lacks", "lacking", "missing", "absent", "without"])
"""Negations that other words say as well ("a lack of" and "deficiency")."""
_VERY_SHORT = 6
_ENOUGH = 20
_PHRASE = 8
_NOUN_PHRASE = 3


class Case(NamedTuple):
    """Two texts whose facts are lined up without a conflict."""

    a: Analysis
    b: Analysis
    links: list[Link]
    asked: Asked

    def answered(self) -> bool:
        """Whether both state a fact of the kind asked for alike."""
        pairs = ((self.a.facts[x.i], self.b.facts[x.j]) for x in self.links)
        return any(wanted(f, self.asked) or wanted(g, self.asked) for f, g in pairs)


def other_points(
    a: Analysis, b: Analysis, links: list[Link], asked: Asked, *, to_reference: bool = False
) -> list[Difference]:
    """The differences between two answers beyond their aligned facts, the surest only.

    to_reference: B is a reference, so that what only A says is no difference.
    """
    if not a.text.strip() or not b.text.strip():
        return _silence(a, b)
    if any(not x.same for x in links):
        return []
    if a.refusal and b.refusal:
        return []
    case = Case(a, b, links, asked)
    for rule in (_subject, _refusal, _members, _roles, _opposites, _negation, _slot, _words):
        two_sided = not to_reference or rule in (_refusal, _negation)
        found = [d for d in rule(case) if two_sided or d.b_text is not None]
        if found:
            return found
    return []


def _difference(left: str | None, right: str | None) -> list[Difference]:
    if left is None or right is None:
        return [Difference(left, right, f"only one side has {left or right}")]
    return [Difference(left, right, f"{left} ≠ {right}")]


def _silence(a: Analysis, b: Analysis) -> list[Difference]:
    left, right = a.text.strip() or None, b.text.strip() or None
    return [Difference(left, right, "one side says nothing")] if left or right else []


def _subject(case: Case) -> list[Difference]:
    """One side speaks of the thing that was asked about, the other of its sibling ("Pi 4" where "Pi 5" was asked)."""
    for thing in named(case.asked.text):
        said = [thing.text.lower() in s.text.lower() for s in (case.a, case.b)]
        if said[0] == said[1]:
            continue
        linked = {x.j if said[0] else x.i for x in case.links}
        for i, f in enumerate((case.b if said[0] else case.a).facts):
            if i not in linked and f.kind in (Kind.NAME, Kind.IDENTIFIER) and _siblings(f, thing):
                return _difference(thing.text, f.text) if said[0] else _difference(f.text, thing.text)
    return []


def _siblings(f: Fact, g: Fact) -> bool:
    """Whether two names differ only in their digits."""
    return f.key != g.key and _DIGITS.sub("#", " ".join(f.key)) == _DIGITS.sub("#", " ".join(g.key))


def _refusal(case: Case) -> list[Difference]:
    if case.a.refusal == case.b.refusal or case.answered():
        return []
    reason = "one answers, the other does not"
    left, right = case.a.text.strip(), case.b.text.strip()
    return [Difference(None, right, reason) if case.a.refusal else Difference(left, None, reason)]


def _members(case: Case) -> list[Difference]:
    if case.asked.form in NUMERIC and not case.asked.many:
        return []
    found = missing(case.a, case.b, case.asked, at_least=3 if case.asked.form == "open" else 2)
    return _difference(*found) if found else []


def _roles(case: Case) -> list[Difference]:
    found = swapped(case.a, case.b)
    return [Difference(*found, f"{found[0]} ≠ {found[1]}: the same words, bound otherwise")] if found else []


def _opposites(case: Case) -> list[Difference]:
    a, b = case.a, case.b
    if any(f.dimension in ("polarity", "choice") for f in a.facts):
        return []
    torn = _torn(a) | _torn(b)
    against: dict[tuple[str, int], list[Stance]] = {}
    for t in b.stances:
        against.setdefault((t.predicate, t.sign), []).append(t)
    for s in a.stances:
        # Of the many opposites in a long text the first few tell as much as all.
        for t in against.get((s.predicate, -s.sign), [])[:_ENOUGH] if s.predicate not in torn else ():
            if short(a, b) or a.reading.around(s.word, s.word + 1) & b.reading.around(t.word, t.word + 1):
                return _difference(a.text[s.start : s.end], b.text[t.start : t.end])
    return []


def _torn(side: Analysis) -> set[str]:
    """Predicates that a text both affirms and denies ("larger than X, not larger than Y")."""
    affirmed = {s.predicate for s in side.stances if s.sign > 0}
    return affirmed & {s.predicate for s in side.stances if s.sign < 0}


def _negation(case: Case) -> list[Difference]:
    """Nearly the same words, but one side denies what the other affirms."""
    a, b = case.a, case.b
    if (
        case.asked.form in ("polarity", "choice")
        or any(a.facts[x.i].base or b.facts[x.j].base for x in case.links)
        or not short(a, b)
    ):
        return []
    denied = [[w for w in s.reading.words if w.lower in NEGATIONS and w.lower not in _NOUNS] for s in (a, b)]
    if len(denied[0]) % 2 == len(denied[1]) % 2:
        return []
    signs = [math.prod(t.sign for t in s.stances) for s in (a, b)]
    if signs[0] != signs[1] and {t.predicate for t in a.stances} == {t.predicate for t in b.stances}:
        return []
    left, right = ({meaning(w) for w in content(s) if w.stem not in OPPOSITES} for s in (a, b))
    shared = len(left & right)
    if shared < 2 or shared * 10 < 6 * max(len(left), len(right)):
        return []
    return _difference(denied[0][0].text, None) if denied[0] else _difference(None, denied[1][0].text)


def _slot(case: Case) -> list[Difference]:
    """Both fill the slot of the question, with nothing in common; or only one does; or one says "only"."""
    a, b, asked = case.a, case.b, case.asked
    if found := _exclusive(case):
        return found
    if asked.form not in (*NUMERIC, "name") or case.links or same_things(a, b, asked):
        return []
    left, right = _fillers(a, asked), _fillers(b, asked)
    if left and right:
        return _difference(left[0].text, right[0].text)
    if asked.form in NUMERIC and (left or right) and not _numbers(a if right else b):
        return _difference(left[0].text if left else None, right[0].text if right else None)
    return []


def _exclusive(case: Case) -> list[Difference]:
    if case.asked.form != "name" or not case.asked.many:
        return []
    left, right = {x.i for x in case.links}, {x.j for x in case.links}
    for side, other, taken in ((case.a, case.b, right), (case.b, case.a, left)):
        extra = [f for i, f in enumerate(other.facts) if i not in taken and f.kind is Kind.NAME]
        if extra and _ONLY.match(side.text):
            return _difference(None, extra[0].text) if side is case.a else _difference(extra[0].text, None)
    return []


def _fillers(side: Analysis, asked: Asked) -> list[Fact]:
    found = [f for f in side.facts if wanted(f, asked)]
    counts = [f for f in side.facts if f.dimension == "count" and not f.aside]
    return found or (counts if asked.form == "count" and len(counts) == 1 else [])


def _numbers(side: Analysis) -> list[Fact]:
    return [f for f in side.facts if f.base or f.kind in (Kind.DATE, Kind.VERSION)]


def _words(case: Case) -> list[Difference]:
    """What the plain words say, where no fact of the kind asked for was found on both sides."""
    a, b, asked = case.a, case.b, case.asked
    if any(a.facts[x.i].kind is not Kind.POLARITY for x in case.links) or same_things(a, b, asked):
        return []
    if asked.form in NUMERIC and (_fillers(a, asked) or _fillers(b, asked)):
        return []
    bare = _manner(a) and _manner(b)
    if asked.form in (*NUMERIC, "name"):
        bare = short(a, b)
    elif _noun_phrase(a) and _noun_phrase(b):
        bare = True
    elif asked.thing:
        bare = bare or max(len(a.reading.words), len(b.reading.words)) <= _VERY_SHORT
    if bare and (found := disjoint(a, b, asked)):
        return _difference(*found)
    if asked.form != "polarity" and (found := substitution(a, b)):
        return _difference(*found)
    return []


def _noun_phrase(side: Analysis) -> bool:
    """Whether an answer is only an article and its noun ("the width")."""
    words = side.reading.words
    return 2 <= len(words) <= _NOUN_PHRASE and words[0].lower in ("the", "a", "an")


def _manner(side: Analysis) -> bool:
    """Whether an answer is only a phrase of place, means or cause ("by mosquito bites")."""
    words = side.reading.words
    return 0 < len(words) <= _PHRASE and words[0].lower in _MANNER_LEADS
