"""Runs in two processes: what they learn together is what one learns alone."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from data.errors import InputError
from engine.jobs.detached import LOG_FILE, launch
from engine.jobs.events import CheckpointSaved, Evaluation, Note, Progress, RunState, Sample, StateChanged
from engine.jobs.process import ProcessIdentity, end_group, identify
from engine.training.check import check_job
from engine.training.checkpoints import whole
from engine.training.control import RunControl
from engine.training.job import MethodSection, ParallelSection, TrainingJob, job_text
from engine.training.processes import environments
from engine.training.row_losses import FILE
from engine.training.runs import JOB_FILE, create_run, request_stop, training_spec, withdraw_stop
from tests.engine.training.conftest import QUESTIONS
from tests.engine.training.jobs import SLOW, Start, of_kind, tiny_job
from tests.tiny import write_rows
from tests.waiting import wait_for


def end_of(run: Path, identity: ProcessIdentity) -> StateChanged:
    """The last word of a run, once all its processes are gone."""
    wait_for(lambda: not identity.group_alive(), seconds=SLOW, what=f"the end of {run.name}")
    return of_kind(run, StateChanged)[-1]


def finished(run: Path, identity: ProcessIdentity) -> Path:
    ended = end_of(run, identity)
    assert ended.state is RunState.FINISHED, (ended, (run / LOG_FILE).read_text())
    return run


def wait_until_running(run: Path) -> None:
    """Wait until a request to stop is one to stop after a step; not for steps, for all nine are over soon."""
    running = lambda: RunState.RUNNING in [event.state for event in of_kind(run, StateChanged)]  # noqa: E731
    wait_for(running, seconds=SLOW, what=f"the training of {run.name}")


def process(run: Path, rank: int) -> int:
    """The pid of one process of a run."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "environ").read_bytes().split(b"\0")
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"RANK={rank}".encode() in told and b"engine.training.worker" in command and str(run).encode() in command:
            return int(entry.name)
    raise AssertionError(f"no process {rank} of {run}")


@pytest.fixture(scope="module")
def job(tiny_model: Path) -> TrainingJob:
    """Of 21 rows that are trained on: in the last batch of an epoch the second process has one less than the first."""
    return tiny_job(
        tiny_model,
        dataset={"held_out_fraction": 0.125},
        training={"batch_size": 4},
        evaluation={"row_losses": "both"},
        checkpoints={"every_steps": 4},
        parallel={"processes": 2},
    )


@pytest.fixture(scope="module")
def endless(job: TrainingJob) -> TrainingJob:
    """The same job, at work for as long as it takes to kill it."""
    return replace(job, training=replace(job.training, epochs=9000.0))


@pytest.fixture(scope="module")
def alone(job: TrainingJob, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process leaves of the same job, with batches as large as those of both."""
    workspace = tmp_path_factory.mktemp("alone")
    write_rows(workspace / "data.jsonl", QUESTIONS)
    training = replace(job.training, batch_size=8)
    run = create_run(workspace, replace(job, training=training, parallel=ParallelSection()))
    return finished(run, launch(training_spec(run)))


def assert_same_course(run: Path, alone: Path) -> None:
    """The curve, the evaluations, the counts and the weights are those of the run in one process."""
    mine, theirs = of_kind(run, Progress), of_kind(alone, Progress)
    for what, tolerance in (("step", 0), ("tokens", 0), ("target_tokens", 0), ("loss", 1e-4), ("grad_norm", 1e-3)):
        numbers = [getattr(event, what) for event in theirs]
        assert [getattr(event, what) for event in mine] == pytest.approx(numbers, rel=tolerance), what
    mine, theirs = (load_file(each / "model/model.safetensors") for each in (run, alone))
    assert mine.keys() == theirs.keys()
    for name, weight in theirs.items():
        torch.testing.assert_close(mine[name].float(), weight.float(), rtol=2e-2, atol=2e-3, msg=name)


def losses_of_rows(run: Path) -> list[float]:
    rows = [json.loads(line) for line in (run / FILE).read_text().splitlines()]
    return [row[arm] for row in rows for arm in ("base", "tuned")]


def test_two_processes_learn_what_one_learns(start: Start, job: TrainingJob, alone: Path) -> None:
    run = finished(*start(job))
    assert_same_course(run, alone)
    for one, two in zip(of_kind(run, Evaluation), of_kind(alone, Evaluation), strict=True):
        assert (one.step, one.rows, one.loss) == (two.step, 3, pytest.approx(two.loss, rel=1e-4))
    assert [event.answer for event in of_kind(run, Sample)] == [event.answer for event in of_kind(alone, Sample)]
    assert len(losses_of_rows(run)) == 2 * len(QUESTIONS)
    assert losses_of_rows(run) == pytest.approx(losses_of_rows(alone), rel=1e-2)


def test_all_stop_at_one_step_and_go_on_from_there(start: Start, job: TrainingJob, alone: Path) -> None:
    run, identity = start(job)
    loading = "loading the training libraries"
    wait_for(lambda: loading in [note.text for note in of_kind(run, Note)], seconds=SLOW, what="all processes")
    second = process(run, 1)
    wait_until_running(run)
    # Asked of the second process alone, which agrees with the first.
    os.kill(second, signal.SIGTERM)
    assert end_of(run, identity).state is RunState.STOPPED
    (saved,) = (event for event in of_kind(run, CheckpointSaved) if event.path.startswith("checkpoints/"))
    assert saved.step == len(of_kind(run, Progress)) < len(of_kind(alone, Progress))
    assert whole(run / saved.path)
    assert finished(run, launch(training_spec(run)))
    assert_same_course(run, alone)


def test_a_process_that_is_killed_ends_the_others(start: Start, endless: TrainingJob) -> None:
    run, identity = start(endless)
    wait_for(lambda: of_kind(run, Progress), seconds=SLOW, what="a step")
    os.kill(process(run, 1), signal.SIGKILL)
    ended = end_of(run, identity)
    assert ended.state is RunState.FAILED
    assert ended.reason == "Process 1: it was ended by SIGKILL."


def test_killing_a_run_ends_every_process(start: Start, endless: TrainingJob) -> None:
    run, identity = start(endless)
    wait_for(lambda: of_kind(run, Progress), seconds=SLOW, what="a step")
    pids = [process(run, 0), process(run, 1)]
    end_group(identity, grace_seconds=0)
    assert not identity.group_alive()
    assert not any(identify(pid) for pid in pids)


def test_what_the_processes_of_the_second_machine_are_told() -> None:
    parallel = ParallelSection(processes=2, machines=2, address="[fe80::1]:29500")
    told = environments(parallel, machine=1, processors=8)
    assert [(each["RANK"], each["LOCAL_RANK"], each["WORLD_SIZE"]) for each in told] == [
        ("2", "0", "4"),
        ("3", "1", "4"),
    ]
    assert {(each["MASTER_ADDR"], each["MASTER_PORT"]) for each in told} == {("fe80::1", "29500")}


def test_each_machine_has_a_log_of_its_own(workspace: Path, job: TrainingJob) -> None:
    run = create_run(workspace, job)
    first, second = training_spec(run), training_spec(run, machine=1)
    assert (first.folder, second.folder) == (run, run / "machine-1")
    assert first.command[1:] == ("-m", "engine.training.processes", str(run))
    assert second.command[1:] == ("-m", "engine.training.processes", str(run), "1")


def test_a_model_that_is_shared_out_learns_the_same(start: Start, job: TrainingJob, alone: Path) -> None:
    run, identity = start(replace(job, parallel=ParallelSection(processes=2, sharding="fsdp")))
    wait_until_running(run)
    request_stop(run)
    assert end_of(run, identity).state is RunState.STOPPED, (run / LOG_FILE).read_text()
    assert 0 < len(of_kind(run, Progress)) < len(of_kind(alone, Progress))
    withdraw_stop(run)
    finished(run, launch(training_spec(run)))
    assert_same_course(run, alone)
    # A run that is stopped at a step asks nothing there any more; whatever it asks is answered the same.
    asked = {(event.step, event.question): event.answer for event in of_kind(alone, Sample)}
    answers = {(event.step, event.question): event.answer for event in of_kind(run, Sample)}
    assert answers.items() <= asked.items()
    assert max(answers) == max(asked)
    assert losses_of_rows(run) == pytest.approx(losses_of_rows(alone), rel=1e-2)


def test_a_machine_takes_part_in_a_run_that_is_there(workspace: Path, job: TrainingJob) -> None:
    control = RunControl(workspace)
    two = replace(job, parallel=ParallelSection(machines=2, address="127.0.0.1:29500"))
    run = create_run(workspace, two)
    with pytest.raises(InputError, match=r"tiny-001 has 2 machines, so 2 is none of the others"):
        control.take_part(run / JOB_FILE, 2)
    lone = workspace / JOB_FILE
    lone.write_text(job_text(two))
    with pytest.raises(InputError, match=r"is not the job file of a run; give the one in runs/RUN"):
        control.take_part(lone, 1)


def test_only_some_methods_are_shared_out(workspace: Path, job: TrainingJob) -> None:
    full = replace(job, method=MethodSection("full"), parallel=ParallelSection(processes=2, sharding="fsdp"))
    with pytest.raises(InputError, match=r"does not go with full; choose one of lora, rslora, lora-plus"):
        check_job(full, workspace)
