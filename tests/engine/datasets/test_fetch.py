"""Datasets of the hub come into the workspace, or one sentence says why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import BurnishError
from engine.datasets.fetch import fetch
from engine.datasets.files import HubDataset
from engine.jobs.events import Note
from tests.engine.datasets.hub import DATASET, hub_with

ROWS = b'{"instruction": "q", "output": "a"}\n'


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)


def fetched(workspace: Path, name: str = DATASET, part: str | None = None) -> tuple[list[Path], list[str]]:
    notes: list[Note] = []
    paths = fetch(HubDataset(name, part), workspace, report=notes.append)
    return paths, [note.text for note in notes]


def test_files_are_fetched_once_and_kept_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"README.md": b"# x", "data/train-0.jsonl": ROWS, "data/train-1.jsonl": ROWS * 2, "data/test-0.jsonl": b""}
    with hub_with(files) as (address, asked):
        monkeypatch.setenv("HF_ENDPOINT", address)
        paths, notes = fetched(tmp_path)
        folder = tmp_path / "datasets" / DATASET
        assert paths == [folder / "data" / "train-0.jsonl", folder / "data" / "train-1.jsonl"]
        assert [path.read_bytes() for path in paths] == [ROWS, ROWS * 2]
        assert notes[0] == f"asking the hub for {DATASET}"
        assert notes[1] == f"fetching data/train-0.jsonl ({len(ROWS)} B, file 1 of 2)"
        paths[0].write_bytes(b"edited")
        asked.clear()
        assert fetched(tmp_path)[0] == paths
        assert paths[0].read_bytes() == b"edited"
        assert not asked
        (test,), _ = fetched(tmp_path, part="test")
        assert test == folder / "data" / "test-0.jsonl"
    assert sorted(each.name for each in folder.iterdir()) == ["data"]


def test_what_the_hub_converted_is_taken_where_there_is_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hub_with({"script.py": b""}, {"default/train/0000.parquet": b"PAR1"}) as (address, _):
        monkeypatch.setenv("HF_ENDPOINT", address)
        (path,), _ = fetched(tmp_path)
    assert path == tmp_path / "datasets" / DATASET / "default" / "train" / "0000.parquet"
    assert path.read_bytes() == b"PAR1"


def test_what_cannot_be_had_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub_with({"script.py": b""}) as (address, _):
        monkeypatch.setenv("HF_ENDPOINT", address)
        with pytest.raises(BurnishError, match=f"The dataset {DATASET} has no file with rows that burnish opens"):
            fetched(tmp_path)
        with pytest.raises(BurnishError, match="The hub has no dataset owner/other, or not for this account"):
            fetched(tmp_path, "owner/other")
    sentence = (
        f"^The hub does not answer, so the dataset {DATASET} cannot be fetched; check the network, or open a file"
    )
    with pytest.raises(BurnishError, match=sentence):
        fetched(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(BurnishError, match=sentence):
        fetched(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "datasets").write_text("a file")
    with pytest.raises(BurnishError, match="cannot be fetched into"):
        fetched(tmp_path)
