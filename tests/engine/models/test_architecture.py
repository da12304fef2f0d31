"""A model that transformers cannot load is named before anything is started."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

from data.errors import InputError
from engine.models.architecture import known_architectures, require_architecture


def model(folder: Path, config: object) -> Path:
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_what_transformers_knows_is_read_from_its_source() -> None:
    assert known_architectures() == set(MODEL_FOR_CAUSAL_LM_MAPPING_NAMES)


@pytest.mark.parametrize("kind", ["llama", "qwen3", "gpt2"])
def test_a_language_model_is_accepted(tmp_path: Path, kind: str) -> None:
    require_architecture(model(tmp_path, {"model_type": kind}))


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"model_type": "lama"}, "of the kind 'lama', .*; did its config.json mean llama?"),
        ({"model_type": "zzzz"}, "of the kind 'zzzz', .*; choose another model."),
        ({}, "does not say in its config.json what kind it is"),
        ({"model_type": 3}, "does not say in its config.json what kind it is"),
        ([], "does not say in its config.json what kind it is"),
    ],
)
def test_another_is_refused_in_one_sentence(tmp_path: Path, config: object, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("?", r"\?")):
        require_architecture(model(tmp_path, config))
