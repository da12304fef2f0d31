"""What stops a run for a while: a full disk, a checkpoint that cannot be loaded, too little memory."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from transformers.trainer import TRAINER_STATE_NAME

from data.errors import BurnishError
from engine.jobs.events import CheckpointSaved, Event, Progress, Resumed, RunState, StateChanged, Warned
from engine.training import room
from engine.training.checkpoints import COUNTS_FILE, FOLDER, PARTIAL, checkpoints, seal, whole
from engine.training.control import RunControl
from engine.training.failures import PauseError, ending_for
from engine.training.history import RunHistory
from engine.training.resuming import CheckpointError, loading
from engine.training.room import disk_full
from engine.training.runs import at_work
from tests.engine.training.conftest import QUESTIONS
from tests.engine.training.jobs import QUIET, of_kind, tiny_job
from tests.engine.training.test_resuming import JOB, Attempts, at_step, equal, figures
from tests.tiny import write_rows
from tests.waiting import wait_for


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A workspace on a disk of 100 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    write_rows(folder / "data.jsonl", QUESTIONS)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path, rest: int) -> Path:
    """Leave so many bytes on the disk."""
    path = folder / "filler"
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    with path.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free - rest)
    return path


def test_a_disk_that_is_full_in_the_middle_of_a_save_harms_nothing(
    small_disk: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = tiny_job(tiny_model, **JOB)
    straight, paused = (Attempts(small_disk, job, tiny_model) for _ in range(2))
    straight.start()
    # Nothing is asked before, so that it is the writing that fails.
    monkeypatch.setattr(room, "_SLACK", -(1 << 30))
    fillers: list[Path] = []

    def fill_up(event: Event) -> bool:
        if at_step(6)(event):
            fillers.append(fill(small_disk, 50_000))
        return False

    with pytest.raises(Exception) as raised:  # noqa: PT011 - safetensors, torch and Python each have their own
        paused.start(fill_up)
    half_written = [path.name for path in (paused.folder / FOLDER / PARTIAL).iterdir()]
    ended = ending_for(raised.value, paused.folder)
    assert half_written == ["checkpoint-6"]
    assert ended.state is RunState.PAUSED
    assert "The disk is too full for what this run writes in" in ended.reason
    assert ended.reason.endswith("the run can be resumed from step 4.")
    assert [path.name for path in checkpoints(paused.folder)] == ["checkpoint-2", "checkpoint-4"]
    fillers[0].unlink()
    assert paused.start() is not None
    assert [event.step for event in paused.last(Resumed)] == [4]
    assert figures(paused.last(Progress)) == figures(straight.last(Progress)[4:])
    assert equal(straight.weights(), paused.weights())


def test_a_run_pauses_when_there_is_no_room_for_its_next_checkpoint(small_disk: Path, tiny_model: Path) -> None:
    job = tiny_job(
        tiny_model, training={"epochs": 9000.0}, checkpoints={"every_steps": 2, "keep": 1, "best": "off"}, **QUIET
    )
    control = RunControl(small_disk)
    folder = control.folder(control.start(job))
    try:
        wait_for(lambda: of_kind(folder, CheckpointSaved), what="a checkpoint")
        # Enough for a checkpoint that is being written at this moment, and too little for another one to be begun.
        filler = fill(small_disk, 4 << 20)
        wait_for(lambda: of_kind(folder, StateChanged)[-1].state is RunState.PAUSED, what="the pause")
        said = of_kind(folder, StateChanged)[-1].reason
        [kept] = checkpoints(folder)
        step = int(kept.name.split("-")[1])
        assert said.startswith("The disk is too full for a checkpoint in")
        assert said.endswith(f"free some space and try again: the run can be resumed from step {step}.")
        wait_for(lambda: not at_work(folder), what="the end of the process")
        history = RunHistory(folder)
        while history.refresh():
            continue
        run = history.snapshot()
        assert (run.state, run.resumes_at) == (RunState.PAUSED, step)

        with pytest.raises(BurnishError, match="The disk is too full"):
            control.resume(folder.name)
        filler.unlink()
        assert control.resume(folder.name) == step
        wait_for(lambda: of_kind(folder, Progress)[-1].step > step + 2, what="more steps")
    finally:
        control.kill(folder.name)


def spoil(checkpoint: Path, name: str) -> None:
    """Make a checkpoint fail to load that has every byte where it was."""
    file = checkpoint / name
    content = file.read_bytes()
    if name.endswith(".safetensors"):
        file.write_bytes(content.replace(b'"dtype"', b'"dtypo"'))
    elif name.endswith(".json"):
        file.write_bytes(b" " * len(content))
    else:
        # The directory at the end of the archive stays; what it leads to does not.
        file.write_bytes(bytes(len(content) // 2) + content[len(content) // 2 :])


def test_a_checkpoint_that_cannot_be_loaded_is_passed_over(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(tiny_model, **{**JOB, "checkpoints": {"every_steps": 2, "keep": 2}})
    straight, broken = (Attempts(workspace, job, tiny_model) for _ in range(2))
    straight.start()
    broken.start(at_step(7))
    for name in ("adapter_model.safetensors", "optimizer.pt", "rng_state.pth", TRAINER_STATE_NAME, COUNTS_FILE):
        run = Attempts(workspace, job, tiny_model)
        shutil.copytree(broken.folder, run.folder, dirs_exist_ok=True)
        newest = checkpoints(run.folder)[-1]
        assert newest.name == "checkpoint-6"
        spoil(newest, name)
        assert whole(newest), "it should look good from outside"
        ended = run.start()
        assert ended is not None
        assert ended.state is RunState.FINISHED
        assert [event.step for event in run.last(Resumed)] == [6, 4], name
        [warning] = [event.text for event in run.last(Warned)]
        assert warning.startswith("The checkpoint of step 6 cannot be loaded (")
        assert warning.endswith("); the run goes on from step 4.")
        assert figures(run.last(Progress)) == figures(straight.last(Progress)[4:])
        assert equal(straight.weights(), run.weights())
        # What was set aside is gone with the next checkpoint that is whole.
        left = sorted(path.name for path in (run.folder / FOLDER).iterdir())
        assert left == sorted(path.name for path in (straight.folder / FOLDER).iterdir())


def test_only_what_lies_in_the_files_makes_a_checkpoint_unusable(tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint-3"
    words = r"^The checkpoint of step 3 cannot be loaded \(ValueError: no\)$"
    with pytest.raises(CheckpointError, match=words), loading(checkpoint):
        raise ValueError("no\nmore")
    with pytest.raises(RuntimeError, match="allocate memory"), loading(checkpoint):
        torch.empty(1 << 60, dtype=torch.uint8)


def test_a_torn_file_of_the_listed_size_is_found_by_its_header(tmp_path: Path, tiny_model: Path) -> None:
    partial = tmp_path / FOLDER / PARTIAL / "checkpoint-1"
    partial.mkdir(parents=True)
    weights = (tiny_model / "model.safetensors").read_bytes()
    (partial / "model.safetensors").write_bytes(weights)
    torch.save({"step": torch.zeros(100)}, partial / "optimizer.pt")
    checkpoint = tmp_path / FOLDER / "checkpoint-1"
    seal(partial, checkpoint)
    assert whole(checkpoint)
    for name in ("model.safetensors", "optimizer.pt"):
        content = (checkpoint / name).read_bytes()
        listed = (checkpoint / "complete.json").read_text()
        (checkpoint / name).write_bytes(content[: len(content) // 2])
        sizes = json.loads(listed)
        sizes["files"][name] = len(content) // 2
        (checkpoint / "complete.json").write_text(json.dumps(sizes))
        assert not whole(checkpoint), name
        (checkpoint / name).write_bytes(content)
        (checkpoint / "complete.json").write_text(listed)
    assert whole(checkpoint)


def in_other_words() -> BurnishError:
    try:
        raise BurnishError("counts.json was not written.") from OSError(errno.ENOSPC, "No space left on device")
    except BurnishError as error:
        return error


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), RunState.PAUSED, "too full for what this run writes"),
        (
            RuntimeError("PytorchStreamWriter failed writing file data/3"),
            RunState.PAUSED,
            "the run can start over then",
        ),
        (in_other_words(), RunState.PAUSED, "too full"),
        (disk_full(Path("run"), "a checkpoint"), RunState.PAUSED, "too full for a checkpoint in run"),
        (PauseError("The loss became nan."), RunState.PAUSED, "The loss became nan."),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."), RunState.FAILED, "batch_size"),
        (MemoryError(), RunState.FAILED, "training.max_length"),
        (BurnishError("No such template."), RunState.FAILED, "No such template."),
        (ZeroDivisionError("division by zero"), RunState.FAILED, "Training failed: ZeroDivisionError"),
    ],
)
def test_what_can_be_mended_pauses_and_the_rest_fails(
    tmp_path: Path, error: Exception, state: RunState, words: str
) -> None:
    ended = ending_for(error, tmp_path)
    assert ended.state is state
    assert words in ended.reason
    assert "\n" not in ended.reason
    assert ended.reason.endswith(".")


def test_too_little_memory_is_told_from_the_real_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError) as raised:
        torch.empty(1 << 60, dtype=torch.uint8)
    ended = ending_for(raised.value, tmp_path)
    assert ended.state is RunState.FAILED
    assert ended.reason.startswith("There was not enough memory; lower training.batch_size or training.max_length")
