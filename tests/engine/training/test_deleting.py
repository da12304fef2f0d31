"""Deleting runs: what goes, what stays, and what is refused."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import BurnishError, InputError
from engine.engine import Engine
from engine.jobs.process import ProcessIdentity, identify, write_identity
from engine.serving.registry import Served, Server, server_folder, write_server
from engine.training import deleting
from engine.training.deleting import delete_run, run_size
from engine.training.job import job_text, read_job
from engine.training.runs import run_folders
from tests.engine.training.test_history import RunFiles


@pytest.fixture
def process() -> Iterator[ProcessIdentity]:
    """A process in a session of its own, as launchers start them."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    identity = identify(child.pid)
    assert identity is not None
    yield identity
    child.kill()
    child.communicate()


@pytest.fixture
def run(tmp_path: Path) -> RunFiles:
    files = RunFiles(tmp_path)
    files.belongs_to_a_dead_process()
    (files.folder / "model").mkdir()
    (files.folder / "model" / "model.safetensors").write_bytes(b"w" * 1000)
    return files


def test_a_run_goes_with_all_its_files_and_others_stay(tmp_path: Path, run: RunFiles) -> None:
    other = RunFiles(tmp_path, "other-1")
    size = run_size(run.folder)
    assert size > 1000
    assert delete_run(tmp_path, run.folder.name) == size
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [other.folder.name]
    with pytest.raises(InputError, match="There is no run"):
        delete_run(tmp_path, run.folder.name)


def test_what_a_link_leads_to_stays(tmp_path: Path, run: RunFiles) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "weights").write_bytes(b"k" * 5000)
    (run.folder / "link").symlink_to(kept)
    assert run_size(run.folder) < 5000
    delete_run(tmp_path, run.folder.name)
    assert (kept / "weights").read_bytes() == b"k" * 5000


def test_a_run_behind_a_link_is_not_deleted(tmp_path: Path, run: RunFiles) -> None:
    workspace = tmp_path / "workspace"
    (workspace / "runs").mkdir(parents=True)
    (workspace / "runs" / "linked").symlink_to(run.folder)
    with pytest.raises(InputError, match=f"^linked is a link to {run.folder}; delete that folder by hand"):
        delete_run(workspace, "linked")
    (workspace / "runs" / "linked").unlink()
    (workspace / "runs").rmdir()
    (workspace / "runs").symlink_to(run.folder.parent)
    with pytest.raises(InputError, match="is a link to"):
        delete_run(workspace, run.folder.name)
    assert (run.folder / "model" / "model.safetensors").exists()


@pytest.mark.parametrize("name", ["..", "../runs", ".", ".deleted-x", "runs/x", ""])
def test_a_name_that_is_no_run_is_refused(tmp_path: Path, run: RunFiles, name: str) -> None:
    with pytest.raises(InputError, match="There is no run"):
        delete_run(tmp_path, name)


def test_a_run_at_work_stays(tmp_path: Path, run: RunFiles, process: ProcessIdentity) -> None:
    write_identity(run.folder, process)
    with pytest.raises(InputError, match="is at work; stop or kill it first"):
        delete_run(tmp_path, run.folder.name)
    assert run.folder.is_dir()


def test_a_run_whose_model_is_served_stays(tmp_path: Path, run: RunFiles, process: ProcessIdentity) -> None:
    folder = server_folder(tmp_path, "tuned")
    folder.mkdir(parents=True)
    write_identity(folder, process)
    model = run.folder / "model"
    write_server(Server("tuned", "tuned", folder, model, "", "run", 8401, "vllm", "cpu", 0.0, tmp_path / "scratch"))
    with pytest.raises(InputError, match=r"is served by the tuned server; stop that first"):
        delete_run(tmp_path, run.folder.name)
    assert model.is_dir()


def test_a_run_whose_adapter_is_served_stays(tmp_path: Path, run: RunFiles, process: ProcessIdentity) -> None:
    folder = server_folder(tmp_path, "shared")
    folder.mkdir(parents=True)
    write_identity(folder, process)
    base, adapter = tmp_path / "base", Served(run.folder / "adapter", "", "tuned")
    server = Server("shared", "base", folder, base, "", "base", 8401, "vllm", "cuda", 0.0, tmp_path / "s", adapter)
    write_server(server)
    with pytest.raises(InputError, match=r"is served by the shared server; stop that first"):
        delete_run(tmp_path, run.folder.name)
    assert run.folder.is_dir()


def test_a_run_that_another_one_trains_on_stays(tmp_path: Path, run: RunFiles, process: ProcessIdentity) -> None:
    other = RunFiles(tmp_path, "other-1")
    write_identity(other.folder, process)
    job = replace(read_job(other.folder / "job.toml"), model=f"runs/{run.folder.name}/model")
    (other.folder / "job.toml").write_text(job_text(job))
    with pytest.raises(InputError, match=rf"^other-1 trains the model of {run.folder.name}; let it end first"):
        delete_run(tmp_path, run.folder.name)


def test_an_interrupted_deletion_leaves_no_run_and_is_finished_by_the_next(
    tmp_path: Path, run: RunFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = RunFiles(tmp_path, "other-1")
    other.belongs_to_a_dead_process()

    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(deleting.shutil, "rmtree", interrupted)
        with pytest.raises(KeyboardInterrupt):
            delete_run(tmp_path, run.folder.name)
    assert run_folders(tmp_path) == [other.folder]
    delete_run(tmp_path, "other-1")
    assert list((tmp_path / "runs").iterdir()) == []


def test_the_engine_measures_and_deletes(tmp_path: Path, run: RunFiles) -> None:
    engine = Engine(tmp_path, threading.Event().set)
    engine.start()
    try:
        size = engine.measure_run(run.folder.name).result(300)
        assert engine.delete_run(run.folder.name).result(300) == size
        with pytest.raises(BurnishError):
            engine.delete_run(run.folder.name).result(300)
    finally:
        engine.close()
    assert not run.folder.exists()
