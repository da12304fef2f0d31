"""Characters that nobody meant: control characters, text decoded wrongly, and what cannot be seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from data.facts.patterns import lazy
from data.quality import emails, secrets
from data.quality.check import Context, Examiner
from data.quality.examined import Examined
from data.quality.flag import Flag

_ODD = lazy(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028"
    r"\u2029\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc\U000e0000-\U000e0fff]"
    r"|[\ufffd\ufffe\uffff\ud800-\udfff\ue000-\uf8ff]"
)
"""Control characters but tab and line ends; invisible ones but the joiners of Indic scripts, Persian and emoji; what
stands for no character at all."""
_MOJIBAKE = lazy(
    r"[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a"
    r"\u20ac\u2122]|[\u00c2\u00c3] "
)
"""What the first two bytes of a UTF-8 character look like in Latin-1 or Windows-1252; then ftfy judges, slowly."""
_AROUND = 12
"""Characters on each side that it judges by."""
_SPACES = {"\u2028": "\n", "\u2029": "\n\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n"}
"""What has a meaning that a plain line break carries."""
_CONTROLS = lazy(r"[\x00-\x1f\x7f-\x9f]")
_LOST = lazy(r"[\ufffd\ufffe\uffff\ud800-\udfff\ue000-\uf8ff]")
_DIRECTION = lazy("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = lazy(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FLAG_TAG = lazy("\U0001f3f4[\U000e0020-\U000e007f]+")
"""The flags of England, Scotland and Wales are a black flag and invisible letters."""


class _Characters(Examiner):
    def look(self, row: Examined) -> Iterator[Flag]:
        reasons: list[str] = []
        mended: dict[str, str] = {}
        place = ""
        for field, text in row.strings:
            if text.isascii() and text.isprintable():
                continue
            found = _wrong(text)
            if found:
                place = place or field
                reasons += [reason for reason in found if reason not in reasons]
                mended[text] = clean(text)
        if reasons:
            fix: dict[str, Any] = {}
            for before, after in mended.items():
                fix |= row.replaced(before, after, fix)
            reason = f"has {', '.join(reasons)} in {place}"
            yield Flag("characters", row.index, reason, field=place, fix=fix or None)


def clean(text: str) -> str:
    """A text decoded as it was meant and without control and invisible characters; what was lost stays lost."""
    return _strip(_decoded(text))


def _decoded(text: str) -> str:
    suspects = [text[max(0, m.start() - _AROUND) : m.end() + _AROUND] for m in _MOJIBAKE.finditer(text)]
    if not suspects:
        return text
    import ftfy
    from ftfy.badness import is_bad

    return ftfy.fix_encoding(text) if any(map(is_bad, suspects)) else text


def _strip(text: str) -> str:
    kept = _kept(text)
    return _ODD.sub(lambda m: m[0] if _LOST.match(m[0]) or m.start() in kept else _SPACES.get(m[0], ""), text)


def _kept(text: str) -> frozenset[int]:
    """Where invisible characters belong: marks of direction beside Hebrew or Arabic, and the tags of flags."""
    kept = {place for m in _FLAG_TAG.finditer(text) for place in range(*m.span())}
    if _RIGHT_TO_LEFT.search(text):
        kept.update(m.start() for m in _DIRECTION.finditer(text))
    return frozenset(kept)


def _wrong(text: str) -> list[str]:
    """What is wrong with a text, in words."""
    kept = _kept(text)
    odd = [m[0] for m in _ODD.finditer(text) if m.start() not in kept]
    reasons = []
    if not text.isascii():
        decoded = _decoded(text)
        if decoded != text:
            reasons.append(f"text decoded wrongly ({_example(text, decoded)})")
            odd = [m[0] for m in _ODD.finditer(decoded)]
    controls = [each for each in odd if _CONTROLS.match(each)]
    lost = [each for each in odd if _LOST.match(each)]
    invisible = [each for each in odd if each not in controls and each not in lost]
    if controls:
        reasons.append(f"{_count(controls, 'control character')} ({_names(controls)})")
    if invisible:
        reasons.append(f"{_count(invisible, 'invisible character')} ({_names(invisible)})")
    if lost:
        reasons.append(f"{_count(lost, 'character')} that {'was' if len(lost) == 1 else 'were'} lost ({_names(lost)})")
    return reasons


def _example(text: str, decoded: str) -> str:
    """The first word that decoding changes, before and after."""
    before, after = (emails.hidden(secrets.hidden(each)).split() for each in (text, decoded))
    one, other = next(((a, b) for a, b in zip(before, after, strict=False) if a != b), ("", ""))
    return f"“{one[:20]}” for “{other[:20]}”"


def _count(found: list[str], name: str) -> str:
    return f"{len(found)} {name}{'s' * (len(found) > 1)}"


def _names(found: list[str]) -> str:
    return ", ".join(f"U+{ord(each):04X}" for each in sorted(set(found))[:3])


def make(_: Context) -> Examiner:
    """A worker for one run."""
    return _Characters()
