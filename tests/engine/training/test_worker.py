"""The training process itself: what it leaves when it finishes, is stopped, or fails."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from data.templates import Template, conversation
from engine.jobs.events import CheckpointSaved, Evaluation, Progress, RunState, Sample, StateChanged
from engine.jobs.process import ProcessIdentity
from engine.training.checkpoints import checkpoints, whole
from engine.training.job import TrainingJob, read_job
from engine.training.runs import create_run, request_stop, served_model, training_spec
from tests.engine.training.conftest import QUESTIONS
from tests.engine.training.jobs import QUIET, SLOW, Start, events, of_kind, tiny_job
from tests.waiting import wait_for


def states(run: Path) -> list[RunState]:
    """The states a run went through."""
    return [event.state for event in of_kind(run, StateChanged)]


def wait_until_ended(run: Path, identity: ProcessIdentity) -> StateChanged:
    """The last word of a run, once its process is gone."""
    wait_for(lambda: not identity.group_alive(), seconds=SLOW, what=f"the end of {run.name}")
    return of_kind(run, StateChanged)[-1]


def wait_for_steps(run: Path, steps: int) -> None:
    """Wait until so many steps are reported."""
    wait_for(lambda: len(of_kind(run, Progress)) >= steps, seconds=SLOW, what=f"{steps} steps of {run.name}")


def test_an_adapter_is_trained_reported_and_left_to_be_served(start: Start, tiny_model: Path) -> None:
    job = tiny_job(
        tiny_model,
        dataset={"held_out_fraction": 0.25},
        training={"epochs": 8.0, "precision": "auto"},
        samples={"questions": ("how fast is the chip number 4?", "Who?")},
        checkpoints={"every_steps": 10, "keep": 1},
    )
    run, identity = start(job)
    ended = wait_until_ended(run, identity)
    assert ended.state is RunState.FINISHED, (ended, (run / "log.txt").read_text())
    assert states(run) == [RunState.STARTING, RunState.RUNNING, RunState.MEASURING, RunState.FINISHED]

    progress = of_kind(run, Progress)
    assert [event.step for event in progress] == list(range(1, 25))
    assert {event.total_steps for event in progress} == {24}
    assert progress[-1].loss < progress[0].loss - 0.2
    assert progress[-1].epoch == 8.0
    for before, event in pairwise(progress):
        assert event.tokens > before.tokens
        # What the rows of a batch begin with is computed once, and nothing is padded.
        assert event.tokens > event.padded_tokens > event.target_tokens > before.target_tokens
        assert event.rows > before.rows
        assert event.tokens_per_second > 0
        assert event.grad_norm > 0
        assert event.eta_seconds is not None
    assert progress[-1].eta_seconds is not None
    assert max(event.learning_rate for event in progress) == pytest.approx(0.02, rel=0.1)
    assert progress[0].memory_bytes > 50 << 20

    evaluations = of_kind(run, Evaluation)
    assert [event.step for event in evaluations] == [0, *range(3, 25, 3)]
    assert {event.rows for event in evaluations} == {6}
    assert evaluations[-1].loss < evaluations[0].loss
    samples = of_kind(run, Sample)
    assert [event.step for event in samples[::2]] == [0, *range(3, 25, 3)]
    assert (samples[0].question, samples[0].reference) == ("how fast is the chip number 4?", "4 MHz.")
    assert (samples[1].question, samples[1].reference) == ("Who?", "")

    saved = of_kind(run, CheckpointSaved)
    assert [(event.step, event.path, event.final) for event in saved] == [
        (10, "checkpoints/checkpoint-10", False),
        (20, "checkpoints/checkpoint-20", False),
        (24, "checkpoints/checkpoint-24", False),
        (24, "model", True),
    ]
    assert [path.name for path in checkpoints(run)] == ["checkpoint-24"]
    assert sorted(path.name for path in (run / "checkpoints").iterdir()) == ["checkpoint-24"]

    record = json.loads((run / "env.json").read_text())
    assert record["packages"]["torch"]
    assert record["datasets"][str(run.parent.parent / "data.jsonl")]["sha256"]
    assert record["boot_id"] == identity.boot_id
    assert "step 24/24 · epoch 8.00 · loss" in (run / "log.txt").read_text()
    check_served(run, tiny_model, job)


def check_served(run: Path, base: Path, job: TrainingJob) -> None:
    """The model is loadable, is what the adapter makes of the base, and has the base's tokenizer and template."""
    folder = run / "model"
    assert served_model(run) == folder
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"):
        assert (folder / name).read_bytes() == (base / name).read_bytes()
        assert (run / "adapter" / name).read_bytes() == (base / name).read_bytes()
    merged = AutoModelForCausalLM.from_pretrained(folder, dtype="auto")
    assert merged.dtype == torch.bfloat16
    assert merged.config.use_cache
    assert merged.config.eos_token_id == AutoModelForCausalLM.from_pretrained(base).config.eos_token_id
    original = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    turns = conversation(QUESTIONS[0][0])
    prompt = list(Template.from_model(folder).encode(turns, add_generation_prompt=True).token_ids)
    theirs = AutoTokenizer.from_pretrained(folder)
    assert theirs.apply_chat_template(list(turns), add_generation_prompt=True, return_dict=False) == prompt
    ids = torch.tensor([prompt])
    with torch.no_grad():
        untuned = original(ids).logits
        adapted = PeftModel.from_pretrained(original, run / "adapter")(ids).logits
        tuned = merged.float()(ids).logits
    assert (tuned - adapted).abs().max() < 0.1 * (tuned - untuned).abs().max()


def test_a_full_run_survives_its_terminal_and_stops_when_asked(start: Start, tiny_model: Path) -> None:
    run, identity = start(tiny_job(tiny_model, method={"kind": "full"}, training={"epochs": 5000.0}))
    wait_for_steps(run, 3)
    os.kill(identity.pid, signal.SIGHUP)
    done = len(of_kind(run, Progress))
    wait_for_steps(run, done + 3)
    request_stop(run)
    ended = wait_until_ended(run, identity)
    step = of_kind(run, Progress)[-1].step
    assert ended == StateChanged(RunState.STOPPED, f"stopped by you at step {step}; checkpoint saved.", t=ended.t)
    assert states(run)[-2:] == [RunState.STOPPING, RunState.STOPPED]
    saved = of_kind(run, CheckpointSaved)
    assert [(event.step, event.path, event.final) for event in saved] == [
        (step, f"checkpoints/checkpoint-{step}", False),
        (step, "model", True),
    ]
    assert whole(run / "checkpoints" / f"checkpoint-{step}")
    assert served_model(run) == run / "model"
    assert not (run / "adapter").exists()
    last = of_kind(run, Progress)[-1]
    assert last.eta_seconds is not None
    assert last.eta_seconds > 1
    assert math.isfinite(last.loss)


def test_termination_is_a_stop_with_everything_saved(start: Start, tiny_model: Path) -> None:
    run, identity = start(tiny_job(tiny_model, training={"epochs": 5000.0}))
    wait_for_steps(run, 2)
    os.kill(identity.pid, signal.SIGTERM)
    ended = wait_until_ended(run, identity)
    assert ended.state is RunState.STOPPED
    assert ended.reason.startswith("stopped by a signal, as at a shutdown, at step ")
    assert len(checkpoints(run)) == 1
    assert served_model(run) is not None


def run_worker(workspace: Path, job: TrainingJob) -> tuple[int, Path]:
    """Run a job to its end in the foreground; gives the exit code and the run's folder."""
    run = create_run(workspace, job)
    with (run / "log.txt").open("wb") as log:
        done = subprocess.run(training_spec(run).command, stdout=log, stderr=log, cwd=run, timeout=SLOW, check=False)
    return done.returncode, run


def test_a_failure_is_one_sentence_and_the_log_has_the_rest(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(tiny_model)
    (workspace / "data.jsonl").write_text('{"instruction": "How fast?", "output": ""}\n')
    code, run = run_worker(workspace, job)
    assert code == 1
    (starting, failed) = events(run)
    assert isinstance(starting, StateChanged)
    assert isinstance(failed, StateChanged)
    assert failed.state is RunState.FAILED
    assert failed.reason.startswith("data.jsonl, row 1 has no output")
    assert "Traceback" not in failed.reason
    assert "Traceback" in (run / "log.txt").read_text()
    assert read_job(run / "job.toml") == job


def test_an_exploding_loss_pauses_the_run_with_a_reason(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(
        tiny_model,
        method={"kind": "full"},
        training={"learning_rate": 0.999, "max_grad_norm": 1e30, "epochs": 400.0, "schedule": "constant"},
        **QUIET,
    )
    # Weights at the edge of what bf16 can hold: the first products are infinite.
    broken = workspace / "broken"
    shutil.copytree(tiny_model, broken)
    weights = load_file(broken / "model.safetensors")
    save_file(
        {name: torch.full_like(value, 3e38) for name, value in weights.items()},
        broken / "model.safetensors",
        metadata={"format": "pt"},
    )
    code, run = run_worker(workspace, replace(job, model=str(broken)))
    assert code == 1
    paused = of_kind(run, StateChanged)[-1]
    assert paused.state is RunState.PAUSED
    # The loss of this step is a number yet; the weights that the step made are none.
    sentence = "The gradient became nan at step 1; lower training.learning_rate (it was 0.999) and start again."
    assert paused.reason == sentence
    assert not checkpoints(run)
    assert math.isnan(of_kind(run, Progress)[-1].grad_norm)
