"""Exports that a server cannot read as they are, really broken, and what it is given in their place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data.errors import InputError
from data.templates import ALPACA, Template, conversation
from engine.serving.repair import repaired_files, servable
from engine.serving.servers import read_server, start_server
from tests.engine.serving.conftest import MakeModel
from tests.tiny import CHATML, write_tokenizer

SCALING = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 8192,
}
LLAMA3 = SCALING | {"rope_theta": 500000.0}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A model as transformers 5 saves it, as far as its small files go; and weights of four bytes."""
    model = tmp_path / "runs" / "a-001" / "model"
    write_tokenizer(model, CHATML)
    change(model / "tokenizer_config.json", tokenizer_class="TokenizersBackend", extra_special_tokens=["<|im_start|>"])
    config = {"model_type": "llama", "dtype": "bfloat16", "rope_parameters": LLAMA3}
    (model / "config.json").write_text(json.dumps(config))
    (model / "model.safetensors").write_bytes(b"1234")
    return model


def change(path: Path, **values: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_bytes()) | values))


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_bytes())


def test_a_server_that_can_read_it_gets_the_export_itself(export: Path, tmp_path: Path) -> None:
    assert servable(export, tmp_path / "copy", transformers="5.19.0", template=CHATML) == export
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("version", ["4.57.5", ""])
def test_an_older_server_gets_a_repaired_copy(export: Path, tmp_path: Path, version: str) -> None:
    before = contents(export)
    copy = servable(export, tmp_path / "copy", transformers=version)
    assert contents(export) == before, "the export is as it was"
    assert (copy / "model.safetensors").is_symlink()
    assert (copy / "model.safetensors").read_bytes() == b"1234"
    settings, config = read(copy / "tokenizer_config.json"), read(copy / "config.json")
    assert settings["tokenizer_class"] == "PreTrainedTokenizerFast"
    assert settings["additional_special_tokens"] == ["<|im_start|>"]
    assert "extra_special_tokens" not in settings
    assert settings["chat_template"] == CHATML
    assert config["torch_dtype"] == config["dtype"] == "bfloat16"
    assert config["rope_theta"] == 500000.0
    assert config["rope_scaling"] == SCALING
    assert config["rope_parameters"] == LLAMA3
    # Once more, after the export was mended by hand: the old copy is gone.
    for name in ("tokenizer_config.json", "config.json"):
        (export / name).write_bytes((copy / name).read_bytes())
    assert servable(export, copy, transformers=version) == export
    assert not copy.exists()


def test_the_repaired_tokenizer_is_the_same_one_to_transformers(export: Path, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    copy = servable(export, tmp_path / "copy", transformers="4.57.5")
    tokenizer: Any = AutoTokenizer.from_pretrained(copy)
    asked = conversation("How fast does the RP2350 run?")
    ids = tokenizer.apply_chat_template(asked, add_generation_prompt=True, return_dict=False)
    assert tuple(ids) == Template.from_model(export).encode(asked, add_generation_prompt=True).token_ids


def test_an_export_without_a_template_gets_that_of_its_training(export: Path, tmp_path: Path) -> None:
    (export / "chat_template.jinja").unlink()
    assert Template.from_model(export).source == ALPACA, "nothing but the last resort"
    copy = servable(export, tmp_path / "copy", transformers="5.19.0", template=CHATML)
    assert Template.from_model(copy).source == CHATML
    assert sorted(repaired_files(export, transformers="5.19.0", template=CHATML)) == ["chat_template.jinja"]
    # A template inside the tokenizer's file is one, too.
    change(export / "tokenizer_config.json", chat_template="{{ messages }}")
    assert repaired_files(export, transformers="5.19.0", template=CHATML) == {}


def test_a_multimodal_model_is_mended_inside(export: Path) -> None:
    (export / "config.json").write_text(json.dumps({"text_config": {"rope_parameters": {"rope_theta": 1e6}}}))
    config = json.loads(repaired_files(export, transformers="4.57.5")["config.json"])
    assert config["text_config"]["rope_theta"] == 1e6
    assert "rope_scaling" not in config["text_config"]


def test_a_damaged_file_is_named(export: Path) -> None:
    (export / "tokenizer_config.json").write_text("{")
    with pytest.raises(InputError, match=r"tokenizer_config\.json is not a JSON file"):
        repaired_files(export, transformers="4.57.5")


@pytest.mark.usefixtures("stand_in")
def test_a_server_is_started_with_the_copy_and_known_by_the_original(workspace: Path, make_model: MakeModel) -> None:
    model = make_model("m")
    server = start_server(workspace, "tuned", model, role="tuned", template=CHATML)
    identity = server.identity()
    assert identity is not None
    command = Path(f"/proc/{identity.pid}/cmdline").read_text().split("\0")
    assert command[command.index("--model") + 1] == str(server.folder / "model")
    assert (server.folder / "model" / "chat_template.jinja").read_text() == CHATML
    assert not (model / "chat_template.jinja").exists()
    found = read_server(server.folder)
    assert found is not None
    assert found.model == model
