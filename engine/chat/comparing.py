"""What the answers of one question say of each other, as far as they have come."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.chat.question import Question
from engine.reports import Answer, AnswerSet

if TYPE_CHECKING:
    from data.facts import Comparison

COMPARED = 8000
"""Characters of each answer that are compared: two pages; beyond that a model repeats itself."""
COMPARE_PAUSE = 4.0
"""Times the duration of a comparison to wait before the next, so that streams are read in between."""


class Comparing:
    """Compares the arms of a question with the first one; what has not changed is not compared again."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._known: dict[tuple[int, int], tuple[tuple[str, ...], Comparison | None]] = {}
        """By sample and further arm: the texts that were compared, and what came out."""
        self._next = 0.0

    def sets(self, samples: Sequence[Sequence[Answer]]) -> tuple[AnswerSet, ...]:
        """Every sample with its comparisons; those that are older than a moment are made anew."""
        due = time.monotonic() >= self._next
        started = time.monotonic()
        found = tuple(
            AnswerSet(
                tuple(answers),
                tuple(
                    self._compared(sample, arm, answers, now=due or all(answer.done for answer in answers))
                    for arm in range(min(1, len(answers) - 1), len(answers))
                ),
            )
            for sample, answers in enumerate(samples)
        )
        ended = time.monotonic()
        if due:
            self._next = ended + COMPARE_PAUSE * (ended - started)
        return found

    def judged(self, answer: Answer) -> Answer:
        """An answer that is done, with the verdict of the dataset's answer."""
        from data.facts import judge

        reference = self._question.reference
        if reference is None or not answer.text:
            return answer
        verdict = judge(answer.text[:COMPARED], reference, question=self._question.prompt).verdict
        return replace(answer, verdict=verdict.value)

    def _compared(self, sample: int, arm: int, answers: Sequence[Answer], *, now: bool) -> Comparison | None:
        sides = answers[:1] if arm == 0 else (answers[0], answers[arm])
        texts = tuple(_said(answer) for answer in sides)
        before, comparison = self._known.get((sample, arm), ((), None))
        if not now or texts == before or not all(texts):
            return comparison
        comparison = self._compare(texts)
        self._known[sample, arm] = texts, comparison
        return comparison

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


def load_comparison() -> None:
    """Import the comparison and let it build its tables (some 0.3 s together)."""
    from data.facts import compare

    compare("It runs at 1.8 GHz.", "It has 2 cores.", question="How fast is it?", reference="150 MHz")


def _said(answer: Answer) -> str:
    """What can be compared: the number at the end of an answer that goes on may still get its unit."""
    from data.facts import settled

    return (answer.text if answer.done else settled(answer.text))[:COMPARED]
