from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.errors import InputError
from engine.serving.sizes import GIB, UNKNOWN_CACHE_BYTES, gpu_memory, gpu_share, model_sizes
from tests.engine.serving.conftest import MakeModel

SMOLLM2 = {
    "hidden_size": 576,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "num_hidden_layers": 30,
    "max_position_embeddings": 8192,
}


def test_sizes_are_read_from_the_configuration(make_model: MakeModel) -> None:
    sizes = model_sizes(make_model("m", **SMOLLM2))
    assert (sizes.context, sizes.cache_bytes_per_token) == (8192, 30 * 2 * 3 * 64 * 2)
    assert sizes.weight_bytes > 0
    assert model_sizes(make_model("nested", text_config=SMOLLM2)).context == 8192
    unknown = model_sizes(make_model("unknown"))
    assert (unknown.context, unknown.cache_bytes_per_token) == (None, UNKNOWN_CACHE_BYTES)


def test_what_cannot_be_served_is_told_by_what_is_missing(make_model: MakeModel, tmp_path: Path) -> None:
    def refused(model: Path, words: str) -> None:
        with pytest.raises(InputError, match=words):
            model_sizes(model)

    refused(tmp_path / "none", "no model directory")
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        model = make_model(f"without {name}")
        (model / name).unlink()
        refused(model, "cannot be served")
    adapter = make_model("adapter")
    (adapter / "config.json").rename(adapter / "adapter_config.json")
    refused(adapter, "adapter without its model")
    cut = make_model("cut")
    weights = cut / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    refused(cut, "not complete")
    sharded = make_model("sharded")
    (sharded / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"w": "model-2.safetensors"}}))
    refused(sharded, "model-2.safetensors")
    torn = make_model("torn")
    (torn / "config.json").write_text("{")
    refused(torn, "cannot be read")


def nvidia_smi(folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    tool = folder / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\necho '{answer}'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


def test_two_small_servers_fit_on_one_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nvidia_smi(tmp_path, monkeypatch, "24576")
    assert gpu_memory() == 24 * GIB
    assert gpu_share(GIB) == pytest.approx(3.1 / 24)
    assert 2 * gpu_share(8 * GIB) < 0.95
    assert gpu_share(100 * GIB) == 0.9
    nvidia_smi(tmp_path, monkeypatch, "131072")
    assert gpu_share(1) == 0.05


@pytest.mark.parametrize("answer", ["[N/A]", "[Not Supported]", ""])
def test_a_gpu_without_memory_of_its_own_counts_the_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    nvidia_smi(tmp_path, monkeypatch, answer)
    meminfo = Path("/proc/meminfo").read_text().split()
    assert gpu_memory() == int(meminfo[meminfo.index("MemTotal:") + 1]) << 10
