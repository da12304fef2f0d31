"""Yes or no, negation and opposites: what an answer affirms and what it denies."""

from __future__ import annotations

import re
from typing import NamedTuple

from data.facts.patterns import lazy
from data.facts.questions import Asked
from data.facts.reading import Reading
from data.facts.vocabulary.function_words import GENERIC, NEGATIONS, STOPWORDS
from data.facts.vocabulary.opposites import OPPOSITES


class Stance(NamedTuple):
    """A predicate that a text affirms (+1) or denies (-1), and where."""

    predicate: str
    sign: int
    start: int
    end: int
    clause: int
    about: frozenset[str]


class Polarity(NamedTuple):
    """The yes (+1) or no (-1) of a whole answer, and the words that say it."""

    sign: int
    start: int
    end: int


_YES = lazy(
    r"^[\W_]*(yes|yeah|yep|correct|true|indeed|certainly|absolutely|definitely|of course|affirmative|sure|right|it is\b(?! not)|it does\b(?! not)|it can\b(?!not| not)|they (?:are|do|can)\b(?! not))(?=\W|$)",
    re.IGNORECASE,
)
_NO = lazy(
    r"^[\W_]*(no(?=[,.;:!—–\s-]*(?:$|[,.;:!—–-]|\s(?:it|they|the|this|that|there|only|because|not|you|we|he|she)\b))|nope|false|incorrect|untrue|never|not (?:at all|necessarily|by default|directly|natively|quite|exactly|always|currently|any ?more|automatically|usually|yet|officially|unless|without|true|really)|not(?=[,.]|$)|negative|wrong|neither|it is not|it isn't|it does not|it doesn't|it cannot|it can't)(?=\W|$)",
    re.IGNORECASE,
)
_REFUSAL = lazy(
    r"\b(?:(?:is|are|was|were)(?: not|n't) (?:specified|stated|mentioned|documented|given|listed|provided|known|disclosed|published|clear|publicly available|defined|available in|covered|included in)|(?:does|do|did)(?: not|n't) (?:say|state|specify|mention|know|give|list|provide (?:this|that|any) information|disclose|have (?:enough |any |that |the )?information)"
    r"|(?:not (?:sure|specified|stated|known|documented|mentioned|available|given|listed|disclosed)\b)|unknown|no (?:information|data|details?|answer|figures?|specification) (?:is|are|was|were|on|about|available|given|provided|for)|(?:i|we) (?:do not|don't|cannot|can't|could not|couldn't|am not|am unable|are unable)\b|(?:cannot|can't|could not|unable to|not able to) (?:be )?(?:determined?|say|find|answer|confirm|verify|provide|help|tell)|not enough information|insufficient information|it(?: really)? depends\b|consult (?:the|a|your)|please (?:refer|check|see|consult)|as an ai|no idea|undisclosed|unspecified|remains unclear|is unclear|hard to say|i'm sorry|i am sorry|sorry,)",
    re.IGNORECASE,
)


def refuses(text: str) -> bool:
    """Whether a text says that it does not know, and so claims nothing."""
    return bool(_REFUSAL.search(text))


def stances(reading: Reading) -> list[Stance]:
    """The predicates of `OPPOSITES` in a text with their sign, negations near them taken in."""
    found = []
    words = reading.words
    for i, w in enumerate(words):
        if w.lower not in OPPOSITES or (w.lower == "up" and i + 1 < len(words) and words[i + 1].lower == "to"):
            continue
        turn = -1 if negated(reading, i) else 1
        around = reading.around(w.start, w.end)
        found += [
            Stance(predicate, turn * sign, w.start, w.end, w.clause, around) for predicate, sign in OPPOSITES[w.lower]
        ]
    return found


def negated(reading: Reading, i: int) -> bool:
    """Whether an odd number of negations stands near word `i`: up to five words before it, or "no" right behind it."""
    words = reading.words
    clause, count = words[i].clause, 0
    for k in range(max(0, i - 5), i):
        if (
            words[k].clause == clause
            and words[k].lower in NEGATIONS
            and "," not in reading.text[words[k].end : words[i].start]
        ):
            count += 1
    if (
        i + 1 < len(words)
        and words[i + 1].lower in ("no", "neither", "nothing", "none")
        and words[i + 1].clause == clause
    ):
        count += 1
    return count % 2 == 1


def clause_sign(reading: Reading, clause: int) -> int:
    """-1 when a clause holds an odd number of negations, else 1."""
    count = sum(1 for w in reading.words if w.clause == clause and w.lower in NEGATIONS)
    return -1 if count % 2 else 1


def answer_polarity(
    reading: Reading, asked: Asked, asked_stances: list[Stance], answer_stances: list[Stance]
) -> Polarity | None:
    """What an answer says to a yes-or-no question; None when it does not say."""
    text = reading.text
    if m := _YES.match(text):
        return Polarity(1, m.start(1), m.end(1))
    if m := _NO.match(text):
        return Polarity(-1, m.start(1), m.end(1))
    for q in asked_stances:
        for s in answer_stances:
            if s.predicate == q.predicate:
                start, end = _with_negation(reading, s.start, s.end)
                return Polarity(s.sign * q.sign, start, end)
    best, where, shared = 0, -1, frozenset[str]()
    for clause in range(reading.clauses):
        stems = {w.stem for w in reading.words if w.clause == clause and w.lower not in STOPWORDS}
        overlap = stems & asked.stems
        if len(overlap) > best:
            best, where, shared = len(overlap), clause, frozenset(overlap)
    if where < 0 or (best < 2 and len(asked.stems) > 2):
        negations = [w for w in reading.words[:4] if w.lower in NEGATIONS]
        return Polarity(-1, negations[0].start, negations[0].end) if negations else None
    sign = clause_sign(reading, where)
    for q in asked_stances:
        sign *= q.sign if q.sign < 0 else 1
    here = [w for w in reading.words if w.clause == where]
    if sign < 0:
        for k, w in enumerate(here):
            if w.lower in NEGATIONS:
                first = (
                    here[k - 1]
                    if k
                    and here[k - 1].lower
                    in ("does", "do", "is", "are", "did", "was", "were", "has", "can", "will", "must", "may")
                    else w
                )
                return Polarity(-1, first.start, w.end)
    verb = next((w for w in here if w.stem in shared and w.lower in GENERIC), None) or next(
        (w for w in here if w.stem in shared), here[0]
    )
    return Polarity(sign, verb.start, verb.end)


def _with_negation(reading: Reading, start: int, end: int) -> tuple[int, int]:
    i = reading.word_index(start)
    for k in range(max(0, i - 4), i):
        if reading.words[k].lower in NEGATIONS and reading.words[k].clause == reading.words[i].clause:
            first = (
                reading.words[k - 1]
                if k and reading.words[k - 1].lower in ("does", "do", "is", "are", "did", "was", "were", "has", "can")
                else reading.words[k]
            )
            return first.start, end
    return start, end
