"""A run in a few figures, for machines as JSON and for people as lines."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.reports import RunSnapshot
from engine.training.history import RunHistory
from tui.literal import literal
from tui.widgets.figures import NONE, duration, loss, rate
from tui.widgets.lines import width_of
from tui.widgets.run_words import best_held_out


def snapshot_of(folder: Path) -> RunSnapshot:
    """How a run stands now."""
    history = RunHistory(folder)
    while history.refresh(with_log=True):
        continue
    return history.snapshot()


def summary(run: RunSnapshot, *, place: int | None = None) -> dict[str, Any]:
    """A run as JSON; `place` is where it stands in the queue, from 1."""
    last, job = run.last, run.job
    best = best_held_out(run)
    at_best = [each.accuracy for each in run.evaluations if best and each.step == best[0]]
    return {
        "run": run.run_id,
        "state": run.state,
        "reason": run.reason,
        "place_in_queue": place,
        "model": job.model if job else None,
        "method": job.method.kind if job else None,
        "dataset": job.dataset.path if job else None,
        "step": last.step if last else 0,
        "total_steps": last.total_steps if last else None,
        "loss": last.loss if last else None,
        "held_out_loss": best[1] if best else None,
        "held_out_step": best[0] if best else None,
        "accuracy": at_best[-1] if at_best else None,
        "tokens": last.tokens if last else 0,
        "tokens_per_second": last.tokens_per_second if last else None,
        "trained_seconds": round(run.trained_seconds, 3),
        "resumes_at": run.resumes_at,
        "launcher": run.launcher or None,
        "started": run.started,
        "ended": run.ended,
    }


def shown(name: str, value: Any) -> str:
    """A value of a summary as a person reads it, on one line."""
    match name:
        case "loss" | "held_out_loss":
            return loss(value)
        case "accuracy":
            return NONE if value is None else f"{value * 100:.1f} %"
        case "tokens_per_second":
            return rate(value)
        case "trained_seconds":
            return duration(value)
        case "started" | "ended":
            return NONE if value is None else time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(value))
    return NONE if value is None else literal(str(value), one_line=True)


def table(heading: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    """Lines with their columns under each other, below a heading; nothing trails."""
    rows = [heading, *lines]
    widths = [max(width_of(((row[column], ""),)) for row in rows) for column in range(len(heading))]

    def line(row: Sequence[str]) -> str:
        cells = (cell + " " * (width - width_of(((cell, ""),))) for cell, width in zip(row, widths, strict=True))
        return "  ".join(cells).rstrip()

    return [line(row) for row in rows]
