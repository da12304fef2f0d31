"""Rows that lie end to end are computed as if each were alone: losses, gradients, and what is computed once."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.training import row_attention
from engine.training.batching import EndToEnd, PadRight
from engine.training.job import MethodSection, TrainingJob
from engine.training.labels import IGNORED
from engine.training.layout import choose_layout
from engine.training.loading import load_model
from engine.training.loss import completion_loss, losses_by_row
from engine.training.row_attention import ROWS, lay_out
from tests.engine.training.test_loss import FP32, gradients, model, plain_loss

PREFIX = [5, 9, 33, 40, 41, 12, 8]


def make_rows(lengths: list[int], prefix: list[int] = PREFIX) -> list[dict[str, list[int]]]:
    """Rows that begin with the prefix; the last half of the rest of each is its answer."""
    draw = random.Random(4)
    rows: list[dict[str, list[int]]] = []
    for length in lengths:
        ids = [*prefix, *(draw.randrange(3, 300) for _ in range(length - len(prefix)))]
        prompt = len(prefix) + (length - len(prefix)) // 2
        rows.append({"input_ids": ids, "labels": [IGNORED] * prompt + ids[prompt:]})
    return rows


@pytest.mark.parametrize("kind", ["lora", "full"])
@pytest.mark.parametrize("share", [True, False])
@pytest.mark.parametrize("plain", [256, 20])
def test_gradients_are_those_of_rows_alone(
    tiny_model: Path, kind: str, share: bool, plain: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_attention, "LONGEST_PLAIN", plain)
    rows = make_rows([12, 60, 14, 130, 70, 12])
    batch = EndToEnd(2, share)(rows)
    tested = model(tiny_model, kind, ROWS)
    loss = completion_loss(tested, batch)
    ours = gradients(tested, loss)
    alone = model(tiny_model, kind, "eager")
    plain_one = plain_loss(alone, rows)
    theirs = gradients(alone, plain_one)
    assert loss.item() == pytest.approx(plain_one.item(), rel=1e-5)
    assert len(ours) > 10
    for name, gradient in theirs.items():
        assert gradient.abs().sum() > 0, name
        torch.testing.assert_close(ours[name], gradient, rtol=1e-4, atol=1e-6)
    computed = sum(len(row["input_ids"]) for row in rows) - share * 5 * len(PREFIX)
    assert batch["input_ids"].numel() == batch["counts"].computed == computed
    assert batch["counts"].tokens == 298


def test_a_row_is_not_changed_by_its_neighbours(tiny_model: Path) -> None:
    tested = model(tiny_model, "full", ROWS)
    rows = make_rows([20, 40, 30])
    with torch.no_grad():
        before = losses_by_row(tested, EndToEnd(2)(rows), 3)[0]
        rows[1] = {"input_ids": [*PREFIX, *range(200, 240)], "labels": [IGNORED] * 9 + [*range(202, 240)]}
        after = losses_by_row(tested, EndToEnd(2)(rows), 3)[0]
        alone = [losses_by_row(tested, EndToEnd(2)([row]), 1)[0] for row in rows]
    assert abs(after[1] - before[1]) > 0.01
    torch.testing.assert_close(after[[0, 2]], before[[0, 2]])
    torch.testing.assert_close(after, torch.cat(alone))


def test_nothing_is_shared_that_predicts_a_target() -> None:
    rows = [{"input_ids": [7, 8, 9, 1], "labels": [IGNORED, 8, 9, 1]}, {"input_ids": [7, 8, 3], "labels": [7, 8, 3]}]
    batch = EndToEnd(0)(rows)
    assert batch["input_ids"].tolist() == [[7, 8, 9, 1, 7, 8, 3]]
    assert batch["labels"].tolist() == [[IGNORED, 8, 9, 1, IGNORED, 8, 3]]
    assert batch["position_ids"].tolist() == [[0, 1, 2, 3, 0, 1, 2]]
    later = [
        {"input_ids": [7, 8, 9, 1], "labels": [IGNORED] * 3 + [1]},
        {"input_ids": [7, 8, 9, 2, 4], "labels": [IGNORED] * 4 + [4]},
    ]
    batch = EndToEnd(0)(later)
    assert batch["input_ids"].tolist() == [[7, 8, 9, 1, 9, 2, 4]]
    assert batch["labels"].tolist() == [[IGNORED] * 3 + [1] + [IGNORED] * 2 + [4]]


def test_rows_of_different_lengths_are_padded_little() -> None:
    layout = lay_out([2000, *[30] * 40], shared=3)
    assert len(layout.places) == 2000 + 40 * 30
    assert len(layout.blocks) == 2


def test_counts_are_those_of_padded_rows() -> None:
    rows = make_rows([12, 60, 14])
    padded, together = PadRight(2)(rows)["counts"], EndToEnd(2)(rows)["counts"]
    assert (
        (padded.rows, padded.tokens, padded.targets)
        == (together.rows, together.tokens, together.targets)
        == (3, 86, 34)
    )
    assert (padded.computed, together.computed) == (180, 86 - 2 * len(PREFIX))


def test_a_layout_is_chosen_that_the_model_computes_right(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: Any = load_model(tiny_model, MethodSection(kind="full"), FP32)
    job = TrainingJob()
    assert choose_layout(loaded, 100, FP32, job, 2) == EndToEnd(2)
    assert loaded.config._attn_implementation == ROWS
    loaded.config.sliding_window = 64
    assert type(choose_layout(loaded, 100, FP32, job, 2)) is PadRight
    assert loaded.config._attn_implementation == "eager"
    del loaded.config.sliding_window
    # A model whose rows would see each other is given padded ones.
    loaded.set_attn_implementation("sdpa")
    monkeypatch.setattr("engine.training.layout.ROWS", "sdpa")
    assert type(choose_layout(loaded, 100, FP32, job, 2)) is PadRight


def test_generation_is_that_of_the_usual_attention(tiny_model: Path) -> None:
    loaded: Any = load_model(tiny_model, MethodSection(kind="full"), FP32)
    ids, mask = torch.tensor([[2, 2, 7, 8], [5, 9, 33, 40]]), torch.tensor([[0, 0, 1, 1], [1, 1, 1, 1]])
    found = []
    for name in (ROWS, "eager"):
        loaded.set_attn_implementation(name)
        found.append(loaded.generate(input_ids=ids, attention_mask=mask, max_new_tokens=5, do_sample=False).tolist())
    assert found[0] == found[1]
