"""A row as the model sees it, on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.formats.pair import Pair
from data.rendered_row import render_row
from data.templates import Template
from engine.models.catalog import EMBEDDED
from tests.tiny import CHATML, write_rows, write_tokenizer
from tests.tui.commands.data.cases import refused, said, told


@pytest.fixture
def model(tmp_path: Path) -> Path:
    write_tokenizer(tmp_path / "tiny", CHATML)
    return tmp_path / "tiny"


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    write_rows(tmp_path / "rows.jsonl", [("Why?", "So."), ("How fast?", "Up to 150 MHz.")])
    return tmp_path / "rows.jsonl"


def test_text_ids_and_mask_are_those_of_training(model: Path, rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = render_row(Template.from_model(model), Pair("How fast?", "Up to 150 MHz.", 2))
    found = told(capsys, "render", rows, "--row", 2, "--model", model)
    assert (found["row"], found["text"], found["model"]) == (2, expected.text, str(model))
    assert found["token_ids"] == list(expected.token_ids)
    assert found["loss_mask"] == [int(each) for each in expected.target_mask]
    assert (found["fed"], found["learnt"], found["cut"]) == (expected.fed, expected.learnt, 0)
    cut = told(capsys, "render", rows, "--row", 2, "--model", model, "--max-length", expected.whole - 3)
    assert (cut["fed"], cut["cut"]) == (expected.whole - 3, 3)


def test_a_person_reads_every_token(model: Path, rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "render", rows, "--model", model).splitlines()
    assert lines[0].startswith(f"{model}  ")
    assert "carry loss (▌)" in lines[0]
    assert lines[-1].startswith("▌ ")
    assert lines[-1].replace("│", "") == "▌ So.<|im_end|>⏎"


def test_what_cannot_be_rendered_is_one_sentence(
    model: Path, rows: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "has no row 3; it has 2 rows" in refused(capsys, "render", rows, "--row", 3, "--model", model)
    assert "There is no model" in refused(capsys, "render", rows, "--model", "nonsense")
    assert "must be at least 1" in refused(capsys, "render", rows, "--model", model, "--max-length", 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    assert f"The model {next(iter(EMBEDDED))} is not on this machine" in refused(capsys, "render", rows)
    plain = tmp_path / "plain.jsonl"
    plain.write_text('{"text": "Once"}\n{"text":\n')
    assert "Row 1 is plain text" in refused(capsys, "render", plain, "--model", model)
    assert "Row 2 is cut off" in refused(capsys, "render", plain, "--row", 2, "--model", model)
