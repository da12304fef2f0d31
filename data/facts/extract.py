"""From a text to its facts: the extractors in their order, each claiming the characters that it understood."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from data.facts.choices import choose
from data.facts.claims import number_fact, word_fact
from data.facts.codes import find_codes
from data.facts.counts import find_counts
from data.facts.dates import find_dates
from data.facts.inference import by_amount, by_comparison
from data.facts.keys import name_key
from data.facts.labels import find_labels, find_ranks
from data.facts.members import find_members
from data.facts.model import Fact, Kind
from data.facts.money import find_money
from data.facts.names import find_names
from data.facts.numbers import find_numbers
from data.facts.patterns import lazy
from data.facts.polarity import Polarity, Stance, explicit, implied, stances
from data.facts.quantities import find_factors, find_periods, find_quantities
from data.facts.questions import Asked, ask
from data.facts.reading import Reading, stem
from data.facts.recurrence import find_recurrences
from data.facts.refusals import refuses
from data.facts.slots import Shape, bare, shape
from data.facts.versions import find_versions
from data.facts.vocabulary.aliases import canonical, things

_INSIDE = lazy(r"[A-Z](?<=[^.!?:\s] [A-Z])[\w-]*")
"""A word with a capital behind a space, but not at the start of a sentence."""
_ESCAPE = lazy(r"\x1b(?:\[[0-9;:?]*[ -/]*[@-~]?|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.?)", re.DOTALL)
"""What a terminal would obey (ECMA-48): no words, so that the "31m" of a colour is no length."""
_LONGEST_FACT = 300


class Member(NamedTuple):
    """A member of a list: its text and what it means."""

    text: str
    meanings: frozenset[str]
    sort: str
    """The dimension of a member that is a number, else ""."""


class Analysis:
    """A text with everything that a comparison needs to know of it."""

    __slots__ = (
        "_initials",
        "_starts",
        "_things",
        "facts",
        "members",
        "polarity",
        "reading",
        "refusal",
        "shape_of",
        "shapes",
        "stances",
        "text",
    )

    def __init__(self, text: str, asked: Asked, known: frozenset[str]) -> None:
        self.text = text
        original = text
        if "\x1b" in text:
            text = _ESCAPE.sub(lambda m: " " * len(m.group()), text)
        self.reading = reading = Reading(text)
        self._things: frozenset[str] | None = None
        self._initials: str | None = None
        self.members: list[Member] | None = None
        """The members of its longest list, once `lists` has looked for them."""
        when = asked.form == "date"
        facts = find_codes(reading, asked.text)
        facts += [f for f in find_members(reading, numbered=True) if not echoes(f, asked)]
        facts += find_versions(reading)
        facts += find_dates(reading, when=when)
        numbers = find_numbers(reading)
        facts += find_ranks(reading, numbers, ranked=asked.ranked)
        facts += find_money(reading, numbers, asked.text)
        facts += find_recurrences(reading)
        facts += find_labels(reading, numbers)
        facts += find_factors(reading)
        facts += find_periods(reading, and_a_half=True)
        quantities, left = find_quantities(reading, numbers)
        facts += [as_asked(f, asked) for f in quantities] if asked.per else quantities
        facts += find_periods(reading, and_a_half=False)
        facts += [in_unit(f, asked) for f in find_counts(reading, left, how_many=asked.form == "count")]
        facts += [f for f in find_names(reading, known=known) if not echoes(f, asked)]
        self.stances: list[Stance] = stances(reading)
        self.refusal = refuses(reading)
        self.polarity: Polarity | None = None
        if asked.form == "polarity" and not self.refusal:
            self.polarity = explicit(reading) or _instead(facts, reading, asked)
            self.polarity = self.polarity or by_comparison(reading, asked)
            self.polarity = self.polarity or by_amount(facts, reading, asked, stated(asked.text))
            self.polarity = self.polarity or implied(reading, asked, _question_stances(asked), self.stances)
            if p := self.polarity:
                key = ("yes" if p.sign > 0 else "no",)
                facts.append(
                    Fact(
                        p.start, p.end, text[p.start : p.end], Kind.POLARITY, p.sign > 0, dimension="polarity", key=key
                    )
                )
        elif asked.form == "choice" and not self.refusal and (c := choose(reading, asked)):
            facts = [f for f in facts if f.end <= c.start or f.start >= c.end or f.base]
            words = text[c.start : c.end]
            facts.append(Fact(c.start, c.end, words, Kind.NAME, words, dimension="choice", key=(str(c.option),)))
        facts.sort(key=lambda f: (f.start, -f.end))
        if text is not original:
            facts = [f._replace(text=original[f.start : f.end]) for f in facts]
        self.facts = facts
        self._starts: list[int] | None = None
        self.shapes: dict[Shape, list[int]] = {}
        """The shapes of its facts, each with their indices."""
        self.shape_of = [shape(f) for f in facts]
        for i, s in enumerate(self.shape_of):
            self.shapes.setdefault(s, []).append(i)

    def facts_between(self, start: int, end: int) -> list[Fact]:
        """The facts that lie at least partly between two character positions."""
        if self._starts is None:
            self._starts = [f.start for f in self.facts]
        # No fact of a text is long: what starts far in front of the first position has ended before it.
        first = bisect_left(self._starts, start - _LONGEST_FACT)
        return [f for f in self.facts[first : bisect_left(self._starts, end)] if f.end > start]

    @property
    def things(self) -> frozenset[str]:
        """The canonical names of the things with several names that it mentions."""
        if self._things is None:
            self._things = things(self.reading.lower)
        return self._things

    @property
    def initials(self) -> str:
        """The first letters of its words, without the small ones between."""
        if self._initials is None:
            self._initials = "".join(self.reading.initials)
        return self._initials


def in_unit(fact: Fact, asked: Asked) -> Fact:
    """A bare number in the unit that the question names ("How many milligrams …?")."""
    unit = asked.unit
    if not unit or fact.noun or not isinstance(fact.value, float):
        return fact
    base = (fact.value * unit.factor + unit.offset,)
    return fact._replace(kind=Kind.QUANTITY, unit=unit.symbol, dimension=unit.dimension, base=base)


def as_asked(fact: Fact, asked: Asked) -> Fact:
    """A number of things in the time that the question names, as their count ("How many requests per minute …?")."""
    thing, _, below = (fact.unit or "").partition("/")
    if below != asked.per or not isinstance(fact.value, float) or stem(thing) not in asked.noun:
        return fact
    return fact._replace(kind=Kind.COUNT, dimension="count", base=(fact.value,), noun=(stem(thing),))


def _instead(facts: list[Fact], reading: Reading, asked: Asked) -> Polarity | None:
    """No, when an answer names another member of a class than the question ("on the right" to "on the left?")."""
    for m in members(asked.text):
        here = [f for f in facts if f.dimension == m.dimension and not f.aside]
        if here and all(f.key != m.key for f in here) and m.text.lower() not in reading.vocabulary:
            return Polarity(-1, here[0].start, here[0].end)
    return None


def _question_stances(asked: Asked) -> list[Stance]:
    return stances(Reading(asked.text))


def echoes(fact: Fact, asked: Asked) -> bool:
    """Whether a name only repeats the question; the options of a "… or …?" question are never mere echoes."""
    if not asked.text or asked.form == "choice":
        return False
    if (
        fact.dimension == "name"
        and fact.text.isupper()
        and len(fact.text) > 2
        and fact.text.isalpha()
        and fact.text not in asked.text
    ):
        return False  # PATH is not the "path" of the question
    words, spoken = _said(asked.text)
    return words.issuperset(fact.key) or f" {' '.join(fact.key)} " in spoken


@lru_cache(maxsize=128)
def _said(question: str) -> tuple[frozenset[str], str]:
    """The words of a question in all the forms that a name's key may have."""
    joined, words = name_key(question), ask(question).words
    return words.union(joined, (canonical(w) for w in words)), f" {' '.join(joined)} "


def capitalised(*texts: str) -> frozenset[str]:
    """Lower-case words that stand with a capital inside a sentence of these texts."""
    return frozenset().union(*map(_capitals, texts))


@lru_cache(maxsize=64)
def _capitals(text: str) -> frozenset[str]:
    return frozenset(map(str.lower, _INSIDE.findall(text)))


def analyse(text: str, question: str, known: frozenset[str] = frozenset()) -> Analysis:
    """The facts of a text; kept, because a comparison on every chunk of a stream asks again for the other side.

    known: words that `capitalised` found in the texts that this one is compared with.
    """
    low = text.lower()
    return _analysis(text, question, frozenset([word for word in known if word in low]))


@lru_cache(maxsize=32)
def _analysis(text: str, question: str, known: frozenset[str]) -> Analysis:
    return Analysis(text, ask(question), known)


@lru_cache(maxsize=128)
def named(question: str) -> tuple[Fact, ...]:
    """The things with a number in their name that a question is about ("RP2350", "Raspberry Pi 5")."""
    facts = analyse(question, "").facts
    return tuple(f for f in facts if f.dimension == "name" and any(c.isdigit() for c in f.text))


@lru_cache(maxsize=128)
def members(question: str) -> tuple[Fact, ...]:
    """The members of closed classes that a question names."""
    return tuple(f for f in analyse(question, "").facts if f.dimension.startswith("class:"))


@lru_cache(maxsize=128)
def stated(question: str) -> tuple[Fact, ...]:
    """The numbers, versions and dates that a question states itself."""
    facts = analyse(question, "").facts
    return tuple(f for f in facts if (f.base and not bare(f)) or f.kind in (Kind.VERSION, Kind.DATE))


def forget() -> None:
    """Drop what is kept of earlier texts: names mean something else from now on."""
    for kept in (_analysis, stated, named, members, _said, name_key):
        kept.cache_clear()


def find_facts(text: str, *, question: str = "") -> tuple[Fact, ...]:
    """All facts that a text states, in order of their start.

    question: what the text answers; names that only repeat it are left out, and "yes" or "does not" become polarity
    facts.
    Never raises, whatever the text: half a number at the end of a stream is read as far as it goes.
    """
    return tuple(f for f in analyse(text, question).facts if f.kind is not Kind.TERM)


__all__ = ["Analysis", "analyse", "capitalised", "echoes", "find_facts", "number_fact", "word_fact"]
