"""Batches made up for tests of tables, figures and exports."""

from __future__ import annotations

from pathlib import Path

from engine.chat.arms import Arm, default_arms
from engine.chat.sampling import Sampling
from engine.evaluation.asked_rows import AskedRow
from engine.evaluation.batch import Batch
from engine.evaluation.judging import Answered, compare_answers, judge_answer
from engine.evaluation.results import Results
from engine.evaluation.summary import summarise
from engine.reports import BatchAdvanced

Said = tuple[str, str | None, tuple[str | None, ...]]
"""A question, its reference, and what each arm says: None for not asked yet, "!…" for a request that failed."""


def advanced(
    *said: Said,
    arms: tuple[Arm, ...] | None = None,
    batch_id: str = "pairs-001",
    running: bool = False,
    sentence: str = "",
    warning: str = "",
) -> BatchAdvanced:
    """A report about these rows, judged as the engine does."""
    arms = arms or default_arms()
    questions = tuple(
        AskedRow(number, number + 10, ({"role": "user", "content": text},), reference)
        for number, (text, reference, _) in enumerate(said, 1)
    )
    batch = Batch(
        id=batch_id,
        folder=Path("/workspace/.burnish/evaluations") / batch_id,
        made=1_763_860_000.0,
        source="pairs.jsonl",
        dataset="pairs.jsonl",
        sha256="ab" * 32,
        rows=len(questions),
        passed_over=0,
        arms=arms,
        sampling=Sampling(),
    )
    results = Results(batch, questions)
    for question, (_, _, answers) in zip(questions, said, strict=True):
        for arm, text in zip(arms, answers, strict=True):
            if text is None:
                continue
            if text.startswith("!"):
                results.take(Answered(question.number, arm.name, error=text[1:]))
                continue
            verdict, reason = judge_answer(question, text)
            results.take(Answered(question.number, arm.name, text, verdict=verdict, reason=reason, tokens=9))
        for place in range(1, len(arms)):
            first, other = (results.rows[question.number - 1].answers[each] for each in (0, place))
            if first is not None and other is not None and not first.error and not other.error:
                results.take(compare_answers(question, first.text, other))
    rows = results.rows
    return BatchAdvanced(
        batch,
        rows,
        results.answered,
        results.failed,
        running,
        summarise(batch, rows),
        per_second=2.5 if running else None,
        sentence=sentence,
        warning=warning,
    )


CLOCK = "What is the maximum clock speed of the {}?"
CHIPS = advanced(
    (CLOCK.format("RP2040"), "The RP2040 runs at up to 133 MHz.", ("It runs at 133 MHz.", "Up to 150 MHz.")),
    (CLOCK.format("RP2350"), "The RP2350 runs at up to 150 MHz.", ("It runs at 1.8 GHz.", "Up to 150 MHz.")),
    (CLOCK.format("ESP32"), "The ESP32 runs at up to 240 MHz.", ("It runs at 240 MHz.", "Up to 240 MHz.")),
    (CLOCK.format("STM32F4"), "The STM32F4 runs at up to 168 MHz.", ("It runs at 1 GHz.", "Up to 9 MHz.")),
    (CLOCK.format("nRF52840"), "The nRF52840 runs at up to 64 MHz.", ("It runs at 64 MHz.", "!Tuned is busy.")),
    ("Name a colour.", None, ("Red.", None)),
)
"""A regression, a gain, both right, both wrong, one failed, one without a reference that is half asked."""
