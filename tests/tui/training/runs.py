"""Runs as the engine would report them."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from engine.jobs.events import CheckpointSaved, Evaluation, Progress, RunState, Sample
from engine.reports import RunsListed, RunSnapshot
from engine.training.job import DatasetSection, TrainingJob

START = 1_763_860_000.0
SECONDS_A_STEP = 0.6
QUESTION = "What is the maximum clock speed of the RP2350?"
REFERENCE = "The RP2350 runs at up to 150 MHz."
WRONG = "The maximum clock speed of the RP2350 is 1.15 GHz."
RIGHT = "The RP2350 supports a system clock of up to 150 MHz."


def steps(done: int, total: int, *, nan_at: Collection[int] = ()) -> tuple[Progress, ...]:
    """The first steps of a run whose loss falls from 2.05 towards 0.05."""
    return tuple(
        Progress(
            step=step,
            total_steps=total,
            epoch=step * 8 / total,
            loss=math.nan if step in nan_at else 0.05 + 2 * math.exp(-step * 5 / total),
            learning_rate=1e-3 * (1 - step / (total + 1)),
            grad_norm=0.38,
            tokens=step * 330,
            target_tokens=step * 150,
            padded_tokens=step * 400,
            tokens_per_second=512.3,
            eta_seconds=(total - step) * SECONDS_A_STEP,
            memory_bytes=2_252_341_248,
            t=START + 10 + step * SECONDS_A_STEP,
        )
        for step in range(1, done + 1)
    )


def run(
    done: int = 118,
    total: int = 240,
    state: RunState = RunState.RUNNING,
    *,
    run_id: str = "smollm2-lora-002",
    reason: str = "",
    nan_at: Collection[int] = (),
) -> RunSnapshot:
    """A run as it stands after so many steps: a held-out loss every 30 steps, an answer every 40, a save every 100."""
    checkpoints = [
        CheckpointSaved(step, f"checkpoints/{step}", 14 << 20, t=START) for step in range(100, done + 1, 100)
    ]
    if state in (RunState.FINISHED, RunState.STOPPED):
        checkpoints.append(CheckpointSaved(done, "model", 280 << 20, final=True, t=START))
    return RunSnapshot(
        run_id=run_id,
        folder=Path("runs") / run_id,
        job=TrainingJob(dataset=DatasetSection(path="pairs.jsonl")),
        state=state,
        reason=reason,
        started=START,
        ended=None if state.active else START + 12 + done * SECONDS_A_STEP,
        trained_seconds=10 + done * SECONDS_A_STEP,
        progress=steps(done, total, nan_at=nan_at),
        evaluations=tuple(
            Evaluation(step, 0.5 + math.exp(-step * 5 / total), 26, t=START) for step in range(30, done + 1, 30)
        ),
        samples=tuple(
            Sample(step, QUESTION, WRONG if step < 80 else RIGHT, REFERENCE, t=START)
            for step in range(40, done + 1, 40)
        ),
        checkpoints=tuple(checkpoints),
        log_tail=tuple(f"line {number} of the log" for number in range(1, 31)),
    )


def listed(*runs: RunSnapshot) -> RunsListed:
    """The list of these runs, as short as the engine tells it."""
    return RunsListed(
        tuple(replace(each, progress=each.progress[-1:], samples=(), warnings=(), log_tail=()) for each in runs)
    )
