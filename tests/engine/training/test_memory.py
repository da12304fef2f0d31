"""The memory of a run: its parts, the shapes it is computed from, and the sentence when it does not fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.errors import BurnishError
from engine.hardware import pool
from engine.hardware.sampler import Memory
from engine.models.shape import ModelShape, known_shape, read_shape
from engine.training.check import check_job, plan_sizes
from engine.training.estimate import GIB, MemoryEstimate, estimate_memory
from engine.training.job import MethodKind, MethodSection, TrainingJob
from engine.training.memory import likely_longest, require_memory
from engine.training.methods.registry import METHODS
from tests.engine.training.jobs import row, tiny_job


def shape_of(name: str) -> ModelShape:
    found = known_shape(name)
    assert found is not None
    return found


def estimate(name: str, *, gpu: bool = True, longest: int | None = None, **sections: dict[str, Any]) -> MemoryEstimate:
    job = TrainingJob()
    for section, values in sections.items():
        job = replace(job, **{section: replace(getattr(job, section), **values)})
    return estimate_memory(job, shape_of(name), gpu=gpu, bf16=True, longest=longest)


def part(found: MemoryEstimate, name: str) -> float:
    return next(each.size for each in found.parts if each.name == name) / GIB


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("smollm2-135m-instruct", 134_515_008),
        ("meta-llama/Llama-3.2-3B-Instruct", 3_212_749_824),
        ("meta-llama/Llama-3.1-8B-Instruct", 8_030_261_248),
        ("meta-llama/Llama-3.1-70B-Instruct", 70_553_706_496),
    ],
)
def test_known_shapes_have_the_published_number_of_parameters(name: str, parameters: int) -> None:
    assert shape_of(name).parameters == parameters


def test_a_shape_is_read_from_the_files(tiny_model: Path) -> None:
    shape = read_shape(tiny_model)
    assert (shape.weights.hidden, shape.weights.layers, shape.heads) == (32, 2, 4)
    assert shape.width("k_proj", 0) == 16
    assert known_shape("owner/of-nothing") is None


def test_weights_gradients_and_moments_are_counted(tiny_model: Path) -> None:
    llama = "llama-3.1-8b-instruct"
    lora = estimate(llama, method={"kind": "lora", "rank": 8})
    assert part(lora, "model") == pytest.approx(2 * 8.03e9 / GIB, rel=0.01)
    assert part(lora, "optimizer") == pytest.approx(8 * 21e6 / GIB, rel=0.01)
    full = estimate(llama, method={"kind": "full"})
    assert part(full, "model") == pytest.approx(4 * 8.03e9 / GIB, rel=0.01)
    assert part(full, "gradients") == part(full, "model")
    assert part(full, "optimizer") == 2 * part(full, "model")
    eight_bits = estimate(llama, method={"kind": "full"}, training={"optimizer": "adamw-8bit"})
    assert part(eight_bits, "optimizer") < 0.3 * part(full, "optimizer")
    # About 40 GB are reported for a 70B model in NF4.
    assert 35 < part(estimate("llama-3.1-70b-instruct", method={"kind": "qlora"}), "model") < 40


def test_what_saves_memory_does() -> None:
    llama = "llama-3.1-8b-instruct"
    usual = estimate(llama, training={"max_length": 2048, "batch_size": 4})
    assert estimate(llama, training={"max_length": 2048, "batch_size": 4, "gradient_checkpointing": True}).total < (
        0.6 * usual.total
    )
    assert estimate(llama, training={"max_length": 2048, "batch_size": 2}).total < usual.total
    assert estimate(llama, training={"max_length": 2048, "batch_size": 4}, longest=100).total < 0.5 * usual.total
    two = {"machines": 2, "sharding": "fsdp"}
    sharded = estimate("llama-3.1-70b-instruct", parallel=two)
    assert sharded.machines == 2
    assert part(sharded, "model") == pytest.approx(65.7 * (1 + 4 / 80), rel=0.02)
    frozen = {"kind": "freeze", "layers": 2}
    assert part(estimate(llama, method=frozen), "activations") == pytest.approx(
        part(estimate(llama), "activations") / 16, rel=0.01
    )


@pytest.mark.parametrize("kind", list(METHODS))
def test_every_method_has_an_estimate_with_a_breakdown(kind: MethodKind) -> None:
    found = estimate("smollm2-135m-instruct", gpu=False, method={"kind": kind})
    assert found.total >= max(found.step, found.load, found.save)
    assert all(each.size >= 0 for each in found.parts)
    assert found.lines()[-1].startswith("at most")
    assert len(found.lines()) == len(found.parts) + 4


def test_a_run_that_does_not_fit_names_its_largest_parts(workspace: Path, tiny_model: Path) -> None:
    with pytest.raises(BurnishError) as told:
        check_job(tiny_job(tiny_model, limits={"memory_gib": 0.5}), workspace)
    assert told.value.sentence.startswith("This run needs about ")
    assert "(libraries 900 MiB, " in told.value.sentence
    assert "limits.memory_gib allows 512 MiB" in told.value.sentence
    require_memory(None, TrainingJob())
    huge = estimate("llama-3.3-70b-instruct", method={"kind": "full"})
    with pytest.raises(BurnishError, match=r"\(optimizer 526 GiB, .* are available .*; choose an adapter \("):
        require_memory(huge, TrainingJob())
    assert check_job(tiny_job(tiny_model), workspace).memory is not None


def test_a_model_that_is_not_here_is_estimated_by_its_name(workspace: Path) -> None:
    job = replace(tiny_job(Path("meta-llama/Llama-3.1-8B-Instruct")), model="meta-llama/Llama-3.1-8B-Instruct")
    memory = check_job(job, workspace, queued=True).memory
    assert memory is not None
    assert memory.total > 15 * GIB
    assert check_job(replace(job, model="owner/of-nothing"), workspace).memory is None


def test_the_longest_row_is_guessed_from_its_bytes() -> None:
    rows = [row("How fast?", "1", 1), row("x" * 299, "y", 2), row("Wie schnell?", "ü" * 3, 3, "s")]
    assert likely_longest(rows) == 100 + 64
    assert likely_longest([]) == 64


def test_a_gpu_with_memory_of_its_own_is_the_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pool.parse_memory("81559, 80995\n81559, 100\n") == Memory(81_559 << 20, 100 << 20)
    assert pool.parse_memory("[N/A], [N/A]\n") is None
    tool = tmp_path / "nvidia-smi"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not pool.read_pool()[1]
    for answer, own in (("81559, 80995", True), ("[N/A], [N/A]", False)):
        tool.write_text(f"#!/bin/sh\necho '{answer}'\n")
        tool.chmod(0o755)
        memory, gpu = pool.read_pool()
        assert gpu
        assert (memory.total == 81_559 << 20) == own


def test_a_checkpoint_of_the_last_layers_holds_the_others_too(tiny_model: Path) -> None:
    parameters = plan_sizes(tiny_model, MethodSection("full")).model // 2
    sizes = plan_sizes(tiny_model, MethodSection("freeze", layers=1))
    assert sizes.trained + sizes.frozen == 4 * parameters
    assert plan_sizes(tiny_model, MethodSection("lora", rank=4)).frozen == 0
