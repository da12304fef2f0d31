"""The registry of methods is whole, and what does not fit a model is one sentence before the start."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args

import pytest

from data.errors import InputError
from engine.models.weights import Weights, read_weights
from engine.training.check import check_job
from engine.training.job import MethodKind, MethodSection, TrainingJob
from engine.training.loading import Arithmetic, load_model
from engine.training.methods.building import adapt, builder_of
from engine.training.methods.method import Setting
from engine.training.methods.registry import METHODS
from tests.engine.training.jobs import tiny_job

KINDS = list(METHODS)


def test_every_kind_of_the_job_file_has_its_entry() -> None:
    assert set(METHODS) == set(get_args(MethodKind))
    assert all(kind == entry.kind for kind, entry in METHODS.items())
    known = {each.name for each in fields(MethodSection)} - {"kind"}
    assert known == set(get_args(Setting))
    assert known == {name for entry in METHODS.values() for name in entry.settings}


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_says_what_a_form_needs(kind: MethodKind) -> None:
    entry = METHODS[kind]
    assert entry.explanation.endswith(".")
    assert len(entry.explanation) <= 120
    low, high = entry.learning_rates
    assert low <= entry.learning_rate <= high
    assert builder_of(MethodSection(kind)).adapter is None or entry.adapter


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bf16", [False, True])
def test_the_trained_numbers_are_counted_and_fp32(tiny_model: Path, kind: MethodKind, bf16: bool) -> None:
    method = MethodSection(kind, rank=4, block_size=8, virtual_tokens=5, layers=1)
    model = adapt(load_model(tiny_model, method, Arithmetic("cpu", bf16)), method, seed=1)
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    assert sum(weight.numel() for weight in trained) == METHODS[kind].trained(method, read_weights(tiny_model))
    # TRL would make the adapter of a quantised model bf16; the trainer takes that back.
    assert {str(weight.dtype) for weight in trained} == {"torch.float32"}


def test_target_modules_choose_the_layers(tiny_model: Path) -> None:
    weights = read_weights(tiny_model)
    for kind in ("lora", "dora", "oft", "ia3"):
        method = MethodSection(kind, rank=4, block_size=8, target_modules=("q_proj", "down_proj"))
        model = adapt(load_model(tiny_model, method, Arithmetic("cpu", bf16=False)), method, seed=1)
        trained = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
        assert trained == METHODS[kind].trained(method, weights), kind


@pytest.mark.parametrize(
    ("method", "sentence"),
    [
        (
            {"target_modules": ("q_proj", "query")},
            r"^method\.target_modules: the model has no linear layer 'query'; it has .*q_proj",
        ),
        ({"rank": 64}, r"^method\.rank is 64, and .*k_proj is a matrix of 16 × 32; choose a rank of at most 16, or "),
        ({"kind": "dora", "rank": 64}, r"^method\.rank is 64"),
        ({"kind": "pissa", "rank": 17}, r"^method\.rank is 17"),
        (
            {"kind": "oft", "block_size": 24},
            r"^method\.block_size is 24, which does not divide the widths .* \(32, 64\); choose a divisor of 32\.$",
        ),
        ({"kind": "freeze", "layers": 3}, r"^method\.layers is 3, and the model has 2; choose at most that\.$"),
    ],
)
def test_what_does_not_fit_the_model_is_one_sentence(
    workspace: Path, tiny_model: Path, method: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        check_job(tiny_job(tiny_model, method=method), workspace)


def test_a_rank_need_only_fit_the_layers_that_are_chosen(workspace: Path, tiny_model: Path) -> None:
    check_job(tiny_job(tiny_model, method={"rank": 32, "target_modules": ("q_proj", "up_proj")}), workspace)


@pytest.mark.parametrize("kind", KINDS)
def test_vectors_before_a_row_do_not_go_with_packing(workspace: Path, tiny_model: Path, kind: MethodKind) -> None:
    method = {"kind": kind, "block_size": 8, "rank": 4}
    job = tiny_job(tiny_model, method=method, training={"packing": True})
    if METHODS[kind].packed:
        check_job(job, workspace)
    else:
        with pytest.raises(InputError, match=rf"training\.packing does not go with {kind}, whose vectors"):
            check_job(job, workspace)


def test_a_prefix_does_not_go_with_gradient_checkpointing(workspace: Path, tiny_model: Path) -> None:
    training = {"gradient_checkpointing": True}
    check_job(tiny_job(tiny_model, method={"kind": "prompt-tuning"}, training=training), workspace)
    with pytest.raises(InputError, match=r"^training\.gradient_checkpointing does not go with prefix-tuning, whose"):
        check_job(tiny_job(tiny_model, method={"kind": "prefix-tuning"}, training=training), workspace)


def test_settings_of_other_methods_do_not_matter(workspace: Path, tiny_model: Path) -> None:
    check_job(tiny_job(tiny_model, method={"kind": "full", "rank": 4096, "block_size": 7, "layers": 99}), workspace)


def test_names_of_other_families_are_understood() -> None:
    gpt2 = Weights({"wte.weight": (100, 8), "h.0.attn.c_attn.weight": (8, 24), "h.1.mlp.c_fc.weight": (8, 32)})
    assert gpt2.layers == 2
    assert list(gpt2.linear_layers) == ["h.0.attn.c_attn", "h.1.mlp.c_fc"]
    assert Weights({"lm_head.weight": (100, 8)}).layers == 0


def test_the_registry_needs_no_torch() -> None:
    code = (
        "import sys, engine.training.methods.registry; "
        "print([name for name in ('torch', 'peft', 'transformers', 'bitsandbytes', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_default_job_has_the_defaults_of_its_method() -> None:
    job = TrainingJob()
    assert job.training.learning_rate == METHODS[job.method.kind].learning_rate
    assert replace(job.method, kind="qlora").rank == job.method.rank


def test_the_documentation_has_a_row_for_every_method() -> None:
    text = (Path(__file__).parents[4] / "docs" / "training.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| `")]
    table = {cells[0].strip("`"): cells for cells in rows if len(cells) == 6}
    assert list(table) == KINDS
    for kind, entry in METHODS.items():
        settings = table[kind][2].replace("as lora", "rank, alpha, dropout, target_modules")
        assert settings == (", ".join(entry.settings) or "–"), kind
        low, high = (float(each) for each in table[kind][3].split(" – "))
        assert (low, high) == entry.learning_rates, kind
        left = [name for name, there in (("adapter", entry.adapter), ("model", entry.merged)) if there]
        assert table[kind][4] == ", ".join(left), kind
        assert table[kind][5] == ("yes" if entry.vllm_adapter else "no" if entry.adapter else "–"), kind
