"""How many of a thing, which one in a row, and numbers that are labels ("port 443", "Article 17", "Phase III")."""

from __future__ import annotations

import re

from data.facts.claims import number_fact
from data.facts.model import Fact, Kind
from data.facts.numbers import Number
from data.facts.patterns import lazy
from data.facts.quantities import noun_after
from data.facts.reading import Reading, stem

_MULTIPLE = lazy(
    r"\b(?P<word>dual|twin|triple|tri|quad|quadruple|quintuple|hexa|octa|deca|penta|single|double)(?P<dash>[ -])(?=(?P<noun>[a-z][\w-]*))",
    re.IGNORECASE,
)
_TIMES_OVER = {"single": 1, "dual": 2, "twin": 2, "double": 2, "triple": 3, "tri": 3, "quad": 4, "quadruple": 4, "penta": 5, "quintuple": 5, "hexa": 6, "octa": 8, "deca": 10}  # fmt: skip
_PAIR = lazy(r"\b(?:a )?(?P<word>pair|couple|trio|handful) of (?=\w)", re.IGNORECASE)
_NONE = lazy(r"\b(?:no|zero)(?= [a-zA-Z])|^\s*(?:none|zero|nil)\b|\bnone\b", re.IGNORECASE)
_LABEL_WORDS = (
    "port pin gpio article section chapter page rfc iso iec form error code status exit type grade level step phase stage class category"
    " schedule title part rule amendment act figure table line number no channel bank address pep request layer tier zone appendix clause"
    " paragraph regulation directive convention protocol world war super bowl vitamin group region route highway factor"
)
_LABELS = frozenset(stem(w) for w in _LABEL_WORDS.split())
_ROMAN = lazy(
    r"\b(?P<label>Article|Section|Chapter|Type|Grade|Level|Phase|Stage|Class|Schedule|Title|Part|Category|War|Act|Appendix|Amendment|factor|type|phase|stage|class|grade|title|part)\s+(?P<number>[IVX]{1,5}|[A-D])(?P<letter>[a-cA-C])?\b"
)
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_ORDINALS = {w: n for n, w in enumerate(["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"], 1)}  # fmt: skip
_ORDINAL = lazy(
    rf"\b(?:(?P<digits>\d+)(?:st|nd|rd|th)|(?P<tens>twenty|thirty|forty|fifty)-(?P<unit>{'|'.join(list(_ORDINALS)[:9])})|(?P<word>{'|'.join(_ORDINALS)}))\b(?!\s?[-–])",
    re.IGNORECASE,
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_SUFFIX = lazy(r"(?:\(\w{1,3}\)|[a-z](?![\w])|[.-]\d+(?:[.-]\d+)*)+", re.IGNORECASE)
_ONE_BEFORE = frozenset(
    [
        "the",
        "this",
        "that",
        "each",
        "every",
        "no",
        "any",
        "which",
        "another",
        "only-the",
        "former",
        "latter",
        "other",
        "some",
    ]
)
_ONE_AFTER = frozenset(
    ["of", "is", "that", "who", "which", "with", "can", "in", "can't", "to", "for", "has", "and", "or", "another"]
)


def roman(text: str) -> int:
    """The value of a Roman numeral of I, V and X."""
    values = [_ROMAN_VALUES[c] for c in text]
    return sum(-v if i + 1 < len(values) and v < values[i + 1] else v for i, v in enumerate(values))


def find_counts(reading: Reading, numbers: list[Number], *, how_many: bool) -> list[Fact]:
    """Facts of the numbers that measure nothing: counts with their noun, labels, and words such as "quad-core"."""
    facts: list[Fact] = []
    text = reading.text
    for m in _ROMAN.finditer(text):
        if reading.free(m.start("number"), m.end("number")):
            letters = m["number"]
            value = str(roman(letters)) if letters not in "ABCD" else letters
            facts.append(
                _label(
                    reading, m.start("number"), m.end(), value + (m["letter"] or "").lower(), stem(m["label"].lower())
                )
            )
    for n in numbers:
        if reading.free(n.start, n.end) and (fact := _number(reading, n)):
            facts.append(fact)
    for m in _MULTIPLE.finditer(text):
        if not reading.free(m.start(), m.end()):
            continue
        word, noun = m["word"].lower(), m["noun"].lower()
        if word in ("single", "double", "triple") and m["dash"] == " " and not how_many:
            continue
        end = m.end("noun") if m["dash"] == "-" or noun.startswith("core") else m.end("word")
        value = float(_TIMES_OVER[word])
        nouns = tuple(stem(part) for part in noun.split("-")) + (
            noun_after(reading, m.end("noun")) if m["dash"] == " " else ()
        )
        facts.append(
            number_fact(reading, m.start(), end, Kind.COUNT, value, _said(nouns), "count", (value,), noun=nouns)
        )
    for m in _PAIR.finditer(text):
        if m["word"].lower() != "handful" and reading.free(m.start(), m.end()):
            nouns, value = noun_after(reading, m.end()), 3.0 if m["word"].lower() == "trio" else 2.0
            facts.append(
                number_fact(
                    reading, m.start(), m.end("word"), Kind.COUNT, value, _said(nouns), "count", (value,), noun=nouns
                )
            )
    if how_many:
        for m in _NONE.finditer(text):
            if reading.free(m.start(), m.end()):
                nouns = noun_after(reading, m.end())
                facts.append(
                    number_fact(reading, m.start(), m.end(), Kind.COUNT, 0.0, _said(nouns), "count", (0.0,), noun=nouns)
                )
    facts.extend(_ordinals(reading))
    return facts


def _said(noun: tuple[str, ...]) -> str | None:
    return " ".join(noun) or None


def _label(reading: Reading, start: int, end: int, value: str, noun: str) -> Fact:
    return number_fact(
        reading, start, end, Kind.IDENTIFIER, value, None, "label:" + noun, (), noun=(noun,), key=(value,)
    )


def _number(reading: Reading, n: Number) -> Fact | None:
    text = reading.text
    before = reading.words_before(n.start, 1)
    gap = text[before[0].end : n.start] if before else ""
    if (
        before
        and not n.word
        and gap in (" ", " #", "\u00a0", "-")
        and stem(before[0].lower) in _LABELS
        and n.value == int(n.value)
    ):
        m = _SUFFIX.match(text, n.end)
        end = m.end() if m else n.end
        value = re.sub(r"[.-]?\s", "", text[n.start : end]).lower().replace("(", ".").replace(")", "")
        noun = stem(before[0].lower)
        following = [w.stem for w in reading.words_after(end, 1) if text[end : w.start] == " "]
        if noun in {"no", "number", "gpio"} and following and following[0] in {"pin", "port", "core"}:
            pass
        elif noun not in ("gpio", "no") or gap != " " or not following:
            return _label(reading, before[0].start, end, value, noun)
    if n.word and n.value == 1:
        after = reading.words_after(n.end, 1)
        if (
            (before and before[0].lower in _ONE_BEFORE)
            or (not after and before and before[0].lower not in ("least", "most", "only", "exactly", "just"))
            or (after and (after[0].lower in _ONE_AFTER or text[n.end : after[0].start].strip()))
        ):
            bare = not before and not after
            if not bare:
                return None
    if before and gap == "" and not n.signed:
        return None
    nouns = noun_after(reading, n.end)
    return number_fact(
        reading, n.start, n.end, Kind.COUNT, n.value, _said(nouns), "count", (n.value,), noun=nouns, digits=n.digits
    )


def _ordinals(reading: Reading) -> list[Fact]:
    facts = []
    for m in _ORDINAL.finditer(reading.text):
        if not reading.free(m.start(), m.end()):
            continue
        if m["digits"]:
            value = int(m["digits"])
        elif m["tens"]:
            value = _TENS[m["tens"].lower()] + _ORDINALS[m["unit"].lower()]
        else:
            value = _ORDINALS[m["word"].lower()]
            if m["word"].lower() == "first" and reading.text[m.end() : m.end() + 1] in ",":
                continue
        nouns = noun_after(reading, m.end())
        facts.append(
            number_fact(
                reading,
                m.start(),
                m.end(),
                Kind.ORDINAL,
                float(value),
                _said(nouns),
                "rank",
                (float(value),),
                noun=nouns,
            )
        )
    return facts
