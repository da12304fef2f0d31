"""The command line: each mistake is one sentence on stderr and exit code 2, and nothing is made or lost."""

from __future__ import annotations

import json
import os
import shutil
import socket
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.demo.files import copy_demo, demo_job
from engine.jobs.events import RunState, StateChanged
from engine.serving import backend, supervisor
from engine.serving.environment import ServingEnvironment
from engine.serving.registry import list_servers
from engine.training.job import job_text
from tests.engine.training.test_history import RunFiles, step
from tui import cli
from tui.cli import COMMANDS, main

BURNISH = str(Path(sys.executable).with_name("burnish"))


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command that must be refused; gives its one sentence."""
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


def job_file(workspace: Path, **changes: str) -> Path:
    """A job file of the demo, with lines replaced."""
    text = job_text(demo_job())
    for name, value in changes.items():
        text = "\n".join(f"{name} = {value}" if line.startswith(f"{name} =") else line for line in text.split("\n"))
    path = workspace / "job.toml"
    path.write_text(text)
    return path


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    copy_demo(tmp_path)
    return tmp_path


def write_model(folder: Path) -> None:
    """A model directory that is whole, with one small tensor."""
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "llama"}')
    (folder / "tokenizer.json").write_text("{}")
    header = json.dumps({"weight": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(16))


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for name in COMMANDS:
        assert f"burnish {name}" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"burnish {name}" in capsys.readouterr().out


def test_no_such_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "There is no file or folder" in refused(capsys, str(tmp_path / "missing.jsonl"))


def test_no_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "needs a terminal" in refused(capsys, str(tmp_path))


def test_a_dumb_terminal(tmp_path: Path) -> None:
    done = subprocess.run(
        ["script", "-qec", f"{BURNISH} {tmp_path}", "/dev/null"],
        env={**os.environ, "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "TERM is" in done.stdout


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a picture, say\n\x00\x01", "not"),
        ('{"instruction": "How fast?", "input": ""}\n', "have instruction, input"),
        ('{"instruction": "How fast?", "output": "150 MHz."}\n{"instruction": "How big?", "output": ""}\n', "row 2"),
        ("", "no usable rows"),
    ],
)
def test_a_dataset_that_cannot_be_trained_on(
    capsys: pytest.CaptureFixture[str], workspace: Path, content: str, sentence: str
) -> None:
    (workspace / "mine.jsonl").write_text(content)
    said = refused(capsys, "train", str(job_file(workspace, path='"mine.jsonl"')), "-C", str(workspace))
    assert sentence in said
    assert "mine.jsonl" in said
    assert not (workspace / "runs").exists()


def test_a_model_directory_without_weights(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    model = workspace / "model"
    model.mkdir()
    (model / "config.json").write_text('{"model_type": "llama"}')
    job = job_file(workspace, model=f'"{model}"')
    assert "weights" in refused(capsys, "train", str(job), "-C", str(workspace))
    assert "weights" in refused(capsys, "demo", "--headless", "--model", str(model), "-C", str(workspace))
    assert not (workspace / "runs").exists()


def test_a_job_file_with_a_mistake_names_the_right_setting(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    path = workspace / "job.toml"
    path.write_text('[training]\nlearning_rat = 1e-3\n[dataset]\npath = "raspberry_pi.jsonl"\n')
    assert "did you mean training.learning_rate?" in refused(capsys, "train", str(path), "-C", str(workspace))
    assert "There is no job file" in refused(capsys, "train", str(workspace / "no.toml"), "-C", str(workspace))


def test_no_network(workspace: Path) -> None:
    job = job_file(workspace, model='"nobody/nothing-of-this-name"')
    done = subprocess.run(
        [BURNISH, "train", str(job), "-C", str(workspace)],
        # An address where nobody listens: what a machine without a network sees, at once.
        env={**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_CACHE": str(workspace / "hub")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "check the network" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not (workspace / "runs").exists()


def test_a_full_disk(capsys: pytest.CaptureFixture[str], workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = workspace / "model"
    write_model(model)
    # The kernel's answer on a full disk; making one takes root.
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1 << 20))
    said = refused(capsys, "train", str(job_file(workspace, model=f'"{model}"')), "-C", str(workspace))
    assert "too full" in said
    assert not (workspace / "runs").exists()


def test_a_port_in_use(capsys: pytest.CaptureFixture[str], workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = RunFiles(workspace)
    for folder in (files.folder / "model", workspace / "base"):
        write_model(folder)
    (files.folder / "job.toml").write_text(job_text(replace(demo_job(), model=str(workspace / "base"))))
    environment = ServingEnvironment(Path(sys.executable), "vllm", "cpu", {})
    for module in (backend, supervisor):
        monkeypatch.setattr(module, "find_environment", lambda: environment)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["serve", files.folder.name, "--port", str(port), "-C", str(workspace)]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert f"Port {port} is in use" in said
    assert list_servers(workspace) == []


def test_unknown_options_and_runs(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    assert "--help" in refused(capsys, "runs", "--loud", "-C", str(workspace))
    assert "There is no run nothing" in refused(capsys, "runs", "stop", "nothing", "-C", str(workspace))
    assert "There is no run ../.." in refused(capsys, "runs", "show", "../..", "-C", str(workspace))
    assert "There is no folder" in refused(capsys, "runs", "-C", str(workspace / "missing"))


def test_asking_without_servers_says_how_to_start_them(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    assert main(["ask", "How fast?", "-C", str(workspace)]) == 1
    assert "server is not running" in capsys.readouterr().err


def test_runs_are_listed_for_people_and_for_machines(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    assert main(["runs", "-C", str(workspace)]) == 0
    assert "No run" in capsys.readouterr().out
    files = RunFiles(workspace)
    files.belongs_to_a_dead_process()
    files.events.write(StateChanged(RunState.RUNNING))
    files.events.write(step(7))
    files.events.write(StateChanged(RunState.FINISHED))
    assert main(["runs", "-C", str(workspace)]) == 0
    heading, line = capsys.readouterr().out.splitlines()
    assert heading.split() == ["run", "state", "step", "loss", "held-out", "took", "method", "model"]
    assert line.split()[:4] == ["smollm2-lora-1", "finished", "7/10", "0.286"]
    assert main(["runs", "--json", "-C", str(workspace)]) == 0
    [run] = json.loads(capsys.readouterr().out)
    assert (run["run"], run["state"], run["step"], run["total_steps"]) == ("smollm2-lora-1", "finished", 7, 10)
    assert main(["servers", "-C", str(workspace)]) == 0
    assert "No server runs" in capsys.readouterr().out


def test_a_run_that_cannot_be_resumed_is_one_sentence(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    files = RunFiles(workspace)
    files.belongs_to_a_dead_process()
    files.events.write(StateChanged(RunState.FINISHED))
    said = refused(capsys, "runs", "resume", files.folder.name, "-C", str(workspace))
    assert "smollm2-lora-1 has done all its steps; start a new run to train on." in said
    words = ("resume", files.folder.name, "--set", "training.batch_size=4", "-C", str(workspace))
    files.events.write(StateChanged(RunState.FAILED))
    assert "training.batch_size cannot be changed for a run that has begun" in refused(capsys, "runs", *words)
    assert "--set goes with `resume`" in refused(capsys, "runs", "stop", *words[1:])
    assert "`resume` needs a run's id" in refused(capsys, "runs", "resume", "-C", str(workspace))


def test_facts_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["facts", "It runs at 1.8 GHz.", "It runs at 150 MHz.", "--reference", "Up to 0.15 GHz.", "--json"]
    assert main(words) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["label"], result["agrees"]) == ("different", "B")
    assert result["differing"] == [{"a": "1.8 GHz", "b": "150 MHz", "reason": "1.8 GHz ≠ 150 MHz"}]


def test_an_unexpected_error_is_a_sentence_and_a_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def broken(_words: list[str]) -> None:
        raise ZeroDivisionError("the details")

    monkeypatch.setattr(cli, "_command", lambda words: lambda: broken(words))
    assert main([]) == 1
    said = capsys.readouterr().err
    log = tmp_path / "burnish" / "crash.log"
    assert str(log) in said
    assert "the details" not in said
    assert "the details" in log.read_text()
