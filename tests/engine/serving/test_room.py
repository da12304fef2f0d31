"""A server that does not fit is not started, and what holds the memory is named."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import BurnishError
from engine.hardware.sampler import Memory
from engine.serving import room
from engine.serving.backend import EnvironmentBackend, Order
from engine.serving.container import ContainerBackend
from engine.serving.environment import ServingEnvironment
from engine.serving.room import needed_bytes, require_room
from engine.serving.servers import list_servers, start_server
from engine.serving.sizes import GIB, GPU_OVERHEAD, ModelSizes
from tests.engine.serving.conftest import MakeModel

HUGE = 1 << 42
"""Bytes that hardly a machine has: 4 TiB."""


def of_size(model: Path, size: int) -> Path:
    """Weights of any size, of which the disk holds nothing."""
    header = json.dumps({"w": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    with (model / "model.safetensors").open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        os.truncate(file.fileno(), 8 + len(header) + size)
    return model


@pytest.mark.usefixtures("stand_in")
def test_what_does_not_fit_is_refused_unless_it_is_forced(workspace: Path, make_model: MakeModel) -> None:
    base = start_server(workspace, "base", make_model("b"), role="base")
    model = of_size(make_model("m"), HUGE)
    with pytest.raises(
        BurnishError,
        match=r"^The tuned server needs about 4\.0 TiB of memory and [\d.]+ GiB are available .*; "
        r"stop the base server, or start it all the same with `burnish serve … --force`\.$",
    ):
        start_server(workspace, "tuned", model, role="tuned")
    assert list_servers(workspace) == [base]
    assert start_server(workspace, "tuned", model, role="tuned", force=True).alive()


def test_what_a_server_takes() -> None:
    sizes = ModelSizes(weight_bytes=8 * GIB, context=8192, cache_bytes_per_token=1 << 16)
    order = Order("base", Path("/m"), sizes, 8401, "k", Path("/tmp/s"))
    cpu = EnvironmentBackend(ServingEnvironment(Path("/e/bin/python"), "vllm", "cpu", {}))
    assert needed_bytes(cpu, order) == pytest.approx(8 * GIB + GIB + 1.2 * GIB, rel=0.01)
    other = EnvironmentBackend(replace(cpu.environment, engine="transformers"))
    assert needed_bytes(other, order) < needed_bytes(cpu, order), "it sets no cache aside"
    assert needed_bytes(ContainerBackend(), order) == 8 * GIB + GIB + GPU_OVERHEAD


def test_memory_that_comes_back_late_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures are played: a machine whose driver holds on to memory cannot be had."""
    readings = iter([Memory(100 * GIB, 4 * GIB), Memory(100 * GIB, 4 * GIB), Memory(100 * GIB, 40 * GIB)])
    monkeypatch.setattr(room, "read_memory", lambda: next(readings))
    monkeypatch.setattr(room, "_LOOK_EVERY", 0.0)
    order = Order("base", tmp_path, ModelSizes(8 * GIB, 8192, 1 << 16), 8401, "k", tmp_path)
    cpu = EnvironmentBackend(ServingEnvironment(Path("/e/bin/python"), "vllm", "cpu", {}))
    require_room(tmp_path, "base", cpu, order, patience=60)
    assert next(readings, None) is None
