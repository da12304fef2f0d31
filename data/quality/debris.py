"""What is left in a text that was cut out of a PDF: register tables, captions, references, headings, broken lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from data.facts.patterns import lazy
from data.quality.check import Context, Examiner, Reported
from data.quality.examined import LONGEST, Examined, Reader, turns_of
from data.quality.flag import Flag
from data.quality.line_breaks import breaks, joined

_REGISTER = lazy(
    r"^[ \t]*(?:address )?offsets?[ \t]*:[ \t]*0x[0-9a-f]+|^[ \t]*reset(?: value)?[ \t]*:[ \t]*0x[0-9a-f]+"
    r"|^[ \t]*bits?[ \t]+(?:(?:field|name|symbol|type)[ \t]+)*description\b",
    re.IGNORECASE | re.MULTILINE,
)
_THING = r"(?:Tables?|Figures?|Figs?\.|Sections?|Chapters?|Appendix|Listings?|Equations?)"
_CAPTION = lazy(rf"^[ \t]*{_THING} [A-Z]?\d+(?:[.-]\d+)*[.:]?[ \t]*$", re.MULTILINE)
_REFERENCE = lazy(
    rf"\b(?:see|in|refer to|from|by|and|per) (?:the )?(?P<what>{_THING}) [A-Z]?\d+(?:[.-]\d+)*"
    rf"|\((?:see )?(?P<what2>{_THING}) [A-Z]?\d[^)]*\)|\bon page \d+(?:-\d+)?\b",
)
_ABSENT = lazy(
    r"\b(?:(?:following|next|previous) (?:page|figure|table|diagram|schematic|section|chapter)|(?:figure|table|diagram"
    r"|schematic) (?:below|above|overleaf)|(?:below|above) (?:figure|table|diagram))\b",
    re.IGNORECASE,
)
_HEADING = lazy(r"^[ \t]*\d+(?:\.\d+)+\.[ \t]*$", re.MULTILINE)
_DOTS = lazy(r"\w ?(?:\. ?){6,}\d+[ \t]*$", re.MULTILINE)
_FOOTER = lazy(
    r"^[ \t]*(?:page \d+ of \d+|© ?(?:19|20)\d\d\b.*|[\w .-]{1,40} (?:Datasheet|User Manual))[ \t]*$", re.I | re.M
)
_GLYPHS = lazy("[•◦▪●‣\uf0b7]")
_BULLETS = lazy(r"\s*(?:[•◦▪●‣][^\n]*\n?\s*)+")
_TABLE = lazy(r"\|.*\||\t")


class _Waiting(NamedTuple):
    """A row with a hyphen between two lines: what its word is shows in the rest of the file."""

    row: int
    reason: str
    field: str | None
    halves: frozenset[tuple[str, str]]


class _Debris(Examiner):
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._waiting: list[_Waiting] = []

    def look(self, row: Examined) -> Iterator[Flag]:
        reasons = found_in(row)
        if not reasons:
            return
        halves = {each.halves for text in _texts(row) for each in breaks(text) if each.halves}
        if halves:
            self._waiting.append(_Waiting(row.index, "; ".join(reasons), None, frozenset(halves)))
        else:
            yield Flag("debris", row.index, "; ".join(reasons), fix=_fix(row, {}) or None)

    def finish(self) -> Iterator[Reported]:
        if not self._waiting:
            return
        wanted = {pair for each in self._waiting for pair in each.halves}
        words = {form.lower() for one, other in wanted for form in (one, other, one + other, f"{one}-{other}")}
        known: set[str] = set()
        for row in self._reader.rows():
            for text in _texts(row):
                known.update(words.intersection(re.findall(r"[^\W_]+(?:-[^\W_]+)*", text.lower())))
            yield row.index / len(self._reader)
        hyphens = {pair: word for pair in wanted if (word := _word(*pair, known))}
        for each in self._waiting:
            yield Flag("debris", each.row, each.reason, fix=_fix(self._reader.row(each.row), hyphens) or None)


def found_in(row: Examined) -> list[str]:
    """What of a page is left in a row, in words."""
    reasons: list[str] = []
    for exchange in row.exchanges:
        reasons = reasons or list(_in_answer(exchange.answer, exchange.question))
        if glyph := _stray_bullet(exchange.question):
            reasons.append(f"has a bullet of a list in its question (“{glyph}”)")
    if row.conversation and not row.exchanges:
        for turn in row.conversation.turns:
            if turn.role == "text" and (_REGISTER.search(turn.text) or breaks(turn.text[:LONGEST])):
                reasons += _in_text(turn.text[:LONGEST])
    return list(dict.fromkeys(reasons))


def _in_answer(text: str, question: str) -> Iterator[str]:
    yield from _in_text(text)
    if "\n" in text and (heading := _HEADING.search(text)):
        yield f"has a lone heading (“{heading[0].strip()}”)"
    elif caption := _CAPTION.search(text):
        yield f"has a caption without what it names (“{caption[0].strip()}”)"
    elif footer := _FOOTER.search(text):
        yield f"has the head or foot of a page (“{footer[0].strip()}”)"
    elif (reference := _REFERENCE.search(text)) and not _asks_for(question, reference):
        yield f"refers to another place (“{reference[0].strip('()')}”)"
    elif (absent := _ABSENT.search(text)) and not _TABLE.search(text) and text.count("\n") < 2:
        yield f"refers to what is not there (“{absent[0]}”)"
    if _DOTS.search(text):
        yield "has a line of a table of contents"
    if _BULLETS.fullmatch(text):
        yield "is a list of a page without a sentence"
    elif glyph := _stray_bullet(text):
        yield f"has a bullet of a list inside a line (“{glyph}”)"


def _in_text(text: str) -> Iterator[str]:
    if register := _REGISTER.search(text):
        yield f"is part of a register table (“{register[0].strip()}”)"
    if found := breaks(text):
        parted = sum(each.halves is not None for each in found)
        if parted:
            yield f"has {parted} word{'s' * (parted > 1)} parted by a hyphen at the end of a line"
        if count := len(found) - parted:
            yield f"has {count} line break{'s' * (count > 1)} in the middle of a sentence"


def _stray_bullet(text: str) -> str:
    """A bullet in the middle of a line, or one of an inner list anywhere; empty where there is none."""
    for found in _GLYPHS.finditer(text):
        if found[0] in "◦\uf0b7" or text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip(" \t•▪●‣"):
            return found[0]
    return ""


def _asks_for(question: str, reference: re.Match[str]) -> bool:
    what = reference["what"] or reference["what2"]
    return bool(what and what.rstrip("s.").lower() in question.lower())


def _texts(row: Examined) -> Iterable[str]:
    if row.exchanges:
        return [exchange.answer for exchange in row.exchanges]
    return [turn.text for turn in turns_of(row.conversation) if turn.role == "text"] if row.conversation else []


def _fix(row: Examined, hyphens: dict[tuple[str, str], str]) -> dict[str, Any]:
    """The fields with the lines of their sentences joined."""
    fields: dict[str, Any] = {}
    for text in _texts(row):
        found = breaks(text)
        if found and len(text) < LONGEST and (after := joined(text, found, hyphens)) != text:
            fields |= row.replaced(text, after, fields)
    return fields


def _word(one: str, other: str, known: set[str]) -> str | None:
    """The word that two halves make, where the file has it elsewhere: "example" or "on-board"."""
    whole, parts = (one + other).lower(), (one.lower(), other.lower())
    hyphenated = f"{parts[0]}-{parts[1]}" in known
    if whole in known and not hyphenated:
        return one + other
    if hyphenated and whole not in known:
        return f"{one}-{other}"
    return None


def make(context: Context) -> Examiner:
    """A worker for one run."""
    return _Debris(context.reader)
