"""A workspace, small models, and a serving environment whose Python starts a stand-in."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.serving import environment
from engine.serving.environment import MARKER, serving_folder
from engine.serving.servers import list_servers, stop_server

MakeModel = Callable[..., Path]


@pytest.fixture
def make_model(tmp_path: Path) -> MakeModel:
    """Makes a model directory that can be served, as far as its files tell."""

    def make(name: str, behaviour: str = "ready", **config: object) -> Path:
        model = tmp_path / name
        model.mkdir()
        (model / "behaviour").write_text(behaviour)
        (model / "config.json").write_text(json.dumps(config))
        (model / "tokenizer.json").write_text("{}")
        header = json.dumps({"w": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}}).encode()
        (model / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + b"1234")
        return model

    return make


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    """An empty workspace, whose servers are stopped afterwards."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    yield folder
    for server in list_servers(folder):
        stop_server(server)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finished serving environment, in which every script is the stand-in."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    python = serving_folder() / "bin" / "python"
    python.parent.mkdir(parents=True)
    script = Path(__file__).with_name("stand_in.py")
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
    python.chmod(0o755)
    wanted = environment._wanted()
    values = {"requirements": wanted.requirements, "engine": "vllm", "device": "cpu", "versions": {"vllm": "1.0"}}
    (serving_folder() / MARKER).write_text(json.dumps(values))
