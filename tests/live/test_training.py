"""The embedded model for real: prepared despite an interruption, tuned, and right afterwards."""

from __future__ import annotations

import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from data.bundled import bundled_path
from data.formats.alpaca import pairs
from data.templates import Template, conversation
from engine.jobs.detached import launch
from engine.jobs.events import Note, Progress, RunState, StateChanged, decode
from engine.models.catalog import SMOLLM2, missing_part, models_folder, prepared
from engine.models.resolve import resolve
from engine.training.answering import answer
from engine.training.job import DatasetSection, HyperparameterSection, SampleSection, TrainingJob
from engine.training.loading import Arithmetic
from engine.training.runs import create_run, served_model, training_spec
from tests.engine.training.jobs import of_kind
from tests.waiting import wait_for

pytestmark = pytest.mark.live

ROWS = 8


def test_an_interrupted_conversion_is_taken_over_by_the_one_that_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    command = [sys.executable, "-m", "engine.models.convert", SMOLLM2.name]
    with (tmp_path / "log").open("wb") as log:
        first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
        assert first.stdout is not None
        # Past the download, in the middle of the work.
        while not any(word in (line := first.stdout.readline()) for word in (b"converting", b"from the model hub")):
            assert line, "the first process ended early"
        # Held there: it must not be done before the second one has found it at work.
        first.send_signal(signal.SIGSTOP)
        second = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
        assert second.stdout is not None
        waiting = decode(second.stdout.readline())
        assert isinstance(waiting, Note)
        assert waiting.text.startswith("waiting for another process")
        assert prepared(SMOLLM2.name) is None
        first.send_signal(signal.SIGKILL)
        said, _ = second.communicate(timeout=1800)
        first.communicate()
    last = decode(said.splitlines()[-1])
    assert isinstance(last, StateChanged)
    assert (last.state, Path(last.reason)) == (RunState.FINISHED, models_folder() / SMOLLM2.name)
    assert missing_part(models_folder() / SMOLLM2.name) is None
    assert prepared(SMOLLM2.name) is not None
    assert not list(models_folder().glob(".*.partial"))


def test_the_real_model_learns_a_few_facts(tmp_path: Path) -> None:
    data = bundled_path("raspberry_pi.jsonl")
    rows = list(islice(pairs(data), ROWS))
    job = TrainingJob(
        dataset=DatasetSection(path=str(data), max_rows=ROWS),
        training=HyperparameterSection(epochs=14.0),
        samples=SampleSection(every_steps=14, questions=(rows[0].question,)),
    )
    resolve(job.model, report=lambda note: None)
    run = create_run(tmp_path, job)
    identity = launch(training_spec(run))
    wait_for(lambda: not identity.group_alive(), seconds=1800, what="the end of the training")
    ended = of_kind(run, StateChanged)[-1]
    assert ended.state is RunState.FINISHED, (ended, (run / "log.txt").read_text())
    last = of_kind(run, Progress)[-1]
    assert last.loss < 0.2
    assert last.tokens > last.target_tokens > 0

    model = served_model(run)
    assert model is not None
    template = Template.from_model(model)
    tuned = AutoModelForCausalLM.from_pretrained(model, dtype=torch.bfloat16)
    arithmetic = Arithmetic("cpu", bf16=True)
    asked = [conversation(row.question) for row in rows]
    answers = answer(tuned, template, asked, arithmetic, pad_id=tuned.config.eos_token_id)
    right = [row.answer == given for row, given in zip(rows, answers, strict=True)]
    assert sum(right) >= ROWS - 2, answers
