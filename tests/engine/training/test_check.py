"""A job is looked at before anything is started, without loading torch."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from data.errors import BurnishError, InputError
from engine.training.check import check_job, plan_sizes
from engine.training.failures import sentence_for
from engine.training.job import MethodSection, job_text
from engine.training.room import require_disk
from tests.engine.training.jobs import tiny_job


class Usage(NamedTuple):
    """As shutil.disk_usage gives it."""

    total: int
    used: int
    free: int


def test_the_plan_counts_rows_and_steps(workspace: Path, tiny_model: Path) -> None:
    job = tiny_job(tiny_model)
    plan = check_job(job, workspace)
    assert (plan.rows, plan.held_out_rows, plan.steps, plan.units, plan.estimated) == (24, 0, 9, 24, False)
    job = tiny_job(tiny_model, dataset={"held_out_fraction": 0.25}, training={"batch_size": 4})
    plan = check_job(job, workspace)
    assert (plan.rows, plan.held_out_rows, plan.steps) == (18, 6, 15)


def test_a_model_directory_may_be_relative_to_the_workspace(workspace: Path, tiny_model: Path) -> None:
    shutil.copytree(tiny_model, workspace / "models" / "mine")
    assert check_job(replace(tiny_job(tiny_model), model="models/mine"), workspace).rows == 24


def test_what_cannot_be_run_is_one_sentence(workspace: Path, tiny_model: Path) -> None:
    broken = workspace / "broken"
    shutil.copytree(tiny_model, broken)
    with (broken / "model.safetensors").open("r+b") as file:
        file.truncate(1000)
    cases = {
        "nowhere": r"no model 'nowhere'; give smollm2-135m-instruct, a directory, or a hub id",
        "./nowhere": r"There is no model directory .*nowhere\.$",
        str(workspace): r"has no config\.json; choose a complete one\.$",
        str(broken): r"model\.safetensors is not (complete|a safetensors file); download the model again\.$",
    }
    for model, sentence in cases.items():
        with pytest.raises(InputError, match=sentence):
            check_job(replace(tiny_job(tiny_model), model=model), workspace)
    (broken / "model.safetensors").unlink()
    with pytest.raises(InputError, match=r"has no weights \(\*\.safetensors\); choose a complete one\.$"):
        check_job(replace(tiny_job(tiny_model), model=str(broken)), workspace)


def test_a_full_disk_is_noticed_before_the_start(
    workspace: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = tiny_job(tiny_model)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(1 << 40, 1 << 40, 1 << 20))
    sentence = r"The disk is too full for the run's checkpoints and model in .*: 64 MiB are needed and 1\.0 MiB are"
    with pytest.raises(BurnishError, match=sentence):
        check_job(job, workspace)


def test_room_is_measured_on_the_real_disk(tmp_path: Path) -> None:
    require_disk(tmp_path, 1, "a byte")
    with pytest.raises(BurnishError, match="too full for an exabyte"):
        require_disk(tmp_path, 1 << 60, "an exabyte")


def test_sizes_are_those_of_the_weights(tiny_model: Path) -> None:
    from transformers import AutoModelForCausalLM

    full = MethodSection(kind="full")
    model = AutoModelForCausalLM.from_pretrained(tiny_model)
    parameters = sum(weight.numel() for weight in model.parameters())
    assert plan_sizes(tiny_model, full).model == 2 * parameters
    assert plan_sizes(tiny_model, full).trained == 4 * parameters


def test_checking_loads_no_torch(workspace: Path, tiny_model: Path) -> None:
    (workspace / "job.toml").write_text(job_text(tiny_job(tiny_model)))
    code = (
        "import sys; from pathlib import Path; from engine.training.check import check_job; "
        "from engine.training.job import read_job; import engine.training.runs, engine.models.resolve; "
        f"check_job(read_job(Path({str(workspace / 'job.toml')!r})), Path({str(workspace)!r})); "
        "print([name for name in ('torch', 'transformers', 'trl', 'peft', 'numpy', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_end_of_a_run_has_its_sentence(tmp_path: Path) -> None:
    full = "The disk is too full for what this run writes"
    memory = "There was not enough memory; lower training.batch_size"
    cases: list[tuple[Exception, str]] = [
        (InputError("The file is gone."), "The file is gone."),
        (OSError(28, "No space left on device"), full),
        (RuntimeError("Error while serializing: I/O error: No space left on device (os error 28)"), full),
        (RuntimeError("[enforce fail at inline_container.cc:664] . unexpected pos 64 vs 0"), full),
        (MemoryError(), memory),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."), memory),
        (RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB"), memory),
        (PermissionError(13, "Permission denied", "/x/y"), "A file could not be read or written: Permission denied"),
        (ValueError("first line\nsecond line"), "Training failed: ValueError: first line; the details are in log.txt."),
        (ValueError(), "Training failed: ValueError: no message; the details are in log.txt."),
    ]
    for error, sentence in cases:
        found = sentence_for(error, tmp_path)
        assert found.startswith(sentence)
        assert found.endswith(".")
        assert "\n" not in found
