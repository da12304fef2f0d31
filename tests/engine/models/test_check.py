"""What can be a model, found out without loading or fetching anything."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from data.errors import InputError
from engine.models.catalog import MARKER_FILE, missing_part, models_folder, prepared
from engine.models.check import check_model, is_hub_id, local_directory
from engine.models.weights import Weights, read_weights


def write_safetensors(path: Path, shapes: dict[str, tuple[int, ...]]) -> None:
    """A safetensors file of bf16 zeros."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, shape in shapes.items():
        size = 2
        for each in shape:
            size *= each
        header[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(end))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A complete model directory, as far as can be seen without loading it."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "tokenizer.json").write_text("{}")
    write_safetensors(
        folder / "model.safetensors", {"model.embed_tokens.weight": (10, 4), "model.q_proj.weight": (6, 4)}
    )
    return folder


def test_names_directories_and_hub_ids_are_accepted(directory: Path) -> None:
    check_model("smollm2-135m-instruct")
    check_model(str(directory))
    check_model("model", workspace=directory.parent)
    check_model("./model", workspace=directory.parent)
    check_model("HuggingFaceTB/SmolLM2-135M-Instruct")
    assert local_directory("model", directory.parent) == directory
    assert local_directory("smollm2-135m-instruct", directory.parent) is None


@pytest.mark.parametrize("name", ["owner/model", "a/b-1.5", "Org_x/m.v2"])
def test_hub_ids(name: str) -> None:
    assert is_hub_id(name)


@pytest.mark.parametrize("name", ["model", "a/b/c", "/a", "a/", "../b", "a/..", "a/b\n", "a b/c", ""])
def test_what_is_no_hub_id(name: str) -> None:
    assert not is_hub_id(name)


@pytest.mark.parametrize(
    ("removed", "sentence"),
    [
        ("config.json", r"has no config\.json; choose a complete one\.$"),
        ("model.safetensors", r"has no weights \(\*\.safetensors\); choose a complete one\.$"),
        ("tokenizer.json", r"has no tokenizer\.json; choose a complete one\.$"),
    ],
)
def test_an_incomplete_directory_is_named_with_what_it_lacks(directory: Path, removed: str, sentence: str) -> None:
    (directory / removed).unlink()
    with pytest.raises(InputError, match=f"^The model directory {directory} {sentence}"):
        check_model(str(directory))


def test_every_shard_must_be_there(directory: Path) -> None:
    index = directory / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "model.safetensors", "b": "model-2.safetensors"}}))
    assert missing_part(directory) == "no model-2.safetensors (one of 2 files of weights)"
    write_safetensors(directory / "model-2.safetensors", {"b": (2, 2)})
    assert missing_part(directory) is None
    index.write_text("{")
    assert missing_part(directory) == "an unreadable model.safetensors.index.json"


def test_an_unknown_name_says_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no model 'smollm'; give smollm2-135m-instruct, a directory, or a hub id"):
        check_model("smollm")
    with pytest.raises(InputError, match=rf"^There is no model directory {tmp_path}/gone\.$"):
        check_model("./gone", workspace=tmp_path)


def test_weights_are_read_from_their_headers(directory: Path) -> None:
    write_safetensors(directory / "second.safetensors", {"lm_head.weight": (10, 4), "model.norm.weight": (4,)})
    weights = read_weights(directory)
    assert weights.parameters == 40 + 24 + 40 + 4


def test_linear_layers_are_those_of_the_decoder() -> None:
    weights = Weights(
        {
            "model.embed_tokens.weight": (10, 4),
            "model.layers.0.mlp.up_proj.weight": (6, 4),
            "model.layers.1.mlp.up_proj.weight": (6, 4),
            "model.layers.1.mlp.up_proj.bias": (6,),
            "lm_head.weight": (10, 4),
        }
    )
    assert weights.linear_layers == {f"model.layers.{layer}.mlp.up_proj": (6, 4) for layer in (0, 1)}
    assert (weights.layers, weights.hidden) == (2, 4)


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 100, struct.pack("<Q", 3) + b"[1]", struct.pack("<Q", 2)])
def test_a_file_that_is_no_safetensors_file_is_refused(directory: Path, content: bytes) -> None:
    (directory / "model.safetensors").write_bytes(content)
    with pytest.raises(InputError, match=r"model\.safetensors is not (a safetensors file|complete)"):
        read_weights(directory)


def test_a_file_that_was_cut_short_is_refused(directory: Path) -> None:
    path = directory / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match=r"model\.safetensors is not complete; download the model again\.$"):
        read_weights(directory)


def test_the_cache_is_where_xdg_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert models_folder() == tmp_path / "burnish" / "models"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/path")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert models_folder() == tmp_path / "home" / ".cache" / "burnish" / "models"


def test_only_a_complete_preparation_counts(directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert prepared("mine") is None
    models_folder().mkdir(parents=True)
    directory.rename(models_folder() / "mine")
    assert prepared("mine") is None
    (models_folder() / "mine" / MARKER_FILE).write_text("{}")
    assert prepared("mine") == models_folder() / "mine"
    (models_folder() / "mine" / "model.safetensors").unlink()
    assert prepared("mine") is None
