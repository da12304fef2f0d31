"""A dataset of the hub, opened by its name, and packed files that are not whole."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.engine.datasets.hub import DATASET, hub_with
from tests.tui.dataset.stage import chips, press, staged, type_text

ROW = b'{"instruction": "From afar?", "output": "Yes."}\n'


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)


async def test_a_dataset_is_opened_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with hub_with({"train-0.jsonl": ROW, "train-1.jsonl": ROW}) as (address, _):
        monkeypatch.setenv("HF_ENDPOINT", address)
        async with staged(chips(tmp_path)) as (stage, pilot):
            await press(pilot, "o")
            await type_text(pilot, DATASET)
            await press(pilot, "enter")
            assert stage.pane.path == tmp_path / "datasets" / DATASET / "train-0.jsonl"
            assert "From afar?" in stage.text
            assert f"asking the hub for {DATASET}" in stage.said
            assert f"{DATASET} is in 2 files: o opens the others" in stage.said


async def test_a_hub_that_does_not_answer_leaves_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    async with staged(chips(tmp_path)) as (stage, pilot):
        await press(pilot, "e", "x", "ctrl+s", "o")
        await type_text(pilot, DATASET)
        await press(pilot, "enter")
        assert stage.said[-1].startswith(f"The hub does not answer, so the dataset {DATASET} cannot be fetched")
        assert stage.pane.path == tmp_path / "chips.jsonl"
        assert stage.pane.unsaved == 1


async def test_a_packed_file_that_is_cut_off_is_told(tmp_path: Path):
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(ROW * 1000)[:-9])
    async with staged(path) as (stage, _):
        assert any(text.startswith("rows.jsonl.gz is cut off") for text in stage.said)
        assert "From afar?" in stage.text
