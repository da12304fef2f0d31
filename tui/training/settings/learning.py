"""Settings of how a step is made and how many there are."""

from __future__ import annotations

from tui.training.settings import reading
from tui.training.settings.setting import Setting

_GROUP = "training"

LEARNING = (
    Setting(
        "training.max_steps",
        "most steps",
        "Steps after which the run ends, whatever the epochs say. Usual: as the epochs say.",
        *reading.or_word("as the epochs say"),
        group=_GROUP,
    ),
    Setting(
        "training.gradient_accumulation",
        "accumulate",
        "Batches added up before the weights move: a larger batch without its memory. Usual: 1.",
        reading.whole,
        group=_GROUP,
    ),
    Setting(
        "training.schedule",
        "schedule",
        "How the learning rate falls after its rise. Usual: cosine.",
        reading.text,
        choices=("cosine", "linear", "constant", "one-cycle"),
        group=_GROUP,
    ),
    Setting(
        "training.warmup_fraction",
        "warm-up",
        "Share of the steps over which the learning rate rises. Usual: 0.03 to 0.1.",
        reading.number,
        reading.plain,
        group=_GROUP,
    ),
    Setting(
        "training.weight_decay",
        "weight decay",
        "Pulls weights towards zero at each step. Usual: 0 for an adapter, 0 to 0.1 for full.",
        reading.number,
        reading.plain,
        group=_GROUP,
    ),
    Setting(
        "training.max_grad_norm",
        "grad clip",
        "Gradients longer than this are shortened to it, so that one odd batch cannot spoil the run. Usual: 1.",
        reading.number,
        reading.plain,
        group=_GROUP,
    ),
    Setting(
        "training.optimizer",
        "optimizer",
        "adamw keeps two numbers a trained weight in fp32; adamw-8bit in a quarter of that memory (on a GPU).",
        reading.text,
        choices=("adamw", "adamw-8bit"),
        group=_GROUP,
    ),
    Setting(
        "training.precision",
        "precision",
        "Arithmetic of a step: auto is bf16 where the processor has it, which is faster; fp32 is exact.",
        reading.text,
        choices=("auto", "bf16", "fp32"),
        group=_GROUP,
    ),
    Setting(
        "training.gradient_checkpointing",
        "recompute",
        "Gradient checkpointing: computes activations twice instead of keeping them. A third slower, far less memory.",
        reading.switch,
        reading.switch_text,
        choices=(reading.OFF, reading.ON),
        group=_GROUP,
    ),
    Setting(
        "training.compile",
        "compile",
        "Compile the model with torch.compile: minutes at the start, then quicker steps. For long runs on a GPU.",
        reading.switch,
        reading.switch_text,
        choices=(reading.OFF, reading.ON),
        group=_GROUP,
    ),
    Setting(
        "training.seed",
        "seed",
        "Start of every random choice: the same seed on the same machine gives the same run.",
        reading.whole,
        group=_GROUP,
    ),
)
