"""Names: part numbers and other letter-digit words, capitalised runs, and words of closed classes."""

from __future__ import annotations

from functools import lru_cache

from data.facts.claims import name_of, set_apart, word_fact
from data.facts.keys import name_key
from data.facts.members import capital, find_members
from data.facts.model import Fact, Kind
from data.facts.patterns import lazy
from data.facts.reading import Reading, Word, stem
from data.facts.vocabulary.function_words import GENERIC, SECTIONS, STOPWORDS

_MIXED = lazy(r"(?=[^\W_]*[A-Za-z])(?=[^\W_]*\d)|^[a-z]+[A-Z]")
_PIN = lazy(r"(?:GPIO|GP)_?(\d+)")
_LEAD = lazy(r"\s*(?P<mark>#+ |[-*•+] ?|\d+[.)] |)\**(?:[A-Z][\w-]* )*")
"""What stands on a line in front of its title, or of the last words of it."""
_JOINERS = frozenset(
    [
        "of",
        "the",
        "de",
        "la",
        "le",
        "du",
        "des",
        "van",
        "von",
        "der",
        "den",
        "da",
        "di",
        "del",
        "al",
        "el",
        "y",
        "and",
        "&",
        "for",
        "in",
    ]
)
_WEAK_STARTS = frozenset(SECTIONS["weak start"])
"""Words that often start a sentence and are no names."""
_COMMON = frozenset(
    stem(word) for section in ("condition", "generic", "harmless", "weak start") for word in SECTIONS[section]
)
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "sir",
        "lord",
        "lady",
        "king",
        "queen",
        "president",
        "prime",
        "minister",
        "general",
        "emperor",
        "pope",
        "saint",
        "st",
        "mount",
        "lake",
        "river",
        "sea",
        "ocean",
        "gulf",
        "cape",
        "the",
    ]
)


def find_names(reading: Reading, *, known: frozenset[str]) -> list[Fact]:
    """Facts that are names.

    known: lower-case words seen capitalised inside the other texts of the comparison; they make a capital at the start
    of a sentence a name.
    """
    facts = find_members(reading, numbered=False)
    words, text = reading.words, reading.text
    behind = 0
    for i in reading.odd:
        w = words[i]
        if i < behind or w.end - w.start > _LONGEST or not reading.free(w.start, w.end):
            continue
        said = w.text
        if not (said.isalpha() and said[0].isupper()) and _mixed(said) and not _is_plain(said):
            facts.append(_name(reading, w.start, w.end, Kind.IDENTIFIER, said))
            continue
        if not capital(w) or (_starts_sentence(text, w.start) and not _name_at_start(reading, i, known)):
            continue
        if _contracted(w) or _ordinary(reading, i):
            continue
        j = i
        while (
            j + 1 < len(words)
            and text[words[j].end : words[j + 1].start] in (" ", "\u00a0", " & ")
            and reading.free(words[j + 1].start, words[j + 1].end)
        ):
            following = words[j + 1]
            if capital(following) or (
                following.text.rstrip("+").isdigit()
                and len(following.text) < 5
                and not text[following.end : following.end + 1].isalnum()
            ):
                j += 1
            elif (
                following.lower in _JOINERS
                and j + 2 < len(words)
                and capital(words[j + 2])
                and following.lower not in ("and", "in", "for")
                and text[following.end : words[j + 2].start] == " "
            ):
                j += 2
            else:
                break
        first = i
        while first < j and _weak(text, words[first]):
            first += 1
        if words[first].lower not in STOPWORDS:
            start, end = words[first].start, words[j].end
            if not _titles(text, start, end):
                facts.append(_name(reading, start, end, Kind.NAME, text[start:end]))
        behind = j + 1
    return facts


def _name(reading: Reading, start: int, end: int, kind: Kind, surface: str) -> Fact:
    reading.claim(start, end)
    key = name_key(surface)
    if surface[:2] == "GP" and (pin := _PIN.fullmatch(surface)):
        return word_fact(
            reading, start, end, Kind.IDENTIFIER, (pin[1].lstrip("0") or "0",), dimension="label:gpio", noun=("gpio",)
        )
    first, last = reading.words_in(start, end)
    about, aside = reading.around(first, last), set_apart(reading, first, start)
    return name_of((start, end, reading.text[start:end]), kind, surface, "name", key, about, aside=aside)


_LONGEST = 80
"""Characters of a word beyond which it is no name."""
_LEADS_IN = frozenset(" \"'“‘(*_-•")


@lru_cache(maxsize=4096)
def _mixed(surface: str) -> bool:
    """Whether a word has letters and digits in one part, or a capital inside."""
    return _MIXED.search(surface) is not None


def _contracted(word: Word) -> bool:
    """Whether a word is "I'm", "It's" or the like."""
    first, apostrophe, _ = word.lower.replace("’", "'").partition("'")
    return bool(apostrophe) and first in STOPWORDS


def _ordinary(reading: Reading, i: int) -> bool:
    """Whether a lone word with a capital is a common one, which names nothing.

    It is counted ("2 Cores"), stands in small letters elsewhere in the text, or says little anywhere.
    """
    w, words, text = reading.words[i], reading.words, reading.text
    before = words[i - 1] if i and text[words[i - 1].end : w.start] == " " else None
    behind = words[i + 1] if i + 1 < len(words) and text[w.end : words[i + 1].start] == " " else None
    if not w.text[1:].islower() or (behind and (capital(behind) or behind.text[0].isdigit())):
        return False
    if before and capital(before) and before.lower not in STOPWORDS:
        return False
    return bool(before and before.text.isdigit()) or w.stem in _COMMON or w.stem in reading.small


def _titles(text: str, start: int, end: int) -> bool:
    """Whether words are a heading of Markdown, or the title of an item of a list ("- **Key Features:**")."""
    m = _LEAD.fullmatch(text, text.rfind("\n", 0, start) + 1, start)
    if not m:
        return False
    titled = text[end : end + 4].strip("* ")[:1] == ":" and bool(m["mark"]) and not text[start:end].isupper()
    return titled or m["mark"].startswith("#")


def _is_plain(surface: str) -> bool:
    return surface[0].isdigit() and (surface.rstrip("abcdefghijklmnopqrstuvwxyz").isdigit() or "-" in surface)


def _starts_sentence(text: str, start: int) -> bool:
    while start and text[start - 1] in _LEADS_IN:
        start -= 1
    return not start or text[start - 1] in ".!?:\n;"


def _weak(text: str, word: Word) -> bool:
    return word.lower in STOPWORDS or (word.lower in _WEAK_STARTS and _starts_sentence(text, word.start))


def _name_at_start(reading: Reading, i: int, known: frozenset[str]) -> bool:
    words, w = reading.words, reading.words[i]
    if w.lower in known or (w.text.isupper() and len(w.text) > 1 and w.lower not in STOPWORDS):
        return True
    if w.lower in STOPWORDS or w.lower in GENERIC or w.lower in _WEAK_STARTS:
        return False
    if w.lower in _TITLES:
        return i + 1 < len(words) and capital(words[i + 1])
    if any(c.isupper() for c in w.text[1:]):
        return True
    adjacent = i + 1 < len(words) and reading.text[w.end : words[i + 1].start] == " "
    if adjacent and capital(words[i + 1]):
        return True
    return len(words) <= 4 and not w.lower.endswith(("ing", "ly", "ed")) and not adjacent
