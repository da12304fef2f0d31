"""One training run from its rows to the model it leaves (worker side)."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from peft import PeftModel
from transformers import PreTrainedTokenizerFast
from transformers.utils import logging

from data.errors import BurnishError
from data.formats.conversation import Conversation
from data.templates import CONTINUED, Template, chosen_template, conversation
from data.wording import counted
from engine.hardware.gemm import gemm_rate
from engine.jobs.events import CheckpointSaved, Event, Note, Resumed, RunState, StateChanged, Warned
from engine.models.weights import read_weights
from engine.training.allocator import cap_allocator
from engine.training.check import plan_sizes
from engine.training.checkpoints import checkpoint_of, latest_checkpoint, set_aside, size_of, step_of
from engine.training.counting import epochs_of, nothing_left, require_context, require_optimizer
from engine.training.examples import Examples
from engine.training.job import TrainingJob
from engine.training.layout import choose_layout, use_layout
from engine.training.loading import (
    Arithmetic,
    choose_arithmetic,
    is_sharded,
    load_base,
    load_model,
)
from engine.training.memory import forecast, likely_longest, require_memory
from engine.training.methods.registry import method_of
from engine.training.monitor import Monitor, Question, Rhythms
from engine.training.parallel import anyone, barrier, from_main, is_main, world_size
from engine.training.plan import Rhythm, count_steps, steps_an_epoch
from engine.training.record import write_record
from engine.training.resuming import CheckpointError, Resumption, find_resumption
from engine.training.room import present_size, require_start
from engine.training.row_losses import places_of
from engine.training.row_measurement import MeasuredPart, RowMeasurement, arms_of
from engine.training.rows import Rows, first_turns, load_rows, reference_for
from engine.training.saved_prompt import saved_prompt_fault
from engine.training.saving import save_tuned
from engine.training.standing import not_falling
from engine.training.stopping import StopRequest
from engine.training.tokenised import reading_of, tokenised
from engine.training.trainer import CompletionTrainer
from engine.training.utilisation import Utilisation, arithmetics_of

_SAMPLES = 2
"""Questions answered during the run when the job names none."""
_WORDS = 12
"""Words of a text that its continuation begins with."""


def train(
    job: TrainingJob,
    workspace: Path,
    run_folder: Path,
    model_directory: Path,
    report: Callable[[Event], None],
    stop: StopRequest,
) -> StateChanged:
    """Train and save; gives the state that the run ended in. A checkpoint that cannot be loaded is passed over.

    Raises BurnishError for what a person can mend, and whatever torch or the disk raise.
    """
    while True:
        try:
            return _attempt(job, workspace, run_folder, model_directory, report, stop)
        except CheckpointError as error:
            if world_size() > 1:
                # The others may have loaded it, and wait for this process by now.
                raise BurnishError(f"{error}; delete it, and resume the run from the one before.") from error
            set_aside(error.checkpoint)
            older = latest_checkpoint(run_folder)
            rest = f"goes on from step {step_of(older)}" if older else "starts over"
            report(Warned(f"{error}; the run {rest}."))
        gc.collect()


def _attempt(
    job: TrainingJob,
    workspace: Path,
    run_folder: Path,
    model_directory: Path,
    report: Callable[[Event], None],
    stop: StopRequest,
) -> StateChanged:
    logging.disable_progress_bar()
    arithmetic = choose_arithmetic(job.training.precision)
    rows = load_rows(job.dataset, workspace, job.stage)
    template = chosen_template(job.template, model_directory, workspace)
    require_context(model_directory, job.training.max_length)
    require_optimizer(job, gpu=arithmetic.device == "cuda")
    sizes = plan_sizes(model_directory, job.method)
    require_start(run_folder, job, sizes, present=present_size(run_folder))
    require_memory(forecast(job, model_directory, likely_longest(rows.train)), job)
    cap_allocator(job, arithmetic)
    # One finds out for all: the others might look when the record of this start is there already.
    resumption = from_main(lambda: find_resumption(run_folder, rows.files))
    if is_main():
        write_record(run_folder, model_directory, rows.files, arithmetic)

    report(Note(f"loading the model {model_directory.name}"))
    model = load_model(model_directory, job.method, arithmetic, sharded=job.parallel.sharding == "fsdp")
    special_ids = {name: getattr(model.config, name, None) for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    report(Note(f"tokenising {len(rows.train) + len(rows.held_out)} rows"))
    examples = tokenised(template, rows.train, reading_of(job))
    held_out = tokenised(template, rows.held_out, reading_of(job))
    # The pieces of a long text are no rows of a file.
    arms = arms_of(job.evaluation, len(examples) + len(held_out)) if job.stage == "instruction" else ()
    # Rows are known by their bytes as they are now: the file may be edited while the run goes.
    parts = _parts(rows, examples, held_out) if arms else None
    for sentence in _warnings(job, rows, examples, held_out, template):
        report(Warned(sentence))
    if not len(examples):
        raise nothing_left(job)

    longest = max(examples.lengths + held_out.lengths)
    tokenizer = _tokenizer(template, model_directory)
    assert isinstance(tokenizer.pad_token_id, int)
    collator = choose_layout(model, longest, arithmetic, job, tokenizer.pad_token_id)
    epochs = epochs_of(rows, examples.lengths, examples.places, job)
    trainer = CompletionTrainer(model, tokenizer, examples, epochs, collator, job, run_folder, arithmetic)
    trainer.sizes = sizes
    steps = count_steps(len(epochs), job.training, world_size())
    rhythms = _rhythms(job, steps, steps_an_epoch(len(epochs), job.training, world_size()))
    questions = _questions(job, rows)
    # Text is gone on with as it stands: a prompt has no turns.
    asking = template if job.stage == "instruction" else template.with_source(CONTINUED, template.name)
    monitor = Monitor(trainer, report, asking, arithmetic, stop, rhythms, held_out, questions)
    monitor.utilisation = _utilisation(trainer.model, model_directory, arithmetic)
    trainer.add_callback(monitor)
    if stop.made():
        learnt = "nothing was learnt" if resumption is None else "what was saved before stays"
        return StateChanged(RunState.STOPPED, f"stopped by you before the first step; {learnt}.")
    if resumption is not None:
        _require_everywhere(resumption)
        report(Resumed(resumption.step))
    report(StateChanged(RunState.RUNNING))
    if resumption is None or resumption.checkpoint is None:
        trainer.train()
    else:
        trainer.go_on(resumption.checkpoint, steps)

    step = trainer.state.global_step
    ending = monitor.ending
    if ending is None and step < steps:
        ending = not_falling(step, trainer.standing, job.evaluation.stop_after)
    tuned_step = _take_best(trainer, report) if job.checkpoints.best == "use" else None
    tuned = trainer.model
    assert tuned is not None
    report(Note("saving the model"))
    for name, value in special_ids.items():
        # The Trainer replaces them by the tokenizer's; a model may know more ends than its tokenizer.
        setattr(tuned.config, name, value)
    saved = save_tuned(tuned, model_directory, template, job.method, arithmetic, run_folder, sizes)
    barrier()
    if job.stage == "instruction" and is_main():
        asked = [conversation(question.text, system=question.system) for question in questions]
        if (fault := saved_prompt_fault(saved.folder, template, asked)) is not None:
            report(Warned(fault))
    best = tuned_step is not None
    tuned_step = step if tuned_step is None else tuned_step
    report(CheckpointSaved(tuned_step, saved.folder.name, size_of(saved.folder), final=True, best=best))
    state, reason = (ending.state, ending.words) if ending else (RunState.FINISHED, f"all {step} steps done")
    if best:
        reason += f"; the tuned model is that of step {tuned_step} (held-out loss {trainer.standing.best_loss:.3f})"
    elif ending is None:
        reason += "; the tuned model is saved"
    ended = StateChanged(state, f"{reason}.")
    if parts is None or state is not RunState.FINISHED:
        return ended

    report(StateChanged(RunState.MEASURING, "The tuned model is saved; measuring the loss of each row."))
    _, held_out_part = parts
    held_out_part.known("tuned", monitor.held_out_losses.get(tuned_step))
    if method_of(job.method).merged:
        # Vectors before the prompt change the model before they have learnt anything.
        held_out_part.known("base", monitor.held_out_losses.get(0))
    measurement = RowMeasurement(run_folder, parts, monitor.pad, arithmetic, report, stop)
    # What training held beside the weights is not needed any more, and then not even these.
    del trainer, monitor, tuned, model
    try:
        use_layout(saved.model, collator, longest, arithmetic)
        measurement.measure("tuned", saved.model, job.training.batch_size)
        # A model that is shared out stays, and is its own base without the adapter.
        base = saved.model if is_sharded(saved.model) else None
        del saved
        gc.collect()
        if "base" in arms and not stop.made():
            if base is None:
                base = load_base(model_directory, job.method, arithmetic)
                use_layout(base, collator, longest, arithmetic)
            with base.disable_adapter() if is_sharded(base) else nullcontext():
                measurement.measure("base", base, job.training.batch_size)
        measurement.finish()
    except (BurnishError, OSError, RuntimeError, MemoryError) as error:
        report(Warned(f"Not every row could be measured: {error}"))
    return replace(ended, t=time.time())


def _take_best(trainer: CompletionTrainer, report: Callable[[Event], None]) -> int | None:
    """Give the trainer the weights with the lowest held-out loss; gives their step, None when there are none."""
    best, step = trainer.standing.kept_step, trainer.state.global_step
    if best is None or best == step:
        return best
    try:
        trainer.take_weights(checkpoint_of(trainer.run_folder, best))
    except CheckpointError as error:
        report(Warned(f"{error}; the tuned model is that of the last step."))
        trainer.take_weights(checkpoint_of(trainer.run_folder, step))
        return None
    return best


def _require_everywhere(resumption: Resumption) -> None:
    checkpoint = resumption.checkpoint
    if checkpoint is not None and anyone(not checkpoint.is_dir()):
        raise BurnishError(
            f"Not every machine of this run has {checkpoint.name}; copy the run's folder from the first machine to the "
            "others, or keep the workspace where all of them see it.",
            title="Run not resumed",
        )


def _utilisation(model: Any, directory: Path, arithmetic: Arithmetic) -> Utilisation | None:
    trained = sum(each.numel() for each in model.parameters() if each.requires_grad)
    arithmetics = arithmetics_of(read_weights(directory), trained, adapter=isinstance(model, PeftModel))
    rate = from_main(lambda: gemm_rate(arithmetic.device, "bf16" if arithmetic.bf16 else "fp32"))
    return arithmetics and Utilisation(arithmetics, world_size() * rate)


def _parts(rows: Rows, examples: Examples, held_out: Examples) -> tuple[MeasuredPart, MeasuredPart]:
    """What is trained on and what is held out, with the places of the rows in their files as those are now."""
    train = [place for source in rows.sources for place in places_of(source.path, source.rows, "train")]
    other = places_of(rows.held_out_path, rows.held_out, "held-out")
    return (
        MeasuredPart(examples, [train[place] for place in examples.places]),
        MeasuredPart(held_out, [other[place] for place in held_out.places]),
    )


def _rhythms(job: TrainingJob, steps: int, epoch: int) -> Rhythms:
    return Rhythms(
        evaluate=Rhythm(job.evaluation.every_steps or epoch, steps),
        sample=Rhythm(job.samples.every_steps or epoch, steps),
        save=Rhythm(job.checkpoints.every_steps, steps),
    )


def _questions(job: TrainingJob, rows: Rows) -> list[Question]:
    """The job's sample questions with the dataset's answers, or the first questions of the dataset.

    For plain text they are beginnings: those of the job, or the first words of the first texts.
    """
    named = job.samples.questions
    if job.stage == "text":
        firsts = [_beginning(first_turns(row)[0]) for row in (rows.held_out or rows.train)[:_SAMPLES]]
        return [Question(text) for text in named] or firsts
    everything = [*rows.train, *rows.held_out]
    if not named:
        return [_question(first_turns(row)[0], row) for row in rows.train[:_SAMPLES]]
    return [_question(text, reference_for(text, everything)) for text in named]


def _question(text: str, row: Conversation | None) -> Question:
    return Question(text, first_turns(row)[1], row.system) if row else Question(text)


def _beginning(text: str) -> Question:
    """The first words of a text, and the words that follow."""
    words = text.split()
    return Question(" ".join(words[:_WORDS]), " ".join(words[_WORDS : 3 * _WORDS]))


def _tokenizer(template: Template, directory: Path) -> PreTrainedTokenizerFast:
    """What TRL asks for; it only takes the padding token from it, since rows come tokenised."""
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(directory / "tokenizer.json"), **template.special_tokens)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.convert_ids_to_tokens(0)
    return tokenizer


def _warnings(job: TrainingJob, rows: Rows, examples: Examples, held_out: Examples, template: Template) -> list[str]:
    found: list[str] = []
    both, limit = (examples, held_out), job.training.max_length
    found += [f"{sentence}; the run goes on without them." for sentence in rows.unusable]
    if rows.withdrawn:
        found.append(f"{_rows_are(rows.withdrawn)} not trained on because the same question is held out.")
    if cut := sum(each.cut for each in both):
        found.append(f"{_rows_are(cut)} longer than {limit} tokens; what is beyond is not trained on.")
    if dropped := sum(each.dropped for each in both):
        found.append(f"{_rows_are(dropped)} left out because the question alone is longer than {limit} tokens.")
    if examples.endless:
        found.append("The chat template does not mark the end of an answer, so the model may not learn to stop.")
    if not template.own and not job.template and job.stage == "instruction":
        found.append("The model has no chat template of its own; it is trained with Alpaca's.")
    return found


def _rows_are(count: int) -> str:
    return f"{counted(count)} {'is' if count == 1 else 'are'}"
