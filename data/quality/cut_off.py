"""Answers that stop, or begin, in the middle of a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from data.facts.patterns import lazy
from data.quality import emails, secrets
from data.quality.check import Context, Examiner
from data.quality.examined import LONGEST, Examined, Exchange
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
_BEGINS_LATE = lazy(r"\s*[a-z]+(?:['’-][a-z]+)* [a-z(]")
_CLOSES_FIRST = lazy(r"[^()\n]{0,60}[^\W\d_]{2}\)\s+[a-z]")
_LIST_SIGN = lazy(r"\s*(?:\w{1,2}|\d+|[ivx]+|[:;=8xX]-?)\)")
_FEW = 8
"""Words of a line below which it may be a title, a slogan or a bare answer."""

_FEW_AT_START = 5


class _CutOff(Examiner):
    def look(self, row: Examined) -> Iterator[Flag]:
        for exchange in row.exchanges:
            if len(exchange.answer) < LONGEST and (reason := cut_off(exchange)):
                yield Flag("cut-off", row.index, reason)
                return


def cut_off(exchange: Exchange) -> str:
    """Where an answer stops or begins in mid-sentence, in words; empty where it does neither."""
    text = exchange.answer.strip()
    if text.count("```") % 2 and not text.endswith("```"):
        return "stops inside a block of code that is not closed"
    if text.endswith(("```", "|", ">", "}")) or is_code(text):
        return ""
    plain = without_code(text).rstrip()
    return _stops(plain) or (_begins_late(plain, exchange.question) if exchange.alone else "")


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
        return f"stops without a full stop: {shown}"
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


def make(_: Context) -> Examiner:
    """A worker for one run."""
    return _CutOff()
