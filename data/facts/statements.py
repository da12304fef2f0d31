"""What a question-answer row says of which thing: subject, attribute and value of each number in the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from data.facts.extract import Analysis, analyse
from data.facts.keys import name_key
from data.facts.model import Fact, Kind
from data.facts.reading import Word
from data.facts.vocabulary.function_words import GENERIC, SECTIONS, STOPWORDS

Key = tuple[str, ...]

_VALUE_KINDS = (Kind.QUANTITY, Kind.RANGE, Kind.COUNT, Kind.DIMENSIONS, Kind.MONEY, Kind.DATE)
_HARMLESS = frozenset(SECTIONS["harmless"])
"""Adjectives that do not tell one attribute from another ("on-chip", "total")."""
_CONDITIONS = frozenset(SECTIONS["condition"])
"""Words that do ("idle", "maximum", "input")."""
_SETS_ASIDE = frozenset(
    ["in", "on", "from", "by", "with", "than", "like", "to", "via", "through", "against", "at", "as", "using"]
)
_PHRASE_END = frozenset(
    [
        "and",
        "or",
        "to",
        "at",
        "for",
        "in",
        "on",
        "with",
        "by",
        "from",
        "is",
        "per",
        "vs",
        "versus",
        "against",
        "compared",
        "than",
        "while",
    ]
)
_LINKS = frozenset(
    [
        "of",
        "is",
        "are",
        "was",
        "at",
        "to",
        "up",
        "about",
        "around",
        "approximately",
        "with",
        "a",
        "an",
        "the",
        "maximum",
        "minimum",
        "from",
        "between",
    ]
)


class Row(NamedTuple):
    """One question-answer row."""

    number: int
    question: str
    answer: str


class Statement(NamedTuple):
    """One value that a row gives to an attribute of a subject."""

    row: int
    subject: Key
    attribute: Key
    """Stems of the noun that the value belongs to, head last; empty when the text names none."""
    conditions: frozenset[str]
    fact: Fact


def without_brand(brand: Key, s: Statement) -> Statement:
    """A statement whose subject has lost the brand."""
    return s._replace(subject=_without(brand, s.subject))


def brand_of(subjects: Collection[Key]) -> Key:
    """The words that most of the different subjects of a dataset start with ("Raspberry Pi"); empty for none."""
    prefix: Key = ()
    while True:
        n = len(prefix)
        longer = Counter(s[n] for s in subjects if s[:n] == prefix and len(s) > n + 1)
        if not longer or (best := longer.most_common(1)[0])[1] * 3 < len(subjects) or best[1] < 3:
            return prefix
        prefix = (*prefix, best[0])


def _without(prefix: Key, subject: Key) -> Key:
    n = len(prefix)
    while n and (subject[:n] != prefix[:n] or len(subject) <= n):
        n -= 1
    return subject[n:]


def statements(row: Row) -> list[Statement]:
    """What a row says of each number in its answer."""
    answer, question = analyse(row.answer, ""), analyse(row.question, "")
    subjects = _subjects(question)
    asked = tuple(
        w.stem
        for w in question.reading.words
        if w.lower not in STOPWORDS and w.lower not in GENERIC and not _in_name(w, question)
    )
    values = [
        f for f in answer.facts if f.kind in _VALUE_KINDS and not f.aside and not f.dimension.startswith("before:")
    ]
    places = [(f, _subject(answer, f), _attribute(answer, f)) for f in values]
    times = Counter((f.dimension, subject, attribute) for f, subject, attribute in places)
    dimensions = Counter(f.dimension for f in values)
    found = []
    for fact, named, attribute in places:
        subject = named or (subjects[0] if len(subjects) == 1 else None)
        if subject is None or times[fact.dimension, named, attribute] > 1:
            continue  # nothing named, or a list of options for one thing
        if not attribute and len(subjects) == 1 and dimensions[fact.dimension] == 1:
            attribute = tuple(sorted(set(asked)))
        found.append(Statement(row.number, subject, attribute, _conditions(answer, question, fact), fact))
    return found


def sentence(row: Row) -> Statement | None:
    """The single value of a whole answer, with all other words of the answer as its attribute.

    Two rows that answer in the same words but for the number speak of the same thing. An answer that names nothing
    ("It has two.") belongs to the names of its question.
    """
    answer = analyse(row.answer, "")
    values = [f for f in answer.facts if f.kind in _VALUE_KINDS]
    if len(values) != 1 or len(answer.reading.words) > _LONGEST_SENTENCE:
        return None
    fact = values[0]
    words = tuple(
        w.stem
        for w in answer.reading.words
        if w.lower not in STOPWORDS and (w.end <= fact.start or w.start >= fact.end)
    )
    subjects = _subjects(answer) or _subjects(analyse(row.question, ""))
    if not subjects or len(words) < 2:
        return None
    return Statement(row.number, tuple(part for s in subjects for part in s), words, frozenset(), fact)


_LONGEST_SENTENCE = 40


def _subjects(side: Analysis) -> list[Key]:
    return [name_key(f.text) for f in side.facts if _names_a_thing(f)]


def _names_a_thing(f: Fact) -> bool:
    return (f.kind is Kind.NAME and f.dimension == "name") or (f.kind is Kind.IDENTIFIER and f.dimension == "name")


def _in_name(word: Word, side: Analysis) -> bool:
    return any(f.start <= word.start and word.end <= f.end for f in side.facts if _names_a_thing(f))


def _subject(side: Analysis, fact: Fact) -> Key | None:
    """The thing that a value is about: named right behind it ("520 KB for the RP2350"), else nearest in front of it."""
    reading = side.reading
    clause = reading.words[min(reading.word_index(fact.start), len(reading.words) - 1)].clause
    nearest: Key | None = None
    for f in side.facts:
        if not _names_a_thing(f):
            continue
        if f.start >= fact.end:
            between = side.text[fact.end : f.start].lower().split()
            if between and between[0] in ("for", "on") and len(between) <= 2:
                return name_key(f.text)
            break
        before = reading.text_before(f.start, ("the", "a", "an"))
        same_clause = reading.words[reading.word_index(f.start)].clause == clause
        if same_clause and before not in _SETS_ASIDE:
            nearest = name_key(f.text)
    return nearest


def _attribute(side: Analysis, fact: Fact) -> Key:
    """The noun phrase that a value belongs to: behind it ("264 KB of SRAM"), or in front ("a clock of 133 MHz")."""
    if fact.noun:
        return _plain(fact.noun)
    words = side.reading.words_after(fact.end, 5)
    text, end = side.text, fact.end
    if words and words[0].lower == "of" and text[end : words[0].start] == " ":
        end, words = words[0].end, words[1:]
    phrase: list[str] = []
    for w in words:
        if (
            text[end : w.start] not in (" ", " the ")
            or w.lower in _PHRASE_END
            or (w.lower in STOPWORDS and phrase)
            or w.text[0].isdigit()
        ):
            break
        if w.lower not in STOPWORDS:
            phrase.append(w.stem)
        end = w.end
    if phrase:
        return _plain(tuple(phrase))
    linked = False
    for w in reversed(side.reading.words_before(fact.start, 6)):
        if w.lower in _LINKS:
            linked = True
            continue
        if not linked or w.lower in STOPWORDS or w.lower in GENERIC or _in_name(w, side):
            break
        phrase.insert(0, w.stem)
    return _plain(tuple(phrase))


def _plain(phrase: Key) -> Key:
    return tuple(p for p in phrase if p not in _HARMLESS)


def _conditions(answer: Analysis, question: Analysis, fact: Fact) -> frozenset[str]:
    clause = answer.reading.words[min(answer.reading.word_index(fact.start), len(answer.reading.words) - 1)].clause
    here = [w for w in answer.reading.words if w.clause == clause]
    said = {w.lower for w in here} | question.reading.vocabulary
    return frozenset((said & _CONDITIONS) | _led_by(answer, fact, here))


def _led_by(answer: Analysis, fact: Fact, here: list[Word]) -> set[str]:
    """What else stands in front of a value in its clause ("the Arm cores of"): it narrows what the value is about."""
    subjects = [f for f in answer.facts if _names_a_thing(f)]
    about = next((f for f in reversed(subjects) if f.end <= fact.start), None)
    if about is None:
        return set()
    lead = [w for w in here if w.end <= about.start]
    return {w.stem for w in lead if w.lower not in STOPWORDS and w.lower not in GENERIC and w.stem not in _HARMLESS}
