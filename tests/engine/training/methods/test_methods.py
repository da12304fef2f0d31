"""Every method trains, lowers the loss, saves, is loaded again from the disk, and answers; and goes on where it was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file

from data.templates import Template
from engine.jobs.events import CheckpointSaved, Progress, Resumed, Sample
from engine.training.answering import answer
from engine.training.batching import PadRight
from engine.training.changes import changed_job
from engine.training.checkpoints import checkpoints
from engine.training.examples import encode_rows
from engine.training.job import MethodKind, MethodSection
from engine.training.loading import load_base, load_model
from engine.training.measuring import mean_loss, measure
from engine.training.methods.building import adapt
from engine.training.methods.registry import METHODS
from engine.training.row_losses import Arm, read_losses
from engine.training.rows import load_rows
from engine.training.runs import ADAPTER, MODEL, served_model
from tests.engine.training.conftest import QUESTIONS
from tests.engine.training.jobs import NEVER, QUIET, tiny_job
from tests.engine.training.test_resuming import Attempts, at_step, equal, figures
from tests.engine.training.test_session import FP32, run_here
from tests.tiny import write_rows

KINDS = list(METHODS)
NEW_ANSWER = "20 MHz."
FITTING: dict[str, Any] = {"rank": 8, "alpha": 16, "block_size": 16, "virtual_tokens": 16, "layers": 1}
"""Settings that fit the tiny model."""
RATES: dict[str, float] = {
    "lora-plus": 0.002,
    "oft": 0.02,
    "ia3": 0.3,
    "prompt-tuning": 0.03,
    "prefix-tuning": 0.3,
    "full": 0.003,
}
"""So small a model learns at higher rates than a real one."""


def job_of(kind: MethodKind, model: Path, **sections: dict[str, Any]) -> Any:
    training = {"epochs": 8.0, "learning_rate": RATES.get(kind, 0.01), "schedule": "one-cycle"}
    sections["training"] = training | sections.get("training", {})
    return tiny_job(model, method={"kind": kind, **FITTING}, **sections)


def load_tuned(run: Path, base: Path, method: MethodSection) -> Any:
    """What a run has left, loaded from the disk: `model/`, or `adapter/` on its base."""
    if METHODS[method.kind].merged:
        return load_model(run / MODEL, MethodSection(), FP32)
    return PeftModel.from_pretrained(load_base(base, method, FP32), str(run / ADAPTER))


@pytest.mark.parametrize("kind", KINDS)
def test_it_learns_saves_and_answers_from_the_disk(workspace: Path, taught_model: Path, kind: MethodKind) -> None:
    write_rows(workspace / "data.jsonl", [(question, NEW_ANSWER) for question, _ in QUESTIONS])
    job = job_of(kind, taught_model, samples={"every_steps": NEVER}, evaluation={"every_steps": NEVER})
    _, said, run = run_here(workspace, job, taught_model)
    losses = [event.loss for event in said if isinstance(event, Progress)]
    assert sum(losses[-3:]) < sum(losses[:3])

    method = METHODS[kind]
    assert (run / ADAPTER).is_dir() == method.adapter
    assert (run / MODEL).is_dir() == method.merged
    assert served_model(run) == (run / MODEL if method.merged else None)
    (final,) = [event for event in said if isinstance(event, CheckpointSaved) and event.final]
    assert final.path == (MODEL if method.merged else ADAPTER)

    # What lies on the disk answers what the model in memory answered after its last step.
    loaded = load_tuned(run, taught_model, job.method)
    template = Template.from_model(run / final.path)
    (pad_id,) = template.end_of_turn_ids
    samples = [event for event in said if isinstance(event, Sample)][-2:]
    asked = [[{"role": "user", "content": event.question}] for event in samples]
    assert answer(loaded, template, asked, FP32, pad_id=pad_id) == [event.answer for event in samples]
    if "tuning" not in kind and kind not in ("ia3", "oft", "freeze"):
        assert [event.answer for event in samples] == [NEW_ANSWER] * 2

    # And has the losses that were measured on the model in memory, below those of its base.
    rows = load_rows(job.dataset, workspace).train
    examples = encode_rows(template, rows, 256)
    found = [each for batch in measure(loaded, examples, PadRight(pad_id), 8, FP32) for _, each in batch]
    tuned, base = (mean_of(run, arm) for arm in ("tuned", "base"))
    # The 4 bits that QLoRA trained on are not the weights that it is merged into.
    assert mean_loss(found) == pytest.approx(tuned, rel=0.15 if method.base == "quantised" else 0.01)
    assert mean_loss(found) < 0.995 * base


def mean_of(run: Path, arm: Arm) -> float:
    """The mean loss of a run's rows as it measured them, each target token counting the same."""
    rows = read_losses(run)
    return sum(getattr(row, arm) * row.tokens for row in rows) / sum(row.tokens for row in rows)


@pytest.mark.parametrize("kind", KINDS)
def test_it_goes_on_to_the_same_bits(workspace: Path, tiny_model: Path, kind: MethodKind) -> None:
    fitting = {"rank": 4, "block_size": 8, "layers": 1, "learning_rate_ratio": 5.0}
    job = job_of(kind, tiny_model, training={"epochs": 2.0}, checkpoints={"every_steps": 2}, **QUIET)
    job = replace(job, method=replace(job.method, **fitting))
    straight, broken = (Attempts(workspace, job, tiny_model) for _ in range(2))
    straight.start()
    assert broken.start(at_step(5)) is None
    broken.start()
    assert [event.step for event in broken.last(Resumed)] == [4]
    assert figures(broken.last(Progress)) == figures(straight.last(Progress)[4:])
    folders = [name for name, there in ((ADAPTER, METHODS[kind].adapter), (MODEL, METHODS[kind].merged)) if there]
    for name in folders:
        ours, theirs = (weights_in(run.folder / name) for run in (straight, broken))
        assert equal(ours, theirs), name


def weights_in(folder: Path) -> dict[str, torch.Tensor]:
    (path,) = folder.glob("*.safetensors")
    return load_file(path)


def test_a_changed_rate_keeps_the_ratio_of_two_rates(workspace: Path, tiny_model: Path) -> None:
    job = job_of(
        "lora-plus",
        tiny_model,
        training={"schedule": "constant", "warmup_fraction": 0.0, "learning_rate": 0.01},
        checkpoints={"every_steps": 2},
        **QUIET,
    )
    run = Attempts(workspace, job, tiny_model)
    run.start(at_step(3))
    assert rates_in(checkpoints(run.folder)[-1]) == [0.01, 0.16]
    run.job = changed_job(job, ["training.learning_rate=0.001"])
    run.start(at_step(5))
    assert {event.learning_rate for event in run.last(Progress)} == {0.001}
    assert rates_in(checkpoints(run.folder)[-1]) == [0.001, 0.016]


def rates_in(checkpoint: Path) -> list[float]:
    """The learning rates of the optimizer's groups."""
    state = torch.load(checkpoint / "optimizer.pt", weights_only=True)
    return [group["lr"] for group in state["param_groups"]]


def test_a_pissa_adapter_is_one_for_the_original_model(workspace: Path, taught_model: Path) -> None:
    write_rows(workspace / "data.jsonl", [(question, NEW_ANSWER) for question, _ in QUESTIONS])
    job = job_of("pissa", taught_model, training={"epochs": 3.0}, **QUIET)
    _, _, run = run_here(workspace, job, taught_model)
    settings = json.loads((run / ADAPTER / "adapter_config.json").read_text())
    assert (settings["r"], settings["lora_alpha"], settings["init_lora_weights"]) == (16, 32, True)
    base = load_base(taught_model, job.method, FP32)
    beside = PeftModel.from_pretrained(base, str(run / ADAPTER))
    merged = load_tuned(run, taught_model, job.method)
    ids = torch.tensor([[5, 9, 33, 40, 41, 2]])
    with torch.no_grad():
        expected, found = merged(input_ids=ids).logits, beside(input_ids=ids).logits
        with beside.disable_adapter():
            untouched = beside(input_ids=ids).logits
    assert (found - expected).norm() < 0.02 * expected.norm()
    assert (untouched - expected).norm() > 0.1 * expected.norm()


def test_pissa_begins_as_the_model_itself_and_always_with_the_same_split(taught_model: Path) -> None:
    method = MethodSection("pissa", rank=8, alpha=16)
    ids = torch.tensor([[5, 9, 33, 40, 41, 2]])
    first, second = (adapt(load_base(taught_model, method, FP32), method, seed=4) for _ in range(2))
    weights = [dict(model.named_parameters()) for model in (first, second)]
    assert equal(*weights)
    with torch.no_grad():
        torch.testing.assert_close(
            first(input_ids=ids).logits, load_base(taught_model, method, FP32)(input_ids=ids).logits, rtol=0, atol=1e-3
        )


def test_answers_after_virtual_tokens_are_those_of_the_plain_forward_pass(taught_model: Path) -> None:
    """Generation keeps a cache and counts positions by itself; a question of another length is no padding before it."""
    template = Template.from_model(taught_model)
    (pad_id,) = template.end_of_turn_ids
    asked = [[{"role": "user", "content": text}] for text in ("How fast is chip 3? " * 3, "Who?")]
    for kind in ("prompt-tuning", "prefix-tuning"):
        method = MethodSection(kind, virtual_tokens=12)
        model = adapt(load_base(taught_model, method, FP32), method, seed=5)
        for weight in model.parameters():
            if weight.requires_grad:
                torch.nn.init.normal_(weight, std=2.0)
        plain: list[str] = []
        for turns in asked:
            ids = list(template.encode(turns, add_generation_prompt=True).token_ids)
            prompt = len(ids)
            with torch.no_grad():
                while len(ids) < prompt + 8 and ids[-1] not in template.end_of_turn_ids:
                    ids.append(int(model(input_ids=torch.tensor([ids]), use_cache=False).logits[0, -1].argmax()))
            plain.append(template.decode([token for token in ids[prompt:] if token != pad_id]).strip())
        assert answer(model, template, asked, FP32, pad_id=pad_id, max_tokens=8) == plain, kind
