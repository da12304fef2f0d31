"""The same words bound otherwise: values swapped between two things, or who does what to whom turned round."""

from __future__ import annotations

import re

from data.facts.content import meaning
from data.facts.extract import Analysis
from data.facts.patterns import lazy
from data.facts.reading import Word, stem
from data.facts.vocabulary.function_words import GENERIC, NEGATIONS, STOPWORDS
from data.facts.vocabulary.opposites import OPPOSITES

_SPLIT = lazy(r"[,;:.!?](?=\s|$)|\b(?:and|while|whereas|but|or|plus)\b|\n")
_TOKEN = lazy(r"(?!The |A |An |In |From |It |To )[A-Z][a-z][\w-]*(?: [A-Z][a-z][\w-]*)+|[^\s,;!?()\"“”]+")
_JOINED = lazy(r"^\W*(?:and|or|nor|,|&|/|plus|with|as well as)?\W*$")
_LISTED = lazy(r"\s*(?:[,;&/]\s*(?:and|or|nor|plus)?|and|or|nor|plus)\s*(?:the |a |an )?$")
"""What stands between two members of a list, whose order says nothing."""
_PASSIVE = lazy(
    r"\b(?:is|are|was|were|be|been|being|gets?|got)\s+(?:\w+ly\s+)?\w+(?:ed|en|t|n|ne|ung|ld|de|ht|ound)\s+by\b"
)
_TO = lazy(r"\b(?:(?:in)?to|then|before|followed by)\b", re.IGNORECASE)
_SYMMETRIC = frozenset(
    [
        "equal",
        "same",
        "border",
        "between",
        "adjacent",
        "marry",
        "meet",
        "neighbour",
        "versu",
        "differ",
        "compar",
        "connect",
        "join",
        "similar",
    ]
)

Token = tuple[str, int, int]


def swapped(a: Analysis, b: Analysis) -> tuple[str, str] | None:
    """The two passages that bind the same words otherwise; None when they do not."""
    if not (4 <= len(a.reading.words) + len(b.reading.words) <= 80):
        return None
    return _bindings(a, b) or _reversal(a, b)


def _segments(side: Analysis) -> list[list[Token]]:
    found, position = [], 0
    text = side.text
    for m in (*_SPLIT.finditer(text), None):
        end = m.start() if m else len(text)
        found.append(_tokens(text, position, end))
        position = m.end() if m else end
    return [s for s in found if s]


def _tokens(text: str, start: int, end: int) -> list[Token]:
    found, owner = [], False
    for m in _TOKEN.finditer(text, start, end):
        word = m.group().strip(".'’").lower()
        if (
            not word
            or (word in STOPWORDS and word not in NEGATIONS)
            or (word in GENERIC and not (m.group()[0].isupper() and m.start() > start))
        ):
            continue
        found.append((_plain(word.removesuffix("'s").removesuffix("’s")), m.start(), m.end()))
        if owner:
            found[-2:] = reversed(found[-2:])  # "the subsidiary's debt" is "the debt of the subsidiary"
        owner = word.endswith(("'s", "’s"))
    return found


def _plain(word: str) -> str:
    entry = OPPOSITES.get(stem(word))
    return entry[0][0] if entry else meaning(Word(0, 0, word, word, stem(word), 0))


def _bindings(a: Analysis, b: Analysis) -> tuple[str, str] | None:
    left, right = _segments(a), _segments(b)
    if len(left) < 2 or len(right) < 2:
        return None
    common = {t[0] for s in left for t in s} & {t[0] for s in right for t in s}
    here, there = _pairs(left, common), _pairs(right, common)
    only_here, only_there = [pair for pair in here if pair not in there], there.keys() - here.keys()
    for u1, v1 in only_here:
        for u2, v2 in only_here:
            crossed = _pair(u1, v2), _pair(u2, v1)
            if len({u1, u2, v1, v2}) == 4 and crossed[0] in only_there and crossed[1] in only_there:
                x, y = here[u1, v1], there[crossed[0]]
                return a.text[x[0] : x[1]], b.text[y[0] : y[1]]
    return None


def _pair(u: str, v: str) -> tuple[str, str]:
    return (u, v) if u < v else (v, u)


def _pairs(segments: list[list[Token]], common: set[str]) -> dict[tuple[str, str], tuple[int, int]]:
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for s in segments:
        kept = [t for t in s if t[0] in common]
        for i, t in enumerate(kept):
            for u in kept[i + 1 :]:
                if t[0] != u[0]:
                    found.setdefault(_pair(t[0], u[0]), (min(t[1], u[1]), max(t[2], u[2])))
    return found


def _reversal(a: Analysis, b: Analysis) -> tuple[str, str] | None:
    left, right = _tokens(a.text, 0, len(a.text)), _tokens(b.text, 0, len(b.text))
    common = {t[0] for t in left} & {t[0] for t in right}
    if len(common) * 5 < 3 * max(len(left), len(right)) or len(common) < 2:
        return None
    left, right = [t for t in left if t[0] in common], [t for t in right if t[0] in common]
    if len(left) != len(right) or len(left) < 2 or sorted(t[0] for t in left) != sorted(t[0] for t in right):
        return None
    differ = [i for i, (t, u) in enumerate(zip(left, right, strict=True)) if t[0] != u[0]]
    if not differ and len(left) >= 3 and bool(_PASSIVE.search(a.text)) != bool(_PASSIVE.search(b.text)):
        return a.text[left[0][1] : left[-1][2]], b.text[right[0][1] : right[-1][2]]
    if len(differ) != 2 or left[differ[0]][0] != right[differ[1]][0]:
        return None
    i, j = differ
    between = a.text[left[i][2] : left[j][1]]
    listed = all(_LISTED.match(a.text[left[k][2] : left[k + 1][1]]) for k in range(i, j))
    if len(common) == 2 and not _TO.search(between):
        return None
    predicates = {t[0] for t in left} & _SYMMETRIC
    if _JOINED.match(between) or listed or predicates:
        return None
    flips = bool(_PASSIVE.search(a.text)) != bool(_PASSIVE.search(b.text))
    flips ^= _sign(a) != _sign(b)
    if flips:
        return None
    return a.text[left[i][1] : left[j][2]], b.text[right[i][1] : right[j][2]]


def _sign(side: Analysis) -> int:
    sign = 1
    for s in side.stances:
        sign *= s.sign
    return sign
