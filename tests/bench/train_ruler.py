"""The held-out loss of what each arm of `tests.bench.train` learnt, by one ruler, and the rate of a matrix product.

`python -m tests.bench.train_ruler MODEL ROWS THREADS ADAPTER …` prints one JSON object.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch
from peft import PeftModel

from data.formats.reading import pairs
from data.templates import Template
from engine.hardware.gemm import gemm_rate
from engine.training.batching import PadRight
from engine.training.examples import encode_rows
from engine.training.job import MethodSection
from engine.training.loading import choose_arithmetic, choose_attention, load_model
from engine.training.measuring import mean_loss, measure


def main(model: str, rows: str, threads: str, *adapters: str) -> None:
    """Print `gemm` (FLOP/s) and the loss of each adapter by its path."""
    torch.set_num_threads(int(threads))
    directory = Path(model)
    arithmetic = choose_arithmetic("auto")
    examples = encode_rows(Template.from_model(directory), list(pairs(Path(rows))), 512)
    losses: dict[str, float] = {}
    for adapter in adapters:
        base = load_model(directory, MethodSection(), arithmetic)
        choose_attention(base, max(examples.lengths), arithmetic)
        tuned = PeftModel.from_pretrained(base, adapter) if adapter else base
        batches = measure(tuned, examples, PadRight(0), 8, arithmetic)
        losses[adapter] = mean_loss(loss for batch in batches for _, loss in batch)
    rate = gemm_rate("cpu", "bf16" if arithmetic.bf16 else "fp32")
    print(json.dumps({"gemm": rate, "losses": losses}))


if __name__ == "__main__":
    main(*sys.argv[1:])
