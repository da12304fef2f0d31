"""Every preset is a job that validates and says what it takes, without its model and without a network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.errors import InputError
from engine.demo.files import demo_job
from engine.training.check import check_job
from engine.training.estimate import GIB
from engine.training.job import TrainingJob, job_text, read_job
from engine.training.presets import copy_preset, preset_names, read_preset
from tui.cli import main

NAMES = preset_names()
SPARK = 121.7 * GIB
"""The memory of a DGX Spark, GPU included."""


@pytest.fixture(autouse=True)
def no_models_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.mark.parametrize("name", NAMES)
def test_it_validates_and_prints_its_plan_without_its_model(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["presets", "copy", name, "-C", str(tmp_path)]) == 0
    written = capsys.readouterr().out.splitlines()
    assert written[0] == str(tmp_path / f"{name}.toml")
    assert main(["estimate", written[0], "-C", str(tmp_path), "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["rows"] > 0
    assert plan["held_out_rows"] > 0
    assert plan["steps"] > 0
    assert plan["tokens"]["epoch"] > plan["tokens"]["targets"] > 0
    assert plan["tokens"]["estimated"]
    assert plan["memory"]["total_bytes"] > plan["memory"]["parts"]["model"] > 0
    assert main(["train", written[0], "-C", str(tmp_path), "--plan"]) == 0
    text = capsys.readouterr().out
    for what in ("rows,", "steps", " tokens an epoch", "memory, estimated:", "activations", "optimizer", "GiB"):
        assert what in text
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("name", NAMES)
def test_it_keeps_what_it_learns(name: str) -> None:
    preset = read_preset(name)
    assert preset.description.endswith(".")
    job = preset.job
    assert job.checkpoints.every_minutes
    assert job.dataset.held_out or job.dataset.held_out_fraction
    assert job_text(job) == job_text(read_job(Path(__file__).parents[4] / f"engine/training/presets/{name}.toml"))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "demo"])
def test_its_playbook_machine_is_large_enough(name: str, tmp_path: Path) -> None:
    (job_file, *_) = copy_preset(name, tmp_path / "job.toml")
    memory = check_job(read_job(job_file), tmp_path, queued=True).memory
    assert memory is not None
    assert memory.machines == read_preset(name).job.parallel.machines
    assert 10 * GIB < memory.total < 0.9 * SPARK


def test_the_demo_is_its_preset() -> None:
    assert demo_job() == read_preset("demo").job
    other = demo_job("owner/model", "mine.jsonl")
    assert (other.model, other.dataset.path, other.dataset.held_out) == ("owner/model", "mine.jsonl", "")
    assert other.training == TrainingJob().training


def test_presets_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("demo\n")
    assert all(name in out for name in NAMES)
    assert main(["presets", "--json"]) == 0
    assert [each["name"] for each in json.loads(capsys.readouterr().out)] == NAMES
    assert main(["presets", "show", "llama-3.1-8b-lora"]) == 0
    assert 'model = "meta-llama/Llama-3.1-8B-Instruct"' in capsys.readouterr().out


def test_a_copy_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "raspberry_pi.jsonl").write_text('{"instruction": "mine", "output": "mine"}\n')
    first = copy_preset("demo", tmp_path / "job.toml")
    assert [path.name for path in first] == ["job.toml", "raspberry_pi_paraphrased.jsonl"]
    assert "mine" in (tmp_path / "raspberry_pi.jsonl").read_text()
    with pytest.raises(InputError, match=r"job\.toml is there already; give another file name\.$"):
        copy_preset("demo", tmp_path / "job.toml")
    with pytest.raises(InputError, match=r"cannot be written: No such file or directory\.$"):
        copy_preset("demo", tmp_path / "nowhere" / "job.toml")
    assert main(["presets", "copy", "nothing"]) == 2
    assert capsys.readouterr().err.startswith("burnish: There is no preset nothing; there are demo, llama-3.1-8b-lora")
    assert main(["presets", "show"]) == 2
