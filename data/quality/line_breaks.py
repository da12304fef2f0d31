"""Line breaks and hyphens that a page put into the middle of sentences and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from data.facts.patterns import lazy
from data.quality.prose import is_code, is_item
from data.quality.word_lists import word_lists

_VERSE = (40, 60)
"""Lines of fewer characters on average may be verse, an address or a menu; the second number, where most of them begin
with a capital."""
_STANZA, _SONG = 3, 8
"""They are where a paragraph, or a whole text, has more lines than that."""
_WRAPPED = (70, 130)
"""Characters of a line that a page has filled."""
_SENTENCE_END = lazy(r"[.!?:;…|*>#=。！？：；\"”][\"”’')\]*_`]*\s*$")
_LABEL = lazy(r"[^\s:][^:\n]{0,40}:\s|[\"“*]")
_ENDS_IN_WORD = lazy(r"[a-zà-ÿ][,’')]?\s*$")
_STARTS_IN_WORD = lazy(r"\(?[a-zà-ÿ]{2,}(?=[\s,.;:)’'/-]|$)|[a-z][A-Z][a-zA-Z]+ [a-zA-Z]")
_LAST_WORD = lazy(r"(?:^|[\s(])([A-Za-z]+)\s*$")
_STARTS_AT_ALL = lazy(r"[A-Za-zÀ-ÿ0-9(“\"']")
_HYPHEN = lazy(r"(?<![\w-])([^\W\d_]{2,})[-\u00ad\u2010]\n([a-zà-ÿ]{2,})(?![\w=])")
_SIGNS = lazy(r"[=<>{}|\\]|\w\(.*\)$")


class Break(NamedTuple):
    """A line break in the middle of a sentence."""

    position: int
    """Of the line break, in characters."""
    halves: tuple[str, str] | None
    """Of the word that it parts with a hyphen."""


def breaks(text: str) -> list[Break]:
    """The line breaks of a text that stand in the middle of a sentence; none in code, lists and verse."""
    if "\n" not in text or "```" in text:
        return []
    lines = text.split("\n")
    if _is_verse(lines, _SONG) or is_code(text):
        return []
    found, end = [], -1
    for paragraph in _paragraphs(lines):
        verse = _is_verse(paragraph, _STANZA)
        for line, after in pairwise([*paragraph, ""]):
            end += len(line) + 1
            if not verse and _inside(line, after):
                halves = _HYPHEN.search(text, max(0, end - 40), end + 40)
                parted = halves is not None and halves.end(1) + 1 == end
                found.append(Break(end, (halves[1], halves[2]) if halves and parted else None))
    return found


def _paragraphs(lines: list[str]) -> Iterator[list[str]]:
    """Lines up to and with the next blank one."""
    start = 0
    for place, line in enumerate(lines):
        if not line.strip():
            yield lines[start : place + 1]
            start = place + 1
    yield lines[start:]


def _is_verse(lines: list[str], few: int) -> bool:
    said = [line for line in lines if line.strip()]
    begun = sum(not line.lstrip("\"'“‘([—-")[:1].islower() for line in said)
    return len(said) > few and sum(map(len, said)) < _VERSE[2 * begun > len(said)] * len(said)


def _inside(line: str, after: str) -> bool:
    if not line.strip() or not after.strip() or is_item(after) or _SIGNS.search(line) or _SIGNS.search(after):
        return False
    if line.endswith("-") and _STARTS_IN_WORD.match(after) and line[-2:-1].isalpha():
        return True
    last = _LAST_WORD.search(line)
    if last and last[1].lower() in word_lists()["dangling"]:
        return bool(_STARTS_AT_ALL.match(after))
    if _ENDS_IN_WORD.search(line) and _STARTS_IN_WORD.match(after):
        return not _LABEL.match(after) and (not is_item(line) or len(line) >= _WRAPPED[0])
    full = _WRAPPED[0] <= len(line) <= _WRAPPED[1] and not is_item(line) and not _LABEL.match(after)
    return full and not _SENTENCE_END.search(line) and bool(_STARTS_AT_ALL.match(after))


def joined(text: str, found: list[Break], hyphens: Mapping[tuple[str, str], str]) -> str:
    """A text with its breaks mended; `hyphens` gives the word for the halves of one, others stay as they are."""
    parts, start = [], 0
    for each in found:
        if each.halves is None:
            parts += [text[start : each.position].rstrip(), " "]
            start = each.position + 1
        elif each.halves in hyphens:
            one, other = each.halves
            parts += [text[start : each.position - 1 - len(one)], hyphens[each.halves]]
            start = each.position + 1 + len(other)
    return "".join([*parts, text[start:]])
