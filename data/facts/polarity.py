"""Yes or no, negation and opposites: what an answer affirms and what it denies."""

from __future__ import annotations

import re
from typing import NamedTuple

from data.facts.patterns import lazy
from data.facts.questions import Asked
from data.facts.reading import Reading, Word, parts, stem, tell
from data.facts.vocabulary.function_words import GENERIC, NEGATIONS, SECTIONS, STOPWORDS
from data.facts.vocabulary.opposites import OPPOSITES


class Stance(NamedTuple):
    """A predicate that a text affirms (+1) or denies (-1), and where."""

    predicate: str
    sign: int
    start: int
    end: int
    word: int
    """Index of the word that says it."""


class Polarity(NamedTuple):
    """The yes (+1) or no (-1) of a whole answer, and the words that say it."""

    sign: int
    start: int
    end: int


_YES = lazy(
    r"^[\W_]*(yes|yeah|yep|correct|true|indeed|certainly|absolutely|definitely|of course|affirmative|sure|right"
    r"|(?:it|they|he|she|this|that|there) (?:is|does|are|do|can|did|was|has|have|will|must|may|should)(?=[.,;!]"
    r"|$))(?=\W|$)",
    re.IGNORECASE,
)
_NO = lazy(
    r"^[\W_]*(no(?=[,.;:!—–\s-]*(?:$|[,.;:!—–-]|\s(?:it|they|the|this|that|there|only|because|not|you|we|he"
    r"|she)\b))|nope|false|incorrect"
    r"|untrue|never|not (?:at all|necessarily|by default|directly|natively|quite|exactly|always|currently|any ?more"
    r"|automatically|usually|yet"
    r"|officially|unless|without|true|really)|not(?=[,.]|$)|negative|wrong|neither"
    r"|(?:it|they|he|she|this|that) (?:(?:is|does|are|do|can|did|was|has|have|will|must|may|should) ?(?:not|n't)"
    r"|cannot))(?=\W|$)",
    re.IGNORECASE,
)
_LATE = lazy(r"[,;:–—]\s*(?:(?:so|hence|therefore|thus)\s+)?(?P<word>yes|no)\W*$", re.IGNORECASE)


_ON_OFF = frozenset(["on", "off", "lit", "unlit"])
_OPPOSED = tell(OPPOSITES, "stem") | tell(_ON_OFF)
_DENIALS = tell(NEGATIONS)


def stances(reading: Reading) -> list[Stance]:
    """The predicates of `OPPOSITES` in a text with their sign, negations near them taken in."""
    found = []
    words = reading.words
    for i in reading.places(_OPPOSED):
        w = words[i]
        if w.lower in _ON_OFF:
            if not _switches(reading, i):
                continue
            turn = -1 if negated(reading, i) else 1
            found.append(
                Stance(
                    "enable",
                    turn if w.lower in ("on", "lit") else -turn,
                    w.start,
                    w.end,
                    i,
                )
            )
            continue
        if w.lower == "up" and i + 1 < len(words) and words[i + 1].lower == "to":
            continue
        if w.stem not in OPPOSITES:
            continue
        turn = -1 if negated(reading, i) else 1
        found += [Stance(predicate, turn * sign, w.start, w.end, i) for predicate, sign in OPPOSITES[w.stem]]
    return found


def _switches(reading: Reading, i: int) -> bool:
    """Whether an "on" or "off" says that something is switched so, and is no preposition."""
    words = reading.words
    if len(words) == 1 or (i and words[i - 1].lower in _SWITCHING | NEGATIONS):
        return True
    after = reading.lower[i + 1 : i + 3]
    return after == ["by", "default"] or (words[0].lower in _AUXILIARIES and bool(after) and after[0] in _AT_THAT_TIME)


_AT_THAT_TIME = frozenset(["when", "while", "during", "after", "before", "at", "until", "if", "unless"])
_SWITCHING = frozenset(SECTIONS["switching"])


def negated(reading: Reading, i: int) -> bool:
    """Whether an odd number of negations stands near word `i`: up to five words before it, or "no" right behind it."""
    words, lower = reading.words, reading.lower
    if NEGATIONS.isdisjoint(lower[max(0, i - 5) : i]) and NEGATIONS.isdisjoint(lower[i + 1 : i + 2]):
        return False
    clause, count = words[i].clause, 0
    for k in range(max(0, i - 5), i):
        if (
            words[k].clause == clause
            and words[k].lower in NEGATIONS
            and "," not in reading.text[words[k].end : words[i].start]
        ):
            count += 1
    if words[i].lower == "need" and i + 1 < len(words) and words[i + 1].lower == "not":
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
    count = sum(1 for w in reading.words_of(clause) if w.lower in NEGATIONS)
    return -1 if count % 2 else 1


def explicit(reading: Reading) -> Polarity | None:
    """The yes or no that an answer starts or ends with."""
    text = reading.text
    if m := _YES.match(text):
        return Polarity(1, m.start(1), m.end(1))
    if m := _NO.match(text):
        return Polarity(-1, m.start(1), m.end(1))
    if m := _LATE.search(text):
        return Polarity(1 if m["word"].lower() == "yes" else -1, m.start("word"), m.end("word"))
    return None


def implied(
    reading: Reading, asked: Asked, asked_stances: list[Stance], answer_stances: list[Stance]
) -> Polarity | None:
    """What an answer without yes or no says to a yes-or-no question; None when it does not say."""
    for q in asked_stances:
        for s in answer_stances:
            if s.predicate == q.predicate and not ("default" in asked.words and _BY_HAND.search(reading.text)):
                start, end = _with_negation(reading, s.start, s.end)
                return Polarity(s.sign * q.sign * _turned(reading, s, asked), start, end)
    found = _by_permission(asked, answer_stances) or _by_default(reading, asked, asked_stances, answer_stances)
    return (
        found
        or _no_longer(reading, asked)
        or _not_required(reading, asked_stances)
        or _by_overlap(reading, asked, asked_stances)
    )


def _by_permission(asked: Asked, answer_stances: list[Stance]) -> Polarity | None:
    """ "May it be taken?" is answered by "it is safe" and "it is contraindicated"."""
    if asked.text.partition(" ")[0].lower() in ("may", "can"):
        for s in answer_stances:
            if s.predicate in ("allow", "safe"):
                return Polarity(s.sign, s.start, s.end)
    return None


def _by_default(
    reading: Reading, asked: Asked, asked_stances: list[Stance], answer_stances: list[Stance]
) -> Polarity | None:
    """Of "by default?", what is on is a yes, and what somebody has to turn on a no."""
    if "default" not in asked.words:
        return None
    sign = next((q.sign for q in asked_stances if q.predicate in _SWITCHED), 1)
    if m := _BY_HAND.search(reading.text):
        return Polarity(-sign, *m.span())
    if itself := next((w for w in reading.words if w.lower == "automatically"), None):
        return Polarity(sign, itself.start, itself.end)
    s = next((s for s in answer_stances if s.predicate in _SWITCHED), None)
    return Polarity(s.sign * sign, s.start, s.end) if s else None


_SWITCHED = ("enable", "active")
_BY_HAND = lazy(
    r"\b(?:ha(?:s|ve)|needs?|must)(?: to)?(?: be)?(?: \w+)? (?:enabled?|activated?|switch(?:ed)? (?:it )?on|turn(?:ed)?"
    r" (?:it )?on|installed?|configured?|added?)\b|\bopt-?in\b",
    re.IGNORECASE,
)


def _no_longer(reading: Reading, asked: Asked) -> Polarity | None:
    """ "Is it still …?" is denied by what it only was."""
    if "still" not in asked.words or reading.has(_STILL):
        return None
    past = next((w for w in reading.words if w.lower in _THEN), None)
    return Polarity(-1, past.start, past.end) if past else None


_STILL = tell(frozenset(["is", "are", "still", "remains", "remain", "has", "have", "since", *NEGATIONS]))
_THEN = frozenset(["was", "were", "until", "formerly", "ceased", "ended"])


def _not_required(reading: Reading, asked_stances: list[Stance]) -> Polarity | None:
    """ "Must it …?" is denied by what may be done instead."""
    if not any(q.predicate == "require" for q in asked_stances) or reading.has(_DENIALS):
        return None
    may = next((w for w in reading.words if w.lower in ("may", "can", "could")), None)
    return Polarity(-1, may.start, may.end) if may else None


def _turned(reading: Reading, s: Stance, asked: Asked) -> int:
    """-1 when the answer compares the other way round ("France is larger" to "Is Spain larger than France?")."""
    halves = asked.text.split(" than ")
    if len(halves) != 2:
        return 1
    subject, other = ({w.stem for w in Reading(h).words if _named(w)} - {stem(s.predicate)} for h in halves)
    first = next(
        (
            w.stem
            for w in reading.words
            if _named(w) and w.stem in (subject | other) - (subject & other) and w.end <= s.start
        ),
        None,
    )
    return -1 if first in other and first not in subject else 1


def _named(word: Word) -> bool:
    """Whether a word may tell what is spoken of: no function word, but the "A" of "Model A"."""
    return word.lower not in STOPWORDS or (word.text == "A" and word.start > 0)


def _by_overlap(reading: Reading, asked: Asked, asked_stances: list[Stance]) -> Polarity | None:
    """The clause that says most of the question's words decides.

    To affirm, it must hold half of the words that are no names; to deny, one of them and a negation.
    """
    if not reading.words:
        return None
    best, where, shared = 0, -1, frozenset[str]()
    for clause in reading.limits:
        stems = {p for w in reading.words_of(clause) if w.lower not in STOPWORDS for p in (w.stem, *parts(w))}
        overlap = stems & (asked.stems | asked.gist)
        if len(overlap) > best:
            best, where, shared = len(overlap), clause, frozenset(overlap)
    for w in reading.words:
        if _takes_back(w.lower, asked):
            return Polarity(-1, w.start, w.end)
    covered = len(shared & asked.gist) + (reading.words[0].lower in _PRONOUNS)
    if (
        where < 0
        or not shared & asked.gist
        or (not _denies(reading, where) and not _affirms(reading, where, covered, asked))
    ):
        denial = next((w for w in reading.words if w.lower in NEGATIONS or _sets_out(w.lower, asked)), None)
        if denial is None and "only" not in asked.words:
            # "Only with …" at the start is a condition, and no denial.
            denial = next((w for w in reading.words[1:] if w.lower == "only"), None)
        return Polarity(-1, denial.start, denial.end) if denial else None
    sign = clause_sign(reading, where)
    if any(_sets_out(w.lower, asked) for w in reading.words_of(where)):
        sign = -sign
    if "without" in asked.words and asked.lacking & shared and not any(w.lower == "without" for w in reading.words):
        sign = -sign
    for q in asked_stances:
        sign *= q.sign if q.predicate in _MODAL else 1
    here = reading.words_of(where)
    if sign < 0:
        for k, w in enumerate(here):
            if w.lower in NEGATIONS:
                first = here[k - 1] if k and here[k - 1].lower in _AUXILIARIES else w
                return Polarity(-1, first.start, w.end)
    verb = next((w for w in here if w.stem in shared and w.lower in GENERIC), None) or next(
        (w for w in here if w.stem in shared), here[0]
    )
    return Polarity(sign, verb.start, verb.end)


def _affirms(reading: Reading, clause: int, covered: int, asked: Asked) -> bool:
    """Whether a clause says enough of the question to be a yes to it."""
    limited = "only" not in asked.words and any(w.lower == "only" for w in reading.words_of(clause))
    return covered * 2 > len(asked.gist) and not limited


def _denies(reading: Reading, clause: int) -> bool:
    return any(w.lower in NEGATIONS or w.lower in _OUTSIDE for w in reading.words_of(clause))


def _sets_out(word: str, asked: Asked) -> bool:
    """Whether a word says that what is asked for lies elsewhere ("sold separately")."""
    return word in _OUTSIDE and word not in asked.words


def _takes_back(word: str, asked: Asked) -> bool:
    """Whether a word is one of the question's with a negative prefix or ending ("non-refundable", "serverless")."""
    if word.endswith("less") and stem(word[:-4]) in asked.stems:
        return True
    m = _NEGATIVE.match(word)
    return bool(m) and word not in asked.words and any(len(q) > 3 and m["root"].startswith(q[:6]) for q in asked.gist)


_NEGATIVE = lazy(r"(?:non-?|un|in|im|ir|il)(?P<root>[a-z]{4,})$")
_MODAL = frozenset(["allow", "require", "enable", "support", "safe", "valid", "succeed", "accept"])
"""Predicates that a question may put in the negative ("Is it forbidden to …?") while the answer speaks of the deed."""
_OUTSIDE = frozenset(["outside", "formerly", "avoid", "avoids", "avoided", "refrain", "separately"])
_PRONOUNS = frozenset(["it", "they", "he", "she", "this", "these", "you", "we"])
"""Words that stand for the subject of the question."""
_AUXILIARIES = frozenset(
    ["does", "do", "is", "are", "did", "was", "were", "has", "have", "can", "will", "must", "may", "should"]
)


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
