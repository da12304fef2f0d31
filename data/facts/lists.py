"""Lists: the members that one answer names and the other leaves out."""

from __future__ import annotations

from data.facts.content import alike, content, meaning
from data.facts.extract import Analysis, Member
from data.facts.model import Fact
from data.facts.patterns import lazy
from data.facts.questions import Asked
from data.facts.vocabulary.aliases import canonical
from data.facts.vocabulary.function_words import GENERIC, STOPWORDS

_GAP = lazy(
    r"\s*(?:,\s*(?:and|or|plus)?\b|;|\band\b|\bor\b|/|&|\bplus\b|\bas well as\b|\n\s*[-*•]\s*|\n\s*\d+[.)]\s*)\s*",
)
_EXAMPLES = lazy(r"\b(?:such as|including|includes?|for example|e\.g\.|like|among others|for instance|etc)\b")
_STOP = lazy(r"[.!?](?=\s|$)|\n\n|:")
_LONGEST_MEMBER = 4


def members(side: Analysis, asked: Asked) -> list[Member]:
    """The longest list of at least two short members in a text; empty when there is none or it only gives examples.

    Kept with the text, which is compared with the other answer and with the reference.
    """
    if side.members is None:
        side.members = _longest(side, asked)
    return side.members


def _longest(side: Analysis, asked: Asked) -> list[Member]:
    best: list[Member] = []
    position = 0
    text = side.text
    for stop in (*_STOP.finditer(text), None):
        end = stop.start() if stop else len(text)
        sentence = text[position:end]
        offset, position = position, stop.end() if stop else end
        if not _EXAMPLES.search(sentence) and (run := _run(side, sentence, offset, asked)) and len(run) > len(best):
            best = run
    return best


def _run(side: Analysis, sentence: str, offset: int, asked: Asked) -> list[Member]:
    pieces, last = [], 0
    for m in _GAP.finditer(sentence):
        low, high = offset + m.start(), offset + m.end()
        if any(f.start < low and f.end > high for f in side.facts_between(low, high)):
            continue
        pieces.append((last, m.start()))
        last = m.end()
    pieces.append((last, len(sentence)))
    if len(pieces) < 2:
        return []
    best: list[Member] = []
    run: list[Member] = []
    for n, (start, end) in enumerate(pieces):
        words = side.reading.words_between(offset + start, offset + end)
        kept = [w for w in words if w.lower not in STOPWORDS and w.lower not in GENERIC]
        if n == 0:
            kept = kept[-3:]
        elif len(words) > _LONGEST_MEMBER:
            kept = kept[:3] if n == len(pieces) - 1 else []
        own = [w for w in kept if w.stem not in asked.stems] or ([] if n == 0 else kept)
        if not own:
            best, run = max(best, run, key=len), []
            continue
        phrase = side.text[own[0].start : own[-1].end]
        near = side.facts_between(offset + start, offset + end)
        inside = [f for f in near if f.base and f.start >= offset + start and f.end <= offset + end]
        if inside:
            run.append(Member(phrase, frozenset(_value(f) for f in inside), inside[0].dimension))
        else:
            run.append(Member(phrase, frozenset(meaning(w) for w in own) | {canonical(phrase.lower())}, ""))
    return max(best, run, key=len)


def _value(f: Fact) -> str:
    return f"{f.dimension} {f.base}"


def missing(a: Analysis, b: Analysis, asked: Asked, *, at_least: int = 2) -> tuple[str | None, str | None] | None:
    """The first member that only A's list has and the first that only B's has; None when the lists agree or are none.

    At least three members on one side, `at_least` on the other, all of one sort, and half of the shorter list shared.
    """
    left, right = members(a, asked), members(b, asked)
    if min(len(left), len(right)) < at_least or max(len(left), len(right)) < 3:
        return None
    if len({m.sort for m in (*left, *right)}) > 1:
        return None
    if asked.form == "open" and not (_fills(left, a) and _fills(right, b)):
        return None
    only_left = [m for m in left if not _said(m, right, b)]
    only_right = [m for m in right if not _said(m, left, a)]
    shared = min(len(left) - len(only_left), len(right) - len(only_right))
    if shared * 2 < min(len(left), len(right)) or not (only_left or only_right):
        return None
    return (only_left[0].text if only_left else None, only_right[0].text if only_right else None)


def _fills(run: list[Member], side: Analysis) -> bool:
    """Whether a text is little more than its list."""
    return sum(len(m.text.split()) for m in run) * 10 >= 6 * len(content(side))


def _said(member: Member, others: list[Member], other: Analysis) -> bool:
    if any(m == n or alike(m, n) for o in others for m in member.meanings for n in o.meanings):
        return True
    said = {meaning(w) for w in other.reading.words} | {_value(f) for f in other.facts if f.base}
    return bool(member.meanings & said) or any(alike(m, n) for m in member.meanings for n in said)
