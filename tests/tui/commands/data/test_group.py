"""The group of commands on dataset files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.datasets.hub import DATASET, hub_with
from tests.tui.commands.data.cases import refused
from tui.cli import main
from tui.commands.data import COMMANDS


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["data", "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for name in COMMANDS:
        assert f"burnish data {name}" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_speaks_json(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["data", name, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert f"burnish data {name}" in text
    assert "--json" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_a_file_that_is_not_there(name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "burnish data" in refused(capsys, name)
    assert "There is no file" in refused(capsys, name, tmp_path / "missing.jsonl")
    assert "is a folder" in refused(capsys, name, tmp_path)


def test_an_unknown_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert "there are show" in refused(capsys, "shwo", "x.jsonl")
    assert "required: COMMAND" in refused(capsys)


def test_a_dataset_of_the_hub_is_fetched(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    row = b'{"instruction": "q", "output": "a"}\n'
    with hub_with({"train-0.jsonl": row, "train-1.jsonl": row}) as (address, _):
        monkeypatch.setenv("HF_ENDPOINT", address)
        assert main(["data", "show", DATASET]) == 0
    out, err = capsys.readouterr()
    assert "train-0.jsonl  JSONL · 1 row · Alpaca" in out
    assert "is in 2 files" in err
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert main(["data", "show", "nobody/nothing"]) == 1
    assert "The hub does not answer" in capsys.readouterr().err
    assert "There is no file" in refused(capsys, "show", "nowhere/rows.jsonl")
