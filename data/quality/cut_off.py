"""Answers that stop, or begin, in the middle of a sentence."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from data.facts.patterns import lazy
from data.quality import emails, secrets
from data.quality.check import Context, Examiner, Reported
from data.quality.examined import LONGEST, Examined, Exchange, Reader
from data.quality.flag import Flag
from data.quality.prose import is_code, is_item, without_code
from data.quality.word_lists import word_lists

_LAST_WORD = lazy(r"(?:^|[\s(“\"'])([A-Za-z]+)[ \t]*([.]?)$")
_STOPPED = lazy(r"(?<=[^\W\d_])(?: ?[,(\[–—]|-)$|(?<=[^\W\d_] )(?:&|\+)$")
_COLON = lazy(r"[\w)’'”\"]\s*[:,;]\s*\.?$|\w[:;,]\.$|[^\W\d_] \.$")
_NUMBER = lazy(r"[.:!?;]\s*\n\s*\d{1,2}[.)]$")
_WORD_AT_END = lazy(r"(?<![#@/\\$=_.:&+*^\w-])[a-z]{1,}(?:['’-][a-z]+)*$")
_SENTENCE = lazy(r"[a-zà-ÿ)\]”\"’'%\d][.!?][\"”’')]*\s")
_SIGNS = lazy(r"[=<>{}|\\^_]|https?:|\bdef |\]\(")
_FORMULA = lazy(r"[=<>{}|\\^_()±√/*+]|\d$")
_BEGINS_LATE = lazy(r"\s*(?!(?:i|you|he|she|we|they|it)\b)[a-z]+(?:['’-][a-z]+)* [a-z(]")
_CLOSES_FIRST = lazy(r"[^()\n]{0,60}[^\W\d_]{2}\)\s+[a-z]")
_LIST_SIGN = lazy(r"\s*(?:\w{1,2}|\d+|[ivx]+|[:;=8xX]-?)\)")
_FEW = 8
"""Words of a line below which it may be a title, a slogan or a bare answer."""

_FEW_AT_START = 5
_LOWER_CASE = 0.05
"""The share of answers beginning with a small letter from which on it is how the file is written."""


class _CutOff(Examiner):
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._answers = self._small = 0
        self._late = array("I")

    def look(self, row: Examined) -> Iterator[Flag]:
        for exchange in row.exchanges:
            if len(exchange.answer) >= LONGEST:
                continue
            if reason := stops_early(exchange):
                yield Flag("cut-off", row.index, reason)
                return
            self._answers += 1
            self._small += exchange.answer.lstrip()[:1].islower()
            if begins_late(exchange):
                self._late.append(row.index)
                return

    def finish(self) -> Iterator[Reported]:
        if self._small > _LOWER_CASE * self._answers + 2:
            return
        for place, index in enumerate(self._late):
            for exchange in self._reader.row(index).exchanges:
                if reason := begins_late(exchange):
                    yield Flag("cut-off", index, reason)
                    break
            yield place / len(self._late)


def stops_early(exchange: Exchange) -> str:
    """Where an answer stops in mid-sentence, in words; empty where it does not."""
    text = exchange.answer.strip()
    if text.count("```") % 2 and not text.endswith("```"):
        return "stops inside a block of code that is not closed"
    if text.endswith(("```", "|", ">", "}")) or is_code(text):
        return ""
    return _stops(without_code(text).rstrip())


def begins_late(exchange: Exchange) -> str:
    """Where an answer to a first question begins in mid-sentence, in words; empty where it does not."""
    text = exchange.answer.strip()
    return "" if not exchange.alone or is_code(text) else _begins_late(without_code(text).strip(), exchange.question)


def _stops(text: str) -> str:
    line = text[text.rfind("\n") + 1 :]
    last = _LAST_WORD.search(line)
    if last and len(line.split()) > 2 and not _FORMULA.search(line[-12:]):
        lists = word_lists()
        if last[1].lower() in lists["never last" if last[2] else "dangling"] and not last[1].isupper():
            return f"stops after “{last[1]}”"
    if _SIGNS.search(line):
        return ""
    shown = f"“… {_shown(line)[-30:].strip()}”"
    if _STOPPED.search(line) and len(line.split()) >= _FEW:
        return f"stops in the middle of a sentence: {shown}"
    if _COLON.search(line) and len(line.split()) > 2:
        return f"announces something and stops: {shown}"
    if _NUMBER.search(text):
        return "stops at the number of an item that has no text"
    if is_item(line) or len(line.split()) < _FEW or not _WORD_AT_END.search(line):
        return ""
    if _SENTENCE.search(text) and line.count("“") == line.count("”") and not line.lstrip().startswith(('"', "“", "#")):
        return f"ends without a full stop: {shown}"
    return ""


def _begins_late(text: str, question: str) -> str:
    first = text[: text.find("\n")] if "\n" in text else text
    if len(first.split()) < _FEW_AT_START or _SIGNS.search(first[:30]):
        return ""
    begun = _BEGINS_LATE.match(first)
    if begun and text.endswith(".") and not question.rstrip().endswith((",", "…", "...", "_", ":")):
        return f"begins in the middle of a sentence: “{_shown(first)[:30].strip()} …”"
    if _CLOSES_FIRST.match(first) and not _LIST_SIGN.match(first):
        return f"begins inside a bracket: “{_shown(first)[:30].strip()} …”"
    return ""


def _shown(line: str) -> str:
    """A line as it may be quoted in part: half a secret would not be known for one later."""
    return emails.hidden(secrets.hidden(line))


def make(context: Context) -> Examiner:
    """A worker for one run."""
    return _CutOff(context.reader)
