"""How many of a thing: "26 GPIO pins", "quad-core", "a pair of ports", "none"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.facts.claims import number_fact
from data.facts.model import Fact, Kind
from data.facts.nouns import noun_words
from data.facts.numbers import Number
from data.facts.patterns import lazy
from data.facts.reading import Reading, Word, stem, tell
from data.facts.vocabulary.function_words import STOPWORDS

_MULTIPLE = lazy(
    r"\b(?P<word>dual|twin|triple|tri|quad|quadruple|quintuple|hexa|octa|deca|penta|single|double)(?P<dash>[ -])"
    r"(?=(?P<noun>[a-z][\w-]*))",
    re.IGNORECASE,
)
_TIMES_OVER = {
    "single": 1, "dual": 2, "twin": 2, "double": 2, "triple": 3, "tri": 3, "quad": 4, "quadruple": 4, "penta": 5,
    "quintuple": 5, "hexa": 6, "octa": 8, "deca": 10,
}  # fmt: skip
_MULTIPLES = tell(_TIMES_OVER)
_GROUPS = tell(frozenset(["pair", "couple", "trio"]))
_GROUP = lazy(r"\b(?:a )?(?P<word>pair|couple|trio) of (?=\w)", re.IGNORECASE)
_NONE = lazy(
    r"\b(?:no|zero)(?= [a-zA-Z])(?! (?:fewer|less|more|later|earlier|longer|greater|higher) than)"
    r"|^\s*(?:none|zero|nil)\b|\bnone\b",
    re.IGNORECASE,
)
_NOT_ONE_BEFORE = frozenset(
    ["the", "this", "that", "each", "every", "no", "any", "which", "another", "former", "latter", "other", "some"]
)
_NOT_ONE_AFTER = frozenset(
    ["of", "is", "that", "who", "which", "with", "can", "in", "can't", "to", "for", "has", "and", "another"]
)
_OFTEN_EMPHASIS = ("single", "double", "triple")
"""Words that count only in answers to "how many" or with a hyphen."""
_ONE_ALONE_BEFORE = frozenset(["than", "least", "most", "only", "exactly", "just", "is", "has", "have"])
_HYPHENED = lazy(r"[-‑](?P<noun>[A-Za-z][a-z]+)")
_HYPHENS = ("-", "‑")
_OR_MORE = lazy(r"\s+or (?:more|fewer|less)\b")


def find_counts(reading: Reading, numbers: list[Number], *, how_many: bool) -> list[Fact]:
    """Facts of the numbers that no other extractor took, with the noun they count, and of words such as "quad-core"."""
    text = reading.text
    facts = [_count_of(reading, n) for n in numbers if _counts(reading, n)]
    for m in _multiples(reading):
        word, joined = m["word"].lower(), m["dash"] == "-"
        if not reading.free(m.start(), m.end()) or (word in _OFTEN_EMPHASIS and not joined and not how_many):
            continue
        end = m.end("noun") if joined or m["noun"].lower().startswith("core") else m.end("word")
        nouns = [m["noun"].lower()] if joined else [w.lower for w in noun_words(reading, m.end("word"))]
        facts.append(_count(reading, m.start(), end, float(_TIMES_OVER[word]), nouns))
    for m in _GROUP.finditer(text) if reading.has(_GROUPS) else ():
        if reading.free(m.start(), m.end()):
            nouns = [w.lower for w in noun_words(reading, m.end())]
            facts.append(_count(reading, m.start(), m.end("word"), 3.0 if m["word"].lower() == "trio" else 2.0, nouns))
    if how_many:
        facts += [_count(reading, *m.span(), 0.0) for m in _NONE.finditer(text) if reading.free(*m.span())]
    return facts


def _multiples(reading: Reading) -> Iterator[re.Match[str]]:
    for i in reading.places(_MULTIPLES):
        if reading.lower[i].partition("-")[0] in _TIMES_OVER and (
            m := _MULTIPLE.match(reading.text, reading.words[i].start)
        ):
            yield m


def _count_of(reading: Reading, n: Number) -> Fact:
    """The count that a number states; "40-pin" is one span."""
    m = _HYPHENED.match(reading.text, n.end) if not n.word and reading.text[n.end : n.end + 1] in _HYPHENS else None
    if m:
        return _count(reading, n.start, m.end(), n.value, [m["noun"].lower()], digits=n.digits)
    return _count(reading, n.start, n.end, n.value, digits=n.digits)


def _count(
    reading: Reading, start: int, end: int, value: float, nouns: list[str] | None = None, *, digits: int = 0
) -> Fact:
    said = nouns if nouns is not None else [w.lower for w in noun_words(reading, end)]
    noun = tuple(stem(part) for word in said for part in (word.split("-") if nouns else [word]))
    return number_fact(
        reading, start, end, Kind.COUNT, value, " ".join(said) or None, "count", (value,), noun=noun, digits=digits
    )


def _part_of_name(reading: Reading, n: Number, before: Word) -> bool:
    """Whether a small number belongs to the capitalised word in front of it ("Pi 4", "Windows 10")."""
    if not before.text[0].isupper() or before.lower in STOPWORDS or n.value != int(n.value):
        return False
    text, position = reading.text, before.start
    while position and text[position - 1].isspace():
        position -= 1
    return position > 0 and text[position - 1] not in ".!?:;"


def _numbers_item(text: str, n: Number) -> bool:
    """Whether a number only numbers an item of a list, on a line of its own start ("2. The board")."""
    if n.word or text[n.end : n.end + 1] not in (".", ")") or text[n.end + 1 : n.end + 2] != " ":
        return False
    lead = text[text.rfind("\n", 0, n.start) + 1 : n.start]
    following = f"\n{int(n.value) + 1}{text[n.end]} "
    return not lead.strip() and ("\n" in text[: n.start] or following in text)


def _counts(reading: Reading, n: Number) -> bool:
    text = reading.text
    if not reading.free(n.start, n.end) or _numbers_item(text, n):
        return False
    before = reading.words_before(n.start, 1)
    if before and before[0].end == n.start and not n.signed:
        return False
    if (
        before
        and not n.word
        and n.value < 1000
        and text[before[0].end : n.start] == " "
        and _part_of_name(reading, n, before[0])
    ):
        return False
    if not n.word or n.value != 1:
        return not (n.word and before and before[0].lower == "the" and not noun_words(reading, n.end))  # "of the two"
    if _OR_MORE.match(text, n.end):
        return True
    after = reading.words_after(n.end, 1)
    if before and before[0].lower in _NOT_ONE_BEFORE:
        return False
    if not after:
        return not before or before[0].lower in _ONE_ALONE_BEFORE
    if text[n.end : after[0].start].strip():
        return not before
    return after[0].lower not in _NOT_ONE_AFTER
