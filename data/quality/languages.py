"""Rows in another language than the rest of the file."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from data.facts.patterns import lazy
from data.quality.check import Context, Examiner, Reported
from data.quality.examined import Examined, turns_of
from data.quality.flag import Flag
from data.quality.prose import is_code, without_code
from data.quality.word_lists import word_lists

_SCRIPTS = (
    ("Japanese", r"[\u3040-\u30ff]"),
    ("Korean", r"[\uac00-\ud7a3\u1100-\u11ff]"),
    ("Chinese", r"[\u4e00-\u9fff\u3400-\u4dbf]"),
    ("Cyrillic", r"[\u0400-\u04ff]"),
    ("Greek", r"[\u0370-\u03ff]"),
    ("Hebrew", r"[\u0590-\u05ff]"),
    ("Arabic", r"[\u0600-\u06ff\u0750-\u077f]"),
    ("Devanagari", r"[\u0900-\u097f]"),
    ("Bengali", r"[\u0980-\u09ff]"),
    ("Tamil", r"[\u0b80-\u0bff]"),
    ("Telugu", r"[\u0c00-\u0c7f]"),
    ("Thai", r"[\u0e00-\u0e7f]"),
)
_SCRIPT = lazy("|".join(f"(?P<s{place}>{pattern})" for place, (_, pattern) in enumerate(_SCRIPTS)))
_LATIN = lazy(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LATIN_WORD = lazy(r"[A-Za-z]{5}")
_WORDS = lazy(r"[^\W\d_]+(?:'[a-z]+)?")
_NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "pl": "Polish",
    "sv": "Swedish",
    "tr": "Turkish",
    "id": "Indonesian",
    "vi": "Vietnamese",
}
LANGUAGES = ("", *_NAMES.values(), *(name for name, _ in _SCRIPTS))
"""The languages, and the scripts of several languages, that are told apart; the first stands for not knowing."""
_MOST = 1500
"""Characters of a row that tell its language."""
_FEWEST_WORDS = 12
_MAJORITY = 0.7
"""The share of the rows whose language is known that makes it the file's."""
_TRANSLATES = lazy(
    r"translat|译|英文|英语|\b(?:in|into|to|from) (?:"
    + "|".join(name for name in LANGUAGES if name)
    + r"|Hindi|Russian|Ukrainian)\b"
)


class _Languages(Examiner):
    def __init__(self) -> None:
        self._languages = bytearray()
        self._rows: array[int] = array("I")

    def look(self, row: Examined) -> Iterable[Flag]:
        if row.conversation is None:
            return ()
        turns = turns_of(row.conversation)
        questions = " ".join(turn.text[:_MOST] for turn in turns if turn.role == "user")
        answers = [turn.text[:_MOST] for turn in turns if turn.role in ("assistant", "text")]
        if not _TRANSLATES.search(questions) and not _mixes(questions):
            found = language_of(" ".join(answers)[:_MOST])
            if found:
                self._languages.append(LANGUAGES.index(found))
                self._rows.append(row.index)
        return ()

    def finish(self) -> Iterator[Reported]:
        if not self._rows:
            return
        main, count = Counter(self._languages).most_common(1)[0]
        if count < _MAJORITY * len(self._rows):
            return
        for place, (row, language) in enumerate(zip(self._rows, self._languages, strict=True)):
            if language != main:
                name, rest = LANGUAGES[language], LANGUAGES[main]
                yield Flag("language", row, f"is in {_article(name)}, where the file is in {_article(rest)}")
            if place % 1000 == 0:
                yield place / len(self._rows)


def _mixes(question: str) -> bool:
    """Whether a question speaks of words in another script than its own ("Use 'breadth' in a sentence", in Chinese)."""
    if question.isascii():
        return False
    scripts = Counter(match.lastgroup for match in _SCRIPT.finditer(question))
    frequent = sum(count > 2 for group, count in scripts.items() if group != "s0")
    return frequent > 1 or (frequent == 1 and bool(_LATIN_WORD.search(question)))


def language_of(text: str) -> str:
    """The language or script of a text, one of `LANGUAGES`; empty where it is too short or mixed to tell."""
    text = without_code(text)
    if is_code(text):
        return ""
    scripts = Counter() if text.isascii() else Counter(match.lastgroup for match in _SCRIPT.finditer(text))
    return (_by_script(scripts, len(_LATIN.findall(text))) if scripts else "") or _by_words(text)


def _by_script(scripts: Counter[str | None], latin: int) -> str:
    group, count = scripts.most_common(1)[0]
    total = sum(scripts.values())
    # Japanese prose is half kana, and the rest are Chinese signs; a Latin word has five letters for one of these.
    if scripts["s0"] > 0.3 * total:
        group = "s0"
    if total < 10 or count * 2 < total or total * 3 < latin:
        return ""
    return _SCRIPTS[int((group or "s0")[1:])][0]


def _by_words(text: str) -> str:
    words = [word.lower() for word in _WORDS.findall(text)]
    if len(words) < _FEWEST_WORDS:
        return ""
    scores = Counter(name for word in words for name in _speakers().get(word, ()))
    (name, best), (_, second) = [*scores.most_common(2), ("", 0), ("", 0)][:2]
    return name if best >= 3 and best * 10 >= len(words) and best >= 2 * second else ""


@cache
def _speakers() -> dict[str, list[str]]:
    """Word to the languages in whose lists it is."""
    found: dict[str, list[str]] = {}
    for code, name in _NAMES.items():
        for word in word_lists()[f"language {code}"]:
            found.setdefault(word, []).append(name)
    return found


def _article(name: str) -> str:
    """Scripts of several languages are named as scripts."""
    return f"{name} script" if name in ("Cyrillic", "Arabic", "Devanagari") else name


def make(_: Context) -> Examiner:
    """A worker for one run."""
    return _Languages()
