"""What happens between the steps of a run: reports, held-out losses, samples, checkpoints, the request to stop.

Worker side. Training is steered by the flags of transformers' `TrainerControl` alone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from typing_extensions import override

from data.errors import BurnishError
from data.templates import Template, conversation
from engine.jobs.events import CheckpointSaved, Evaluation, Event, Progress, RunState, Sample, StateChanged
from engine.training.answering import answer, answer_length
from engine.training.batching import PadRight
from engine.training.checkpoints import latest_checkpoint, size_of, step_of
from engine.training.divergence import WINDOW, Divergence
from engine.training.examples import Examples
from engine.training.loading import Arithmetic
from engine.training.measuring import Measured, mean_loss, measure
from engine.training.pace import Pace
from engine.training.plan import Rhythm
from engine.training.stopping import StopRequest
from engine.training.trainer import CompletionTrainer
from engine.training.utilisation import Utilisation


@dataclass(frozen=True, slots=True)
class Question:
    """A sample question and, where the dataset has it, its answer."""

    text: str
    reference: str = ""
    system: str | None = None


@dataclass(frozen=True, slots=True)
class Rhythms:
    """When a run looks up."""

    evaluate: Rhythm
    sample: Rhythm
    save: Rhythm


class Monitor(TrainerCallback):
    """Reports a run while it goes, and asks it to save or to stop."""

    def __init__(
        self,
        trainer: CompletionTrainer,
        report: Callable[[Event], None],
        template: Template,
        arithmetic: Arithmetic,
        stop: StopRequest,
        rhythms: Rhythms,
        held_out: Examples,
        questions: list[Question],
    ) -> None:
        self._trainer = trainer
        self._report = report
        self._template = template
        self._arithmetic = arithmetic
        self._stop = stop
        self._rhythms = rhythms
        self._held_out = held_out
        self._questions = questions
        self._answer_tokens = answer_length(template, [question.reference for question in questions])
        self.utilisation: Utilisation | None = None
        """Set where the model's arithmetic and the machine's rate are known."""
        self._pace = Pace()
        self._began = 0.0
        self._tokens_before = 0
        self._divergence = Divergence(trainer.first_losses)
        self._save_owed = False
        self.stopped_at: int | None = None
        """The step after which the run was stopped, when somebody asked for it."""
        self.held_out_losses: dict[int, dict[int, Measured]] = {}
        """By step the loss of each held-out example, by its index: at the beginning, and as last measured."""

    @override
    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Measure the model as it is before the first step; a resumed run was measured before its checkpoint."""
        if state.global_step == 0:
            self._evaluate(0)
            self._sample(0)

    @override
    def on_step_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Start the clock."""
        self._began = time.monotonic()
        self._tokens_before = self._trainer.tokens

    @override
    def on_log(  # type: ignore[override] - transformers passes the logs by keyword
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: dict[str, Any], **kwargs: Any
    ) -> TrainerControl:
        """A step is done: report it, then do what is due. Raises BurnishError when the loss runs away."""
        if "loss" not in logs:
            return control
        self._pace.add_step(time.monotonic() - self._began, self._trainer.tokens - self._tokens_before)
        self._report(self._progress(state, logs))
        step = state.global_step
        self._refuse_divergence(step, float(logs["loss"]), float(logs.get("grad_norm", 0.0)))
        if self._stop.made() and step < state.max_steps:
            self.stopped_at = step
            self._report(StateChanged(RunState.STOPPING, f"Saving what was learnt up to step {step}."))
            control.should_training_stop = control.should_save = True
            return control
        if self._rhythms.evaluate.due(step):
            self._evaluate(step)
        if self._rhythms.sample.due(step):
            self._sample(step)
        # Weights that may be spoilt are not kept as good ones; the checkpoint follows when the loss is back.
        self._save_owed |= self._rhythms.save.due(step)
        if self._save_owed and not self._divergence.suspected:
            control.should_save, self._save_owed = True, False
        self._began = time.monotonic()
        return control

    @override
    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """A checkpoint was written: say so."""
        self._pace.add_pause("save", time.monotonic() - self._began)
        folder = latest_checkpoint(self._trainer.run_folder)
        if folder is not None:
            path = str(folder.relative_to(self._trainer.run_folder))
            self._report(CheckpointSaved(state.global_step, path, size_of(folder)))

    @property
    def pad(self) -> PadRight:
        """How rows are put into batches."""
        collator = self._trainer.data_collator
        assert isinstance(collator, PadRight)
        return collator

    def _refuse_divergence(self, step: int, loss: float, grad_norm: float) -> None:
        """Raise BurnishError when there is nothing to be learnt any more; whatever was saved before is good."""
        if not math.isfinite(loss):
            what = f"The loss became {loss}"
        elif not math.isfinite(grad_norm):
            # The step that was just taken with it has spoilt the weights, although the loss was still a number.
            what = f"The gradient became {grad_norm}"
        else:
            self._divergence.add(loss)
            if not self._divergence.certain:
                return
            first, last = self._divergence.start, self._divergence.now
            what = f"The loss ran away ({last:.3g} over {WINDOW} steps, {first:.3g} over the first {WINDOW})"
        saved = latest_checkpoint(self._trainer.run_folder)
        rest = f"resume from step {step_of(saved)}" if saved else "start again"
        raise BurnishError(
            f"{what} at step {step}; lower training.learning_rate (it was "
            f"{self._trainer.job.training.learning_rate:g}) and {rest}.",
            title="Loss exploded",
        )

    def _progress(self, state: TrainerState, logs: dict[str, Any]) -> Progress:
        trainer, step = self._trainer, state.global_step
        left = (
            ("evaluate", self._rhythms.evaluate.left(step) if len(self._held_out) else 0),
            ("sample", self._rhythms.sample.left(step) if self._questions else 0),
            ("save", self._rhythms.save.left(step)),
        )
        return Progress(
            step=step,
            total_steps=state.max_steps,
            epoch=float(state.epoch or 0.0),
            loss=float(logs["loss"]),
            learning_rate=float(logs["learning_rate"]),
            grad_norm=float(logs.get("grad_norm", math.nan)),
            tokens=trainer.tokens,
            target_tokens=trainer.target_tokens,
            padded_tokens=trainer.padded_tokens,
            tokens_per_second=self._pace.tokens_per_second,
            eta_seconds=self._pace.remaining(state.max_steps - step, left),
            memory_bytes=_memory(self._arithmetic),
            mfu=self._mfu(),
        )

    def _mfu(self) -> float | None:
        trainer, speed = self._trainer, self._pace.tokens_per_second
        return self.utilisation and self.utilisation.share(speed, trainer.tokens, trainer.target_tokens)

    def _evaluate(self, step: int) -> None:
        if not len(self._held_out):
            return
        began = time.monotonic()
        trainer = self._trainer
        batch_size = trainer.args.per_device_train_batch_size
        batches = measure(trainer.model, self._held_out, self.pad, batch_size, self._arithmetic)
        measured = {row: loss for batch in batches for row, loss in batch}
        self.held_out_losses = {at: each for at, each in self.held_out_losses.items() if at == 0} | {step: measured}
        self._report(Evaluation(step, mean_loss(measured.values()), len(self._held_out)))
        self._pace.add_pause("evaluate", time.monotonic() - began)

    def _sample(self, step: int) -> None:
        if not self._questions:
            return
        began = time.monotonic()
        turns = [conversation(each.text, system=each.system) for each in self._questions]
        answers = answer(
            self._trainer.model,
            self._template,
            turns,
            self._arithmetic,
            pad_id=self.pad.pad_id,
            max_tokens=self._answer_tokens,
        )
        for question, text in zip(self._questions, answers, strict=True):
            self._report(Sample(step, question.text, text, question.reference))
        self._pace.add_pause("sample", time.monotonic() - began)


def _memory(arithmetic: Arithmetic) -> int:
    if arithmetic.device == "cuda":
        return torch.cuda.memory_reserved()
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
