"""A tokenizer is found where training would find it, and without a network."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from data.errors import InputError
from engine.models.catalog import EMBEDDED
from engine.models.tokenizer import Tokenizing, context_length, tokenizer_directory, tokenizing_of
from engine.training.job import DatasetSection, HyperparameterSection, TrainingJob, job_text
from engine.training.runs import create_run
from tests.tiny import CHATML, write_tokenizer

ROWS = DatasetSection("rows.jsonl")


def test_a_directory_is_used_as_it_is(tmp_path: Path) -> None:
    write_tokenizer(tmp_path / "models" / "tiny", CHATML)
    assert tokenizer_directory("models/tiny", tmp_path) == tmp_path / "models" / "tiny"
    with pytest.raises(InputError, match=r"^There is no model directory"):
        tokenizer_directory("./models/none", tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"empty has no config\.json"):
        tokenizer_directory("empty", tmp_path)


def test_a_model_that_is_not_here_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(InputError, match=r"^The model smollm2-135m-instruct is not on this machine; the first run"):
        tokenizer_directory(next(iter(EMBEDDED)), tmp_path)
    with pytest.raises(InputError, match=r"^The model nobody/nothing-of-this-name is not on this machine"):
        tokenizer_directory("nobody/nothing-of-this-name", tmp_path)
    with pytest.raises(InputError, match=r"^There is no model 'nonsense'"):
        tokenizer_directory("nonsense", tmp_path)


def test_the_newest_run_says_what_is_trained(tmp_path: Path) -> None:
    assert tokenizing_of(tmp_path) == Tokenizing(TrainingJob().model, TrainingJob().training.max_length)
    for age, (model, length) in enumerate([("new/model", 99), ("old/model", 33)]):
        job = TrainingJob(model, dataset=ROWS, training=HyperparameterSection(max_length=length))
        file = create_run(tmp_path, job) / "job.toml"
        os.utime(file, (10**9 - age, 10**9 - age))
    assert tokenizing_of(tmp_path) == Tokenizing("new/model", 99)
    newest = tmp_path / "runs" / "x" / "job.toml"
    newest.parent.mkdir()
    newest.write_text("not TOML")
    assert tokenizing_of(tmp_path) == Tokenizing("new/model", 99)
    newest.write_text(job_text(TrainingJob("newest/model", dataset=ROWS)))
    assert tokenizing_of(tmp_path).model == "newest/model"


@pytest.mark.parametrize(
    ("config", "length"),
    [
        ({"max_position_embeddings": 256}, 256),
        ({"text_config": {"max_position_embeddings": 512}}, 512),
        ({}, None),
        ([], None),
        ({"text_config": 3}, None),
    ],
)
def test_the_config_tells_the_longest_row(config: object, length: int | None, tmp_path: Path) -> None:
    assert context_length(tmp_path) is None
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert context_length(tmp_path) == length
