"""Differences that no single pair of facts shows: silence, opposites, swapped roles, missing list members, other words."""

from __future__ import annotations

import math
import re

from data.facts.align import Link
from data.facts.content import content, disjoint, meaning, same_things, short, substitution
from data.facts.extract import Analysis, named
from data.facts.lists import missing
from data.facts.model import Difference, Fact, Kind
from data.facts.patterns import lazy
from data.facts.questions import Asked
from data.facts.roles import swapped
from data.facts.slots import wanted
from data.facts.vocabulary.function_words import NEGATIONS
from data.facts.vocabulary.opposites import OPPOSITES

_ONLY = lazy(r"\W*(?:only|just|solely|exclusively)\b", re.IGNORECASE)
_DIGITS = lazy(r"\d+")
NUMERIC = ("count", "quantity", "date", "often", "version")
"""Forms of questions that a number, a date or a version answers."""


def other_points(
    a: Analysis, b: Analysis, links: list[Link], asked: Asked, *, to_reference: bool = False
) -> list[Difference]:
    """The differences between two answers beyond their aligned facts, the surest only.

    to_reference: B is a reference, so that what only A says is no difference.
    """
    if not a.text.strip() or not b.text.strip():
        return _silence(a, b, links)
    if any(not x.same for x in links):
        return []
    if a.refusal and b.refusal:
        return []
    for rule in (_subject, _refusal, _members, _roles, _opposites, _negation, _slot, _words):
        found = [
            d
            for d in rule(a, b, links, asked)
            if d.b_text is not None or not to_reference or rule in (_refusal, _negation)
        ]
        if found:
            return found
    return []


def _difference(left: str | None, right: str | None) -> list[Difference]:
    if left is None or right is None:
        return [Difference(left, right, f"only one side has {left or right}")]
    return [Difference(left, right, f"{left} ≠ {right}")]


def _silence(a: Analysis, b: Analysis, links: list[Link]) -> list[Difference]:
    if not a.text.strip() and not b.text.strip():
        return []
    reason = "one side says nothing"
    return [Difference(a.text.strip() or None, b.text.strip() or None, reason)] if not links else []


def _subject(a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> list[Difference]:
    """One side speaks of the thing that was asked about, the other of its sibling ("Pi 4" where the question says "Pi 5")."""
    for thing in named(asked.text):
        said = [thing.text.lower() in s.text.lower() for s in (a, b)]
        if said[0] == said[1]:
            continue
        linked = {x.j if said[0] else x.i for x in links}
        for i, f in enumerate((b if said[0] else a).facts):
            if (
                i not in linked
                and f.kind in (Kind.NAME, Kind.IDENTIFIER)
                and f.key != thing.key
                and _family(f) == _family(thing)
            ):
                return _difference(thing.text, f.text) if said[0] else _difference(f.text, thing.text)
    return []


def _family(f: Fact) -> str:
    """A name with its digits taken out, which siblings share."""
    return _DIGITS.sub("#", " ".join(f.key))


def _refusal(a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> list[Difference]:
    if a.refusal == b.refusal or any(x.same and wanted(a.facts[x.i], asked) for x in links):
        return []
    reason = "one answers, the other does not"
    left, right = a.text.strip(), b.text.strip()
    return [Difference(None, right, reason) if a.refusal else Difference(left, None, reason)]


def _members(a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> list[Difference]:
    if asked.form in NUMERIC and not asked.many:
        return []
    found = missing(a, b, asked, at_least=3 if asked.form == "open" else 2)
    return _difference(*found) if found else []


def _roles(a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> list[Difference]:
    found = swapped(a, b)
    return [Difference(*found, f"{found[0]} ≠ {found[1]}: the same words, bound otherwise")] if found else []


def _opposites(a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> list[Difference]:
    if asked.form in ("polarity", "choice") and any(f.dimension in ("polarity", "choice") for f in a.facts):
        return []
    for s in a.stances:
        for t in b.stances:
            if s.predicate == t.predicate and s.sign != t.sign:
                if s.about & t.about or short(a, b):
                    return _difference(a.text[s.start : s.end], b.text[t.start : t.end])
    return []


def _slot(a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> list[Difference]:
    """Both fill the slot of the question, with nothing in common; or only one does; or one says "only"."""
    if found := _exclusive(a, b, links, asked):
        return found
    if asked.form not in (*NUMERIC, "name") or any(x.same for x in links) or same_things(a, b, asked):
        return []
    left, right = _fillers(a, asked), _fillers(b, asked)
    if left and right:
        return _difference(left[0].text, right[0].text)
    if asked.form in NUMERIC and (left or right) and not _numbers(a if right else b):
        return _difference(left[0].text if left else None, right[0].text if right else None)
    return []


def _exclusive(a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> list[Difference]:
    if asked.form != "name" or not asked.many:
        return []
    for side, other, taken in ((a, b, {x.j for x in links}), (b, a, {x.i for x in links})):
        extra = [f for i, f in enumerate(other.facts) if i not in taken and f.kind is Kind.NAME and wanted(f, asked)]
        if extra and _ONLY.match(side.text):
            return _difference(None, extra[0].text) if side is a else _difference(extra[0].text, None)
    return []


def _fillers(side: Analysis, asked: Asked) -> list[Fact]:
    found = [f for f in side.facts if wanted(f, asked)]
    counts = [f for f in side.facts if f.dimension == "count" and not f.aside]
    return found or (counts if asked.form == "count" and len(counts) == 1 else [])


def _numbers(side: Analysis) -> list[Fact]:
    return [f for f in side.facts if f.base or f.kind in (Kind.DATE, Kind.VERSION)]


def _manner(side: Analysis) -> bool:
    """Whether an answer is only a phrase of place, means or cause ("by mosquito bites")."""
    words = side.reading.words
    return 0 < len(words) <= 8 and words[0].lower in (
        "by",
        "through",
        "via",
        "with",
        "in",
        "on",
        "at",
        "from",
        "to",
        "under",
        "during",
    )


def _negation(a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> list[Difference]:
    """Nearly the same words, but one side denies what the other affirms."""
    if asked.form in ("polarity", "choice") or any(not x.same or a.facts[x.i].base for x in links):
        return []
    denied = [[w for w in s.reading.words if w.lower in NEGATIONS] for s in (a, b)]
    if len(denied[0]) % 2 == len(denied[1]) % 2 or not short(a, b):
        return []
    left, right = ({meaning(w) for w in content(s) if w.stem not in OPPOSITES} for s in (a, b))
    signs = [math.prod(t.sign for t in s.stances) for s in (a, b)]
    if signs[0] * signs[1] < 0 and {t.predicate for t in a.stances} == {t.predicate for t in b.stances}:
        return []
    if len(left & right) < 2 or len(left & right) * 10 < 6 * max(len(left), len(right)):
        return []
    words = [(d[0], s) for d, s in zip(denied, (a, b), strict=True) if d]
    w, side = words[0]
    return _difference(w.text, None) if side is a else _difference(None, w.text)


def _words(a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> list[Difference]:
    """What the plain words say, where no fact of the kind asked for was found on both sides."""
    if any(x.same and a.facts[x.i].kind is not Kind.POLARITY for x in links) or same_things(a, b, asked):
        return []
    if asked.form in NUMERIC and (_fillers(a, asked) or _fillers(b, asked)):
        return []
    if _manner(a) and _manner(b) and (found := disjoint(a, b, asked)):
        return _difference(*found)
    brief = len(a.reading.words) <= 6 and len(b.reading.words) <= 6
    if (
        short(a, b)
        and (asked.form in (*NUMERIC, "name") or (brief and asked.thing))
        and (found := disjoint(a, b, asked))
    ):
        return _difference(*found)
    if asked.form not in ("polarity",) and (found := substitution(a, b)):
        return _difference(*found)
    return []
