"""What a row asks and states, as numbers: rows that share one belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from data.facts.extract import analyse
from data.facts.model import Fact, Kind
from data.facts.names import name_key
from data.facts.statements import Row, statements
from data.facts.vocabulary.function_words import GENERIC, STOPWORDS
from data.formats.conversation import Conversation
from data.quality.groups import hashed
from data.splitting.questions import answered, asked, fold
from data.splitting.synonyms import same_word
from data.splitting.words import Word, alike, content_words, sketch

_LONGEST = 4000
"""Characters of a question or an answer that are read for facts."""
_WORDS_OF_AN_ANSWER = 3
"""Content words that make an answer say something by itself."""

_BARE = 60
"""Characters of an answer that may be a value and nothing else; its question names the thing then."""
_NAME = re.compile(r"(?:[A-Z]|\w*\d)[\w+.\-]*(?: (?:[A-Z]|\d)[\w+.\-]*)*")
_SHORTEST = 16
"""Content words of a row below which one other word makes it another row."""
_NUMBER = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen)\b", re.IGNORECASE)
"""What an answer that gives a value has; reading an answer for its values takes most of the time."""


class Why(StrEnum):
    """Why two rows belong together, the surest first; the value is what a person reads."""

    QUESTION = "same question"
    REWORDED = "same question in other words"
    ANSWER = "same answer"
    FACT = "same value of the same thing"
    LIKE = "near duplicate"


def keys_of(conversation: Conversation) -> Iterator[tuple[Why, int]]:
    """The keys of a row, each with what sharing it means (0.5 ms for a question and its answer)."""
    question, answer = asked(conversation)[:_LONGEST], answered(conversation)[:_LONGEST]
    folded = fold(question)
    if not folded:
        return
    yield Why.QUESTION, hashed(f"q {folded}")
    words = content_words(question)
    if len(words) > 1:
        yield Why.REWORDED, hashed(f"r {_meaning(words)}")
    if not answer.strip():
        return
    said = content_words(answer)
    shared = {same_word(word.stem) for word in words} & {same_word(word.stem) for word in said}
    names = {word.stem for word in said if word.telling} - STOPWORDS
    if len(said) >= _WORDS_OF_AN_ANSWER and (shared or len(names) > 1):
        yield Why.ANSWER, hashed(f"a {_meaning(said)}")
    for key in _facts(question, answer):
        yield Why.FACT, hashed(f"f {key}")
    whole = [*words, *said]
    if len(whole) >= _SHORTEST:
        yield from ((Why.LIKE, key) for key in sketch(whole))


def alike_rows(one: Conversation, other: Conversation) -> bool:
    """Whether two longer rows are the same but for some words; those that share a key of `Why.LIKE` may be."""
    first, second = (content_words(f"{asked(each)[:_LONGEST]} {answered(each)[:_LONGEST]}") for each in (one, other))
    return alike(first, second)


def _meaning(words: list[Word]) -> str:
    """The same for texts with the same content words, in any order but for names and numbers."""
    stems = sorted(same_word(word.stem) for word in words)
    return f"{' '.join(stems)} | {' '.join(word.stem for word in words if word.telling)}"


def _facts(question: str, answer: str) -> Iterator[str]:
    """What a row states of which thing: the thing, the value, and for a mere count each noun that may be counted."""
    if not _NUMBER.search(answer):
        return
    found = statements(Row(0, question, answer))
    for said in found:
        for subject in _calls(said.subject):
            yield from _stated(subject, said.fact, said.attribute)
    if not found and len(answer) <= _BARE:
        values = [fact for fact in analyse(answer, "").facts if fact.base or fact.kind is Kind.DATE]
        nouns = tuple(word.stem for word in content_words(question) if not word.telling)
        for name in _names(question) if len(values) == 1 else ():
            for subject in _calls(name_key(name)):
                yield from _stated(subject, values[0], nouns)


def _names(question: str) -> Iterator[str]:
    """What is written like a name; the first word, which always begins with a capital, only with a digit in it."""
    for found in _NAME.finditer(question):
        name = found[0]
        first, _, rest = name.partition(" ")
        if found.start() == 0 and first.isalpha():
            name = rest
        if name:
            yield name


def _stated(subject: str, fact: Fact, nouns: tuple[str, ...]) -> Iterator[str]:
    counted = fact.kind is Kind.COUNT or not fact.dimension
    kinds = {same_word(stem) for stem in nouns} - GENERIC - STOPWORDS - {*subject.split()} if counted else {""}
    for value in _values(fact):
        yield from (f"{subject} | {value} | {noun}" for noun in kinds)


def _calls(name: tuple[str, ...]) -> Iterator[str]:
    """A name, and what is left of it without the words it begins with: "raspberry pi pico", "pi pico"."""
    name = tuple(part for part in name if part != "s")  # of "the RP2350's"
    yield " ".join(name)
    for place in range(1, len(name)):
        rest = name[place:]
        if len(rest) > 1 or any(letter.isdigit() for letter in name[place]):
            yield " ".join(rest)


def _values(fact: Fact) -> set[str]:
    """A value in its base unit, to three digits, in each way to read it (264 KB); a date as it is."""
    if not fact.base:
        return {f"{fact.dimension} {' '.join(fact.key)}"}
    readings = filter(None, (fact.base, fact.other_base))
    return {f"{fact.dimension} {' '.join(f'{number:.3g}' for number in reading)}" for reading in readings}


def answer_kind(conversation: Conversation) -> str:
    """What sort of answer a row gives: "yes", "no", "quantity", "name" …, or "other" for one without a fact."""
    facts = analyse(answered(conversation)[:_LONGEST], asked(conversation)[:_LONGEST]).facts
    if not facts:
        return "other"
    first = min(facts, key=lambda fact: fact.start)
    if first.kind is Kind.POLARITY:
        return "no" if first.value is False or "no" in first.key else "yes"
    return first.kind.value
