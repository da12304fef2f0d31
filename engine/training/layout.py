"""Whether a model can compute rows that lie end to end, and how its batches are made (worker side)."""

from __future__ import annotations

from typing import Any

import torch

from engine.training.batching import EndToEnd, PadRight
from engine.training.job import TrainingJob
from engine.training.loading import Arithmetic, choose_attention
from engine.training.loss import losses_by_row
from engine.training.methods.registry import method_of
from engine.training.row_attention import ROWS

_PROBE = ([5, 9, 33, 40, 41, 7], [5, 9, 34, 8, 3, 21, 6, 12, 30], [5, 9, 11])
"""Rows of low token ids, which every vocabulary has."""
_TOLERANCE = {False: 1e-3, True: 0.05}
"""How far the losses of the probe may be apart, as a share, in fp32 and in bf16: another row in sight changes them by
far more."""


def choose_layout(model: Any, longest: int, arithmetic: Arithmetic, job: TrainingJob, pad_id: int) -> PadRight:
    """How rows of up to `longest` tokens become batches of this model, and the attention that goes with it.

    End to end where the model computes the same losses that way, which is tried; else padded.
    """
    choose_attention(model, longest, arithmetic)
    window = getattr(model.config.get_text_config(), "sliding_window", None)
    # torch.compile would compile anew for nearly every batch.
    apart = not method_of(job.method).packed or job.training.compile or (window is not None and window < longest)
    together = EndToEnd(pad_id, share=not job.method.dropout)
    if apart or not _same(model, together, arithmetic):
        return PadRight(pad_id)
    model.set_attn_implementation(ROWS)
    return together


def use_layout(model: Any, collator: PadRight, longest: int, arithmetic: Arithmetic) -> None:
    """Give another model of the same kind the attention that goes with these batches."""
    if isinstance(collator, EndToEnd):
        model.set_attn_implementation(ROWS)
    else:
        choose_attention(model, longest, arithmetic)


def _same(model: Any, together: EndToEnd, arithmetic: Arithmetic) -> bool:
    """Whether the losses of the probe are those of padded rows. Leaves the model's attention as it was."""
    usual = model.config._attn_implementation
    rows = [{"input_ids": ids, "labels": [-100, -100, *ids[2:]]} for ids in _PROBE]
    training = model.training
    model.eval()
    try:
        expected = _losses(model, PadRight(together.pad_id)(rows), arithmetic)
        model.set_attn_implementation(ROWS)
        found = _losses(model, together(rows), arithmetic)
    except (TypeError, ValueError, RuntimeError, KeyError, AttributeError, NotImplementedError):
        # Whatever a model does not take, it is not given.
        return False
    finally:
        model.set_attn_implementation(usual)
        model.train(training)
    return bool(torch.all((found - expected).abs() <= _TOLERANCE[arithmetic.bf16] * expected.abs()))


def _losses(model: Any, batch: dict[str, Any], arithmetic: Arithmetic) -> torch.Tensor:
    batch = {name: each.to(model.device) if hasattr(each, "to") else each for name, each in batch.items()}
    with torch.no_grad(), torch.autocast(arithmetic.device, torch.bfloat16, enabled=arithmetic.bf16):
        return losses_by_row(model, batch, len(_PROBE))[0]
