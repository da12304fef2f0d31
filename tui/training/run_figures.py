"""The figures of a run: as it stands, and as it stood at one of its steps."""

from __future__ import annotations

from engine.jobs.events import Progress
from engine.reports import GpuLoad, HardwareSampled, RunSnapshot
from tui.literal import literal
from tui.training.curves import RunCurves
from tui.widgets.figures import NONE, count, decimal, duration, loss, power, rate, size
from tui.widgets.run_words import best_held_out

Figure = tuple[str, str, int]
"""Label, value and importance."""

WINDOW = 20
"""Latest steps that rates are taken over, as the trainer takes its own."""

EXPLAINED: tuple[tuple[str, str], ...] = (
    ("speed", "Real tokens a second over the last steps: prompts and answers, no padding, training time only"),
    ("padded", "Tokens with padding a second: what the processor had to work through for them"),
    (
        "samples",
        "Rows a second; NVIDIA's published tokens/s for its playbooks are this figure × 2048, padding included",
    ),
    ("MFU", "Model FLOP/s utilisation: the share of this machine's measured matrix product rate; hidden while unknown"),
    ("elapsed", "Time of training, evaluations and saving included; the time in which a run had ended is not"),
    ("ETA", "Learnt from this run's own steps, evaluations and saves"),
    ("grad norm", "Before clipping"),
    ("memory", "Of the training process: resident on a CPU, reserved by the allocator on a GPU"),
)
"""Figures that are not plain from their names, for the help."""


def figures_now(run: RunSnapshot, hardware: HardwareSampled | None) -> list[Figure]:
    """How the run stands."""
    last = run.last
    going = run.state.active
    figures: list[Figure] = []

    def add(label: str, value: str, importance: int) -> None:
        figures.append((label, value, importance))

    if last is None:
        add("step", NONE, 9)
        if run.trained_seconds:
            add("took", duration(run.trained_seconds), 5)
        _add_origin(run, figures)
        return figures
    add("step", f"{count(last.step)} / {count(last.total_steps)}", 30)
    epochs = f" of {decimal(run.job.training.epochs)}" if run.job else ""
    add("epoch", f"{last.epoch:.1f}{epochs}", 18)
    add("loss", loss(last.loss), 29)
    if run.evaluations:
        newest = run.evaluations[-1]
        right = f", {newest.accuracy * 100:.0f} % right" if newest.accuracy is not None else ""
        add("held-out", f"{loss(newest.loss)}{right}", 28)
    best = best_held_out(run)
    if best is not None:
        add("best", f"{loss(best[1])} at step {count(best[0])}", 22)
    add("speed", rate(last.tokens_per_second), 25)
    figures += _rates(run)
    if going:
        add("ETA", duration(last.eta_seconds), 27)
    if run.trained_seconds:
        add("elapsed" if going else "took", duration(run.trained_seconds), 26)
    total = f" of {size(hardware.memory_total)}" if hardware is not None and going else ""
    add("memory", f"{size(last.memory_bytes)}{total}", 21)
    if hardware is not None and going:
        add("cpu", f"{hardware.cpu_share * 100:.0f} %", 11)
        figures += [(f"gpu {index}" if index else "gpu", _gpu(gpu), 20) for index, gpu in enumerate(hardware.gpus)]
    if going:
        add("lr", power(last.learning_rate), 19)
    add("grad norm", decimal(last.grad_norm), 17)
    if run.checkpoints:
        saved = run.checkpoints[-1]
        add("saved", f"step {count(saved.step)}, {size(saved.size_bytes)}", 20)
    padding = 1 - last.tokens / last.padded_tokens if last.padded_tokens else 0.0
    add("tokens", f"{count(last.tokens)}" + (f", {padding * 100:.0f} % padding" if padding >= 0.005 else ""), 14)
    _add_origin(run, figures)
    return figures


def figures_at(curves: RunCurves, index: int) -> list[Figure]:
    """How the run stood at one of its logged steps, and what happened there."""
    run = curves.run
    step: Progress = run.progress[index]
    before = run.progress[index - 1].step if index else 0
    figures = [
        ("at step", count(step.step), 30),
        ("epoch", f"{step.epoch:.2f}", 24),
        ("trained", duration(curves.places("time")[index]), 23),
        ("loss", loss(step.loss), 29),
    ]
    held_out = [each for each in run.evaluations if each.step <= step.step]
    if held_out:
        figures.append(("held-out", f"{loss(held_out[-1].loss)} at step {count(held_out[-1].step)}", 28))
    figures += [
        ("lr", power(step.learning_rate), 27),
        ("grad norm", decimal(step.grad_norm), 26),
        ("speed", rate(step.tokens_per_second), 25),
        ("memory", size(step.memory_bytes), 22),
    ]
    figures += [("saved", size(each.size_bytes), 21) for each in run.checkpoints if before < each.step <= step.step]
    figures += [("resumed", "here", 20) for each in run.resumptions if before < each.step <= step.step]
    return figures


def _rates(run: RunSnapshot) -> list[Figure]:
    """What the speed comes to in padded tokens and in rows, by the share of each over the last steps; and the MFU."""
    last = run.progress[-1]
    first = run.progress[-WINDOW - 1] if len(run.progress) > WINDOW else None
    tokens = last.tokens - (first.tokens if first else 0)
    figures: list[Figure] = []
    if tokens > 0:
        padded = last.padded_tokens - (first.padded_tokens if first else 0)
        rows = last.rows - (first.rows if first else 0)
        if padded > tokens:
            figures.append(("padded", rate(last.tokens_per_second * padded / tokens), 15))
        if rows > 0:
            figures.append(("samples", f"{decimal(last.tokens_per_second * rows / tokens)} /s", 13))
    if last.mfu is not None:
        figures.append(("MFU", f"{last.mfu * 100:.0f} %", 16))
    return figures


def _gpu(gpu: GpuLoad) -> str:
    parts = [
        "" if gpu.utilisation is None else f"{gpu.utilisation * 100:.0f} %",
        "" if gpu.temperature is None else f"{gpu.temperature:.0f} °C",
        "" if gpu.watts is None else f"{gpu.watts:.0f} W",
    ]
    return "  ".join(part for part in parts if part) or NONE


def _add_origin(run: RunSnapshot, figures: list[Figure]) -> None:
    """With what the run was made."""
    if run.job is not None:
        figures.append(("model", literal(run.job.model, one_line=True), 6))
        figures.append(("method", run.job.method.kind, 7))
        figures.append(("dataset", literal(run.job.dataset.path, one_line=True), 5))
    if run.launcher:
        figures.append(("kept by", run.launcher, 4))
    if run.tags:
        figures.append(("tags", literal(" ".join(run.tags), one_line=True), 8))
    if run.note:
        figures.append(("note", literal(run.note, one_line=True), 3))
