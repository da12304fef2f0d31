"""One text, split once: words with stems and clauses, and a mask of the characters that an extractor has claimed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container
from functools import lru_cache, reduce
from itertools import accumulate, chain
from operator import or_
from typing import Literal, NamedTuple

from data.facts.patterns import lazy
from data.facts.unit_table import Unit
from data.facts.vocabulary.function_words import IRREGULAR, STOPWORDS

_WORD = lazy(r"([^\W_]+(?:['’.\-‑&+_][^\W_]+)*(?:\+\+|#|\+(?!\w))?)")
_ASCII_WORD = lazy(r"([A-Za-z0-9]+(?:['.\-&+_][A-Za-z0-9]+)*(?:\+\+|#|\+(?!\w))?)")
"""The same for a text in ASCII, in which it is found faster."""
_DIGITS = lazy(r"[\d½¼¾⅓⅔⅛⅜⅝⅞⅕⅖⅗⅘⅙]+")
_BREAK = lazy(r"[.;:!?\n](?=\s|$)|\s[–—-]\s|—|[()]")
_BETWEEN = frozenset(["of", "the", "and", "for"])
_BREAKING_WORDS = frozenset(["but", "whereas", "while", "although", "though", "however", "because", "which"])


class Word(NamedTuple):
    """A word of a text."""

    start: int
    end: int
    text: str
    lower: str
    stem: str
    clause: int
    """Number of the clause that it stands in, from 0."""


_WORD_OF = tuple.__new__
"""Makes a word of a row: the constructor of the named tuple takes half as long again."""


class _Entry(NamedTuple):
    """What is known of a word wherever it stands."""

    lower: str
    stem: str
    kept: str
    """Its stem; empty for a stopword."""
    tells: int
    """The sets of words that it, or a part of it, is in: one bit each."""
    odd: bool
    """Whether it consists of other characters than small letters."""
    breaks: bool
    """Whether a clause starts with it."""
    parts: tuple[str, ...]
    """The parts of a hyphenated word."""
    initials: str
    """The first letters of its parts; empty for a small word between those of a name."""
    digits: tuple[tuple[int, int], ...]
    """Start and end of each run of digits in it."""


class _Lexicon(dict[str, _Entry]):
    """Words as they stand to what is known of them: most words of a new text have been met before."""

    def __missing__(self, surface: str) -> _Entry:
        lower = surface.lower().replace("‑", "-")
        own, parts, tells = stem(lower), tuple(lower.split("-")) if "-" in lower else (), 0
        forms = {"lower": (lower, *parts), "stem": (own,), "surface": (surface,)}
        for bit, (members, form) in enumerate(_TELLS):
            if any(each in members for each in forms[form]):
                tells |= 1 << bit
        kept = "" if lower in STOPWORDS else own
        initials = "".join([p[0] for p in parts or (lower,) if p and p not in _BETWEEN])
        odd = surface != lower or not lower.isalpha()
        digits = tuple(m.span() for m in _DIGITS.finditer(surface)) if odd else ()
        entry = _Entry(lower, own, kept, tells, odd, lower in _BREAKING_WORDS, parts, initials, digits)
        if len(self) >= _MOST_WORDS:
            self.clear()
        if len(surface) <= _LONGEST_WORD:
            self[surface] = entry
        return entry


_MOST_WORDS = 20_000
_LONGEST_WORD = 40
"""What is longer is seldom met twice."""
_TELLS: list[tuple[Container[str], str]] = []
_LEXICON = _Lexicon()


def tell(words: Container[str], form: Literal["lower", "stem", "surface"] = "lower") -> int:
    """A bit for a set of words, which `has` and `places` look for in no time.

    form: what is in the set: words in lower case (and parts of hyphenated ones), stems, or words as they stand.
    To be called where a module is imported: a text that was read before knows nothing of it.
    """
    _TELLS.append((words, form))
    _LEXICON.clear()
    return 1 << (len(_TELLS) - 1)


_BEFORE, _AFTER = 7, 6
"""How many words in front of a span and behind it are near it."""


class Reading:
    """A text with its words and the mask of claimed characters."""

    __slots__ = (
        "_small",
        "_starts",
        "_telling",
        "_tells",
        "behind",
        "digits",
        "ends",
        "initials",
        "kept",
        "limits",
        "lower",
        "odd",
        "taken",
        "tells",
        "text",
        "units",
        "vocabulary",
        "words",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.taken = bytearray(len(text))
        self.units: dict[int, tuple[Unit, int] | None] = {}
        """What unit follows each number, by the number's end: several extractors ask."""
        self.limits: dict[int, tuple[int, int]] = {}
        """Of each clause with words, the index of its first word and of the first behind it."""
        # Column by column: a loop over the words that does all this takes twice as long.
        pieces = (_ASCII_WORD if text.isascii() else _WORD).split(text)
        places = list(accumulate(map(len, pieces)))
        gaps, surfaces = pieces[0:-1:2], pieces[1::2]
        entries = [_LEXICON[surface] for surface in surfaces]
        columns = list(zip(*entries, strict=True)) or [()] * 9
        self.lower: list[str] = list(columns[0])
        self.kept: tuple[str, ...] = columns[2]
        self.ends: list[int] = places[1::2]
        self._tells: tuple[int, ...] = columns[3]
        self._telling: dict[int, list[int]] = {}
        """Indices of the words that are in the same sets."""
        for i, bits in enumerate(self._tells):
            if bits:
                self._telling.setdefault(bits, []).append(i)
        self.tells = reduce(or_, self._telling, 0)
        """The sets of words of which any occurs: one bit each."""
        self.odd = [i for i, odd in enumerate(columns[4]) if odd]
        """Indices of the words that do not consist of small letters: the only ones that can be names."""
        self._starts = starts = places[0:-1:2]
        self.initials: tuple[str, ...] = columns[7]
        """The first letters of each word and its parts, without the small ones between."""
        digits = columns[8]
        self.digits = [(starts[i] + a, starts[i] + b) for i in self.odd for a, b in digits[i]]
        """Start and end of each run of digits (vulgar fractions are digits)."""
        self.behind = {text[end : end + 1] for _, end in self.digits}
        """The characters behind runs of digits, which tell cheaply what need not be looked for; "" for the end."""
        self._small: set[str] | None = None
        self.vocabulary = set(self.lower)
        """All words in lower case, and the parts of hyphenated ones: tells cheaply what need not be looked for."""
        for each in {*columns[6]}:
            self.vocabulary.update(each)
        clauses: list[int] = []
        clause = current = opened = 0
        breaks = columns[5]
        for i, gap in enumerate(gaps):
            if gap == " " and not breaks[i]:
                continue
            clause += breaks[i] + (_breaks(gap) if gap and gap != " " else 0)
            if clause != current:
                self.limits[current] = opened, i
                clauses += [current] * (i - opened)
                opened, current = i, clause
        self.limits[current] = opened, len(gaps)
        clauses += [current] * (len(gaps) - opened)
        rows = zip(starts, self.ends, surfaces, self.lower, columns[1], clauses, strict=True)
        self.words: list[Word] = [_WORD_OF(Word, row) for row in rows]

    @property
    def small(self) -> set[str]:
        """Stems of the words that stand in small letters."""
        if self._small is None:
            odd = set(self.odd)
            self._small = {w.stem for i, w in enumerate(self.words) if i not in odd}
        return self._small

    def has(self, tells: int) -> bool:
        """Whether any word of one of these sets occurs."""
        return self.tells & tells != 0

    def places(self, tells: int) -> list[int]:
        """Indices of the words that are, or have a part that is, in one of these sets."""
        if not self.tells & tells:
            return []
        return sorted(chain.from_iterable([there for bits, there in self._telling.items() if bits & tells]))

    def led(self, first: int, tells: int) -> bool:
        """Whether the word in front of word `first` is in one of these sets."""
        return first > 0 and self._tells[first - 1] & tells != 0

    def free(self, start: int, end: int) -> bool:
        """Whether no extractor has claimed any of these characters."""
        return self.taken.find(1, start, end) < 0

    def claim(self, start: int, end: int) -> None:
        """Keep later extractors away from these characters."""
        self.taken[start:end] = b"\x01" * (end - start)

    def word_index(self, position: int) -> int:
        """Index of the first word that ends behind a character position."""
        return bisect_right(self.ends, position)

    def words_in(self, start: int, end: int) -> tuple[int, int]:
        """Index of the first word that ends behind `start`, and of the first from there that starts behind `end`."""
        starts = self._starts
        first = last = bisect_right(self.ends, start)
        count = len(starts)
        while last < count and starts[last] < end:
            last += 1
        return first, last

    def around(self, first: int, last: int) -> frozenset[str]:
        """Stems of the content words near a span, in its clause; first, last: what `words_in` says of the span."""
        kept = self.kept
        if first >= len(kept):
            return frozenset(filter(None, kept[-_BEFORE:]))
        opened, closed = self.limits[self.words[first][5]]
        low, high = first - _BEFORE, last + _AFTER
        near = kept[low if low > opened else opened : first] + kept[last : high if high < closed else closed]
        return frozenset(filter(None, near))

    def text_before(self, start: int, skipped: tuple[str, ...]) -> str:
        """The word in front of a character position, in lower case, one of `skipped` passed over; "" for none."""
        i = bisect_right(self.ends, start) - 1
        if i > 0 and self.lower[i] in skipped:
            i -= 1
        return self.lower[i] if i >= 0 else ""

    def words_of(self, clause: int) -> list[Word]:
        """The words of a clause; none for a number without words."""
        first, last = self.limits.get(clause, (0, 0))
        return self.words[first:last]

    def words_between(self, start: int, end: int) -> list[Word]:
        """The words that lie wholly between two character positions."""
        i = bisect_right(self.ends, start)
        words, count = self.words, len(self.words)
        if i < count and words[i].start < start:
            i += 1
        last = i
        while last < count and words[last].end <= end:
            last += 1
        return words[i:last]

    def words_before(self, start: int, count: int) -> list[Word]:
        """Up to `count` words in front of a character position, nearest last."""
        i = bisect_right(self.ends, start)
        return self.words[max(0, i - count) : i]

    def words_after(self, end: int, count: int) -> list[Word]:
        """Up to `count` words that start at or behind a character position, nearest first."""
        i = bisect_right(self.ends, end)
        while i < len(self.words) and self.words[i].start < end:
            i += 1
        return self.words[i : i + count]


@lru_cache(maxsize=1024)
def _breaks(gap: str) -> int:
    """How many clauses end in the characters between two words."""
    return len(_BREAK.findall(gap + "a"))


def parts(word: Word) -> tuple[str, ...]:
    """Stems of the parts of a hyphenated word."""
    return tuple(stem(p) for p in word.lower.split("-") if p) if "-" in word.lower else ()


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A crude stem of a lower-case English word: equal for the forms of one word, meaningless otherwise."""
    word = word.replace("’", "'").removesuffix("'s").removesuffix("'")
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) <= 3 or not word.isalpha():
        return word.removesuffix("s") if len(word) > 3 and not word[-2].isdigit() and word[-2] != "s" else word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "xes", "ches", "shes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for suffix in ("ing", "ed"):
        rest = word[: -len(suffix)]
        if word.endswith(suffix) and len(rest) >= 3 and any(c in "aeiouy" for c in rest):
            word = rest
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > 3 else word
