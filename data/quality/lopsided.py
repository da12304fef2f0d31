"""Sets that teach one answer more than any other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from data.facts.patterns import lazy
from data.quality.check import Context, Examiner, Reported
from data.quality.examined import Examined
from data.quality.flag import Finding, Flag
from data.wording import counted

_CLOSED = lazy(
    r"\W*(?:is|are|was|were|does|do|did|can|could|will|would|should|must|may|might|has|have|had)\b"
    r"(?! (?:you|we|i)\b)(?![^?]*\bor\b)[^?\n]*\?\s*$",
    re.IGNORECASE,
)
_YES_NO = lazy(r"\W*(yes|no|yeah|yep|nope|not)\b", re.IGNORECASE)
_FEWEST = 10
"""Rows below which a share says nothing."""
_YES = 0.8
"""The share of one answer among yes and no that a model takes for the answer to anything."""
_ALIKE = 0.3
"""The share of answers with the same first words."""
_CLASS = 0.7
"""The share of one answer among few different ones."""
_CLASSES = 20
_MARKS = {True: "good", False: "bad"}
_OPENING = 3
_KEPT = 50_000
"""Different openings and answers that are counted, which bounds the memory; what is frequent comes early."""


class _Lopsided(Examiner):
    def __init__(self) -> None:
        self._said: Counter[str] = Counter()
        self._openings: Counter[str] = Counter()
        self._answers: Counter[str] = Counter()
        self._labels: Counter[bool] = Counter()
        self._rows = 0
        self._short = 0

    def look(self, row: Examined) -> Iterable[Flag]:
        if row.conversation is not None and row.conversation.label is not None:
            self._labels[row.conversation.label] += 1
        for question, answer, _ in row.exchanges[:1]:
            self._rows += 1
            words = answer.split()
            if _CLOSED.match(question) and (said := _YES_NO.match(answer)):
                self._said["yes" if said[1].lower().startswith("y") else "no"] += 1
            _count(self._openings, " ".join(words[:_OPENING]) if len(words) > _OPENING else "")
            if len(words) <= _OPENING:
                self._short += 1
                _count(self._answers, " ".join(words).casefold().strip(" .!"))
        return ()

    def finish(self) -> Iterator[Reported]:
        yield from self._yes_and_no()
        yield from self._good_and_bad()
        yield from self._alike()
        yield from self._classes()

    def _yes_and_no(self) -> Iterator[Finding]:
        total = sum(self._said.values())
        if total < _FEWEST:
            return
        word, count = self._said.most_common(1)[0]
        if count >= _YES * total:
            other = "no" if word == "yes" else "yes"
            yield Finding(
                "lopsided",
                f"{count:,} of {counted(total, 'answer')} to yes-or-no questions ({count / total:.0%}) say {word}.",
                {"yes": self._said["yes"], "no": self._said["no"]},
                f"A model tuned on it says {word} to everything: add questions of that kind whose answer is {other}.",
            )

    def _good_and_bad(self) -> Iterator[Finding]:
        """The labels of KTO."""
        total = self._labels.total()
        if total < _FEWEST:
            return
        label, count = self._labels.most_common(1)[0]
        if count >= _YES * total:
            yield Finding(
                "lopsided",
                f"{count:,} of {counted(total, 'answer')} ({count / total:.0%}) are marked as {_MARKS[label]}.",
                {"good": self._labels[True], "bad": self._labels[False]},
                "KTO learns from both: add rows of the other kind, or give them more weight.",
            )

    def _alike(self) -> Iterator[Finding]:
        opening, count = next(((text, n) for text, n in self._openings.most_common(2) if text), ("", 0))
        if self._rows >= _FEWEST and count >= _ALIKE * self._rows:
            yield Finding(
                "lopsided",
                f"{count:,} of {counted(self._rows, 'answer')} ({count / self._rows:.0%}) begin with “{opening}”.",
                {"alike": count, "answers": self._rows},
                "A model learns such a beginning first: word some of them otherwise.",
            )

    def _classes(self) -> Iterator[Finding]:
        """The labels of a classification: few different answers of a few words."""
        if self._short < max(_FEWEST, self._rows / 2) or not 1 < len(self._answers) <= _CLASSES:
            return
        answer, count = self._answers.most_common(1)[0]
        if count >= _CLASS * self._short and answer not in ("yes", "no"):
            share = f"{count:,} of {counted(self._short, 'short answer')} ({count / self._short:.0%})"
            yield Finding(
                "lopsided",
                f"{share} are “{answer}”, one of {len(self._answers)} different ones.",
                {"most frequent": count, "short answers": self._short, "different": len(self._answers)},
                f"Always saying “{answer}” is already right that often: add rows with the others, or weigh them.",
            )


def _count(counter: Counter[str], text: str) -> None:
    if text in counter or len(counter) < _KEPT:
        counter[text] += 1


def make(_: Context) -> Examiner:
    """A worker for one run."""
    return _Lopsided()
