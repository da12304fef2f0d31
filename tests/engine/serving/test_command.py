from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from engine.serving import command
from engine.serving.backend import Invocation, Order
from engine.serving.command import invocation
from engine.serving.environment import ServingEnvironment
from engine.serving.sizes import GIB, ModelSizes

CPU = ServingEnvironment(Path("/e/bin/python"), "vllm", "cpu", {})
SIZES = ModelSizes(weight_bytes=GIB, context=8192, cache_bytes_per_token=1 << 14)


ORDER = Order("base", Path("/m"), SIZES, port=8401, key="secret", scratch=Path("/tmp/s"))


def made(environment: ServingEnvironment, sizes: ModelSizes = SIZES) -> Invocation:
    return invocation(environment, replace(ORDER, sizes=sizes))


def option(run: Invocation, name: str) -> str:
    return run.command[run.command.index(name) + 1]


def test_vllm_on_a_cpu() -> None:
    run = made(CPU)
    assert run.command[0] == "/e/bin/python"
    assert Path(run.command[1]).is_file()
    assert option(run, "--host") == "127.0.0.1"
    assert option(run, "--generation-config") == "vllm"
    assert option(run, "--max-model-len") == "2048"
    assert "--gpu-memory-utilization" not in run.command
    assert int(run.environment["OMP_NUM_THREADS"]) == max(1, len(os.sched_getaffinity(0)) // 2)
    assert run.environment["VLLM_CPU_OMP_THREADS_BIND"] == "nobind"
    assert run.served_name == "base"


def test_both_sides_are_served_alike() -> None:
    base, tuned = (
        invocation(CPU, replace(ORDER, model=Path(model), served_name=name, port=port))
        for model, name, port in (("/b", "base", 1), ("/t", "tuned", 2))
    )
    own = ("/b", "/t", "base", "tuned", "1", "2")
    assert [each for each in base.command if each not in own] == [each for each in tuned.command if each not in own]
    assert base.environment == tuned.environment


def test_a_model_of_short_context_is_not_asked_for_more() -> None:
    assert option(made(CPU, replace(SIZES, context=512)), "--max-model-len") == "512"
    assert option(made(CPU, replace(SIZES, context=None)), "--max-model-len") == "2048"


@pytest.mark.parametrize("engine", ["vllm", "transformers"])
@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_the_key_is_never_an_argument(engine: str, device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "gpu_share", lambda needed: 0.25)
    run = made(replace(CPU, engine=engine, device=device))
    assert not any("secret" in each for each in run.command)
    assert run.environment.get("VLLM_API_KEY") == ("secret" if engine == "vllm" else None)
    assert run.environment["HF_HUB_OFFLINE"] == "1"


def test_on_a_gpu_the_share_of_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "gpu_share", lambda needed: needed / (10 * GIB))
    run = made(replace(CPU, device="cuda"))
    assert option(run, "--kv-cache-memory-bytes") == str(GIB // 4)
    assert option(run, "--gpu-memory-utilization") == "0.125"
    assert "OMP_NUM_THREADS" not in run.environment


def test_transformers_serve_calls_its_model_by_the_directory() -> None:
    run = made(replace(CPU, engine="transformers"))
    assert run.command[:3] == ("/e/bin/transformers", "serve", "/m")
    assert run.served_name == "/m"


def test_room_for_adapters_is_made_only_where_it_is_asked_for() -> None:
    plain, shared = made(CPU), invocation(CPU, replace(ORDER, rank=64))
    added = [each for each in shared.command if each not in plain.command]
    assert added == ["--enable-lora", "--max-lora-rank", "64", "--max-loras", "1", "--no-enable-prefix-caching"]
    assert "VLLM_ALLOW_RUNTIME_LORA_UPDATING" not in plain.environment
    assert shared.environment["VLLM_ALLOW_RUNTIME_LORA_UPDATING"] == "True"
