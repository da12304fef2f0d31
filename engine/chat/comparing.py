"""What the answers of one question say of each other, as far as they have come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.chat.question import Question
from engine.reports import Answer, AnswerSet

if TYPE_CHECKING:
    from data.facts import Comparison

COMPARED = 8000
"""Characters of each answer that are compared: two pages; beyond that a model repeats itself."""
COMPARE_PAUSE = 4.0
"""Times the duration of a comparison to wait before the next, so that it takes a fifth of a processor at most."""
AT_ONCE = 0.02
"""Seconds up to which a comparison is made between two chunks of a stream; longer ones go to a thread of their own."""

_Place = tuple[int, int]
"""Sample, and place of the arm that is compared with the first (0 for a single arm)."""


class Comparing:
    """Compares the arms of a question with the first one; what has not changed is not compared again."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._known: dict[_Place, tuple[tuple[str, ...], Comparison | None]] = {}
        """The texts that were compared, and what came out."""
        self._took = 0.0
        """Seconds of all that was compared last."""
        self._next = 0.0

    def sets(self, samples: Sequence[Sequence[Answer]], *, compare: bool = True) -> tuple[AnswerSet, ...]:
        """Every sample with its comparisons.

        They are a moment old where they take long (see `catch_up`), and without `compare`.
        """
        if compare and self._took <= AT_ONCE:
            self._compare_all(self._outdated(samples))
        return tuple(
            AnswerSet(tuple(answers), tuple(self._known_of(sample, arm, answers) for arm in _arms(answers)))
            for sample, answers in enumerate(samples)
        )

    def lags(self, samples: Sequence[Sequence[Answer]], *, soon: bool = False) -> bool:
        """Whether there is something to compare that takes long, and it is time to; `soon` for at any time."""
        return self._took > AT_ONCE and (soon or time.monotonic() >= self._next) and bool(self._outdated(samples))

    async def catch_up(self, samples: Sequence[Sequence[Answer]]) -> None:
        """Compare what has come by now, in a thread."""
        await asyncio.to_thread(self._compare_all, self._outdated(samples))

    def judged(self, answer: Answer) -> Answer:
        """An answer that is done, with the verdict of the dataset's answer."""
        from data.facts import judge

        reference = self._question.reference
        if reference is None or not answer.text:
            return answer
        verdict = judge(answer.text[:COMPARED], reference, question=self._question.prompt).verdict
        return replace(answer, verdict=verdict.value)

    def _known_of(self, sample: int, arm: int, answers: Sequence[Answer]) -> Comparison | None:
        """The last comparison, unless a side has begun anew since."""
        texts, comparison = self._known.get((sample, arm), ((), None))
        sides = answers[:1] if arm == 0 else (answers[0], answers[arm])
        return comparison if all(map(str.startswith, (side.text for side in sides), texts)) else None

    def _outdated(self, samples: Sequence[Sequence[Answer]]) -> dict[_Place, tuple[str, ...]]:
        """The texts of all that has text on every side and has changed since it was compared."""
        found: dict[_Place, tuple[str, ...]] = {}
        for sample, answers in enumerate(samples):
            said = [_said(answer) for answer in answers]
            for arm in _arms(answers):
                texts = (said[0],) if arm == 0 else (said[0], said[arm])
                if all(texts) and self._known.get((sample, arm), ((), None))[0] != texts:
                    found[sample, arm] = texts
        return found

    def _compare_all(self, places: dict[_Place, tuple[str, ...]]) -> None:
        started = time.monotonic()
        for place, texts in places.items():
            self._known[place] = texts, self._compare(texts)
        if places:
            ended = time.monotonic()
            self._took = ended - started
            self._next = ended + COMPARE_PAUSE * self._took

    def _compare(self, texts: tuple[str, ...]) -> Comparison | None:
        from data.facts import Comparison, Verdict, compare, judge

        question, reference = self._question.prompt, self._question.reference
        if len(texts) == 2:
            return compare(*texts, question=question, reference=reference)
        if reference is None:
            return None
        judgement = judge(texts[0], reference, question=question)
        # Its counterparts are facts of the reference, which is no side of this comparison.
        alone = tuple(fact._replace(counterpart=None) for fact in judgement.facts)
        return Comparison(alone, (), "same", "A" if judgement.verdict is Verdict.RIGHT else "neither", ())


def load_comparison(workspace: Path) -> None:
    """Import the comparison and let it build its tables (some 0.3 s together); take the workspace's equal names.

    Raises InputError when the file of names cannot be used; the comparison works without.
    """
    from data.facts import compare, use_synonyms

    use_synonyms(workspace)
    compare("It runs at 1.8 GHz.", "It has 2 cores.", question="How fast is it?", reference="150 MHz")


def _arms(answers: Sequence[Answer]) -> range:
    """The places of the arms that are compared with the first; that of a single arm itself."""
    return range(min(1, len(answers) - 1), len(answers))


def _said(answer: Answer) -> str:
    """What can be compared: the number at the end of an answer that goes on may still get its unit."""
    from data.facts import settled

    return (answer.text if answer.done else settled(answer.text))[:COMPARED]
