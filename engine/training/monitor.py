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

from data.templates import Template, conversation
from engine.jobs.events import CheckpointSaved, Evaluation, Event, Progress, RunState, Sample, StateChanged
from engine.training.answering import answer, answer_length
from engine.training.batching import PadRight
from engine.training.checkpoints import checkpoint_of, latest_checkpoint, size_of, step_of
from engine.training.divergence import WINDOW, Divergence
from engine.training.examples import Examples
from engine.training.failures import PauseError
from engine.training.loading import Arithmetic
from engine.training.measuring import Measured, accuracy, mean_loss, measure
from engine.training.pace import Pace
from engine.training.parallel import from_main
from engine.training.plan import Rhythm
from engine.training.save_times import SaveTimes
from engine.training.standing import Ending, not_falling, out_of_time, stopped
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
        clock: Callable[[], float] = time.monotonic,
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
        self._clock = clock
        self._now = 0.0
        """Up to when the time of training is counted."""
        self._began = 0.0
        self._tokens_before = 0
        self._divergence = Divergence(trainer.first_losses)
        self._saves = SaveTimes(rhythms.save, 0, 0)
        self._save_owed = False
        self._measured = self._gained = 0
        self.ending: Ending | None = None
        """Why the run ends before its last step, when it does."""
        self.held_out_losses: dict[int, dict[int, Measured]] = {}
        """By step the loss of each held-out example, by its index: at the beginning, at its best, and the newest."""

    @override
    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Measure the model as it is before the first step; a resumed run was measured before its checkpoint."""
        self._now = self._clock()
        standing = self._trainer.standing
        self._saves = SaveTimes(
            self._rhythms.save, self._trainer.job.checkpoints.every_minutes * 60, standing.trained_seconds
        )
        if state.global_step == 0:
            self._evaluate(0)
            self._sample(0)

    @override
    def on_step_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Start the clock."""
        self._began = self._clock()
        self._tokens_before = self._trainer.tokens

    @override
    def on_log(  # type: ignore[override] - transformers passes the logs by keyword
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: dict[str, Any], **kwargs: Any
    ) -> TrainerControl:
        """A step is done: report it, then do what is due. Raises PauseError when the loss runs away."""
        if "loss" not in logs:
            return control
        self._pace.add_step(self._clock() - self._began, self._trainer.tokens - self._tokens_before)
        self._report(self._progress(state, logs))
        step = state.global_step
        self._refuse_divergence(step, float(logs["loss"]), float(logs.get("grad_norm", 0.0)))
        if step < state.max_steps and self._ends(self._asked_to_stop(step), control):
            return control
        if self._rhythms.evaluate.due(step):
            control.should_save |= self._measure(step)
        if self._rhythms.sample.due(step):
            self._sample(step)
        self._count_time()
        # Weights that may be spoilt are not kept as good ones; the checkpoint follows when the loss is back.
        self._save_owed |= self._saves.due(step, self._trainer.standing.trained_seconds)
        if self._save_owed and not self._divergence.suspected:
            control.should_save, self._save_owed = True, False
        stop_after = self._trainer.job.evaluation.stop_after
        if step < state.max_steps and self._ends(not_falling(step, self._trainer.standing, stop_after), control):
            return control
        self._began = self._clock()
        return control

    @override
    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """A checkpoint was written: say so."""
        self._pace.add_pause("save", self._clock() - self._began)
        standing, run_folder = self._trainer.standing, self._trainer.run_folder
        self._saves.saved(standing.trained_seconds)
        folder, best = checkpoint_of(run_folder, state.global_step), standing.kept_step == state.global_step
        path = str(folder.relative_to(run_folder))
        self._report(CheckpointSaved(state.global_step, path, size_of(folder), best=best))

    @property
    def pad(self) -> PadRight:
        """How rows are put into batches."""
        collator = self._trainer.data_collator
        assert isinstance(collator, PadRight)
        return collator

    def _ends(self, ending: Ending | None, control: TrainerControl) -> bool:
        """Save and end the run when there is a reason to."""
        if ending is None:
            return False
        self.ending = ending
        step = self._trainer.state.global_step
        self._report(StateChanged(RunState.STOPPING, f"Saving what was learnt up to step {step}."))
        control.should_training_stop = control.should_save = True
        return True

    def _asked_to_stop(self, step: int) -> Ending | None:
        self._count_time()
        if self._stop.made():
            return stopped(step, by_signal=self._stop.by_signal)
        return out_of_time(step, self._trainer.standing, self._trainer.job.limits.hours)

    def _count_time(self) -> None:
        now = self._clock()
        # One clock for all processes, so that they all find the same things due.
        self._trainer.standing.trained_seconds += from_main(lambda: now - self._now)
        self._now = now

    def _measure(self, step: int) -> bool:
        """Measure the held-out loss after a step; whether its weights are to be kept as the best so far."""
        loss = self._evaluate(step)
        if loss is None:
            return False
        gained = self._trainer.standing.measured(step, loss)
        self._measured, self._gained = self._measured + 1, self._gained + gained
        if not gained or self._trainer.job.checkpoints.best == "off":
            return False
        self._trainer.standing.kept_step = step
        return True

    def _refuse_divergence(self, step: int, loss: float, grad_norm: float) -> None:
        """Raise PauseError when there is nothing to be learnt any more; whatever was saved before is good."""
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
        raise PauseError(
            f"{what} at step {step}; lower training.learning_rate (it was "
            f"{self._trainer.job.training.learning_rate:g}) and {rest}.",
            title="Loss exploded",
        )

    def _progress(self, state: TrainerState, logs: dict[str, Any]) -> Progress:
        trainer, step = self._trainer, state.global_step
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
            eta_seconds=self._remaining(step, state.max_steps),
            memory_bytes=_memory(self._arithmetic),
            rows=trainer.rows,
            mfu=self._mfu(),
        )

    def _mfu(self) -> float | None:
        trainer, speed = self._trainer, self._pace.tokens_per_second
        if self.utilisation is None or not trainer.tokens:
            return None
        # What rows begin with in common is computed once; padding is no work that was needed.
        needed = min(trainer.tokens, trainer.padded_tokens)
        return self.utilisation.share(speed * needed / trainer.tokens, needed, trainer.target_tokens)

    def _remaining(self, step: int, last: int) -> float | None:
        """Seconds to the end; how many checkpoints fall into them depends on how long they are."""
        evaluations = self._rhythms.evaluate.left(step) if len(self._held_out) else 0
        pauses = [
            ("evaluate", evaluations),
            ("sample", self._rhythms.sample.left(step) if self._questions else 0),
        ]
        seconds = self._pace.remaining(last - step, pauses)
        if seconds is None:
            return None
        keeps_best = self._measured and self._trainer.job.checkpoints.best != "off"
        bests = round(evaluations * self._gained / self._measured) if keeps_best else 0
        return self._pace.remaining(last - step, [*pauses, ("save", max(bests, self._saves.left(step, seconds)))])

    def _evaluate(self, step: int) -> float | None:
        """Measure and report the held-out loss; None where nothing is held out."""
        if not len(self._held_out):
            return None
        began = self._clock()
        trainer = self._trainer
        batch_size = trainer.args.per_device_train_batch_size
        batches = measure(trainer.model, self._held_out, self.pad, batch_size, self._arithmetic)
        measured = {row: loss for batch in batches for row, loss in batch}
        loss = mean_loss(measured.values())
        lasting = (0, trainer.standing.kept_step)
        self.held_out_losses = {at: each for at, each in self.held_out_losses.items() if at in lasting}
        self.held_out_losses[step] = measured
        self._report(Evaluation(step, loss, len(self._held_out), accuracy(measured.values())))
        self._pace.add_pause("evaluate", self._clock() - began)
        return loss

    def _sample(self, step: int) -> None:
        if not self._questions:
            return
        began = self._clock()
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
        self._pace.add_pause("sample", self._clock() - began)


def _memory(arithmetic: Arithmetic) -> int:
    if arithmetic.device == "cuda":
        return torch.cuda.memory_reserved()
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
