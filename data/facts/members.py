"""Words of closed classes, common or proper: an organ, a colour, a capital city."""

from __future__ import annotations

from data.facts.claims import name_of, set_apart
from data.facts.model import Fact, Kind
from data.facts.reading import Reading, Word, tell
from data.facts.vocabulary.classes import CASED, CLASS_OF, NUMBERED, STARTS
from data.facts.vocabulary.function_words import STOPWORDS

_STARTS, _NUMBERED_STARTS = tell(STARTS), tell(NUMBERED)


def find_members(reading: Reading, *, numbered: bool) -> list[Fact]:
    """Facts whose dimension is their class and whose key is the member.

    numbered: only the members that hold a digit ("Apache 2.0", "vitamin B12"), which must be read before numbers are.
    """
    facts, lower = [], reading.lower
    starts, tells = (NUMBERED, _NUMBERED_STARTS) if numbered else (STARTS, _STARTS)
    behind, count = 0, len(lower)
    for i in reading.places(tells):
        for n, second in starts.get(lower[i], ()) if i >= behind else ():
            if n > 1 and not (i + n <= count and lower[i + 1].startswith(second)):
                continue
            if member := _member(reading, i, n):
                facts.append(_term(reading, i, i + n, *member))
                behind = i + n
                break
    return facts


def _member(reading: Reading, i: int, n: int) -> tuple[str, str] | None:
    form = reading.lower[i] if n == 1 else " ".join(reading.lower[i : i + n])
    found = CLASS_OF.get(form) or (CLASS_OF.get(form[:-1]) if len(form) > 4 and form[-1] == "s" else None)
    if not found:
        return None
    words, text = reading.words, reading.text
    start, end = words[i].start, words[i + n - 1].end
    if not reading.free(start, end) or (form in CASED and not text[start:end].isupper()):
        return None
    if n > 1 and any(text[words[k].end : words[k + 1].start] not in (" ", "-", "\n") for k in range(i, i + n - 1)):
        return None
    return None if _within_name(reading, i, i + n - 1, found[0]) else found


def _within_name(reading: Reading, first: int, last: int, kind: str) -> bool:
    """Whether a common word is part of a longer name ("Black" in "Black Forest")."""
    words, text = reading.words, reading.text
    if kind[0].isupper() or not words[first].text[0].isupper():
        return False
    following = words[last + 1] if last + 1 < len(words) else None
    if following and text[words[last].end : following.start] == " " and capital(following):
        return True
    before = words[first - 1] if first else None
    return bool(
        before and capital(before) and before.lower not in STOPWORDS and text[before.end : words[first].start] == " "
    )


def _term(reading: Reading, i: int, last: int, kind: str, member: str) -> Fact:
    start, end = reading.words[i].start, reading.words[last - 1].end
    reading.claim(start, end)
    text = reading.text
    sort = Kind.NAME if kind[0].isupper() else Kind.TERM
    about, aside = reading.around(i, last), set_apart(reading, i, start)
    return name_of((start, end, text[start:end]), sort, member, "class:" + kind, (member,), about, aside=aside)


def capital(word: Word) -> bool:
    """Whether a word starts with a capital that is not just "I" or "A"."""
    return word.text[0].isupper() and (len(word.text) > 1 or word.text not in ("I", "A"))
