"""Settings of the method: each is shown where the chosen method has it."""

from __future__ import annotations

from tui.training.settings import reading
from tui.training.settings.setting import Setting

_GROUP = "method"

METHOD = (
    Setting(
        "method.alpha",
        "alpha",
        "How strongly the adapter acts: alpha / rank. Usual: twice the rank.",
        reading.whole,
        group=_GROUP,
    ),
    Setting(
        "method.dropout",
        "dropout",
        "Share of the adapter's inputs left out at random against learning by heart. Usual: 0 to 0.1.",
        reading.number,
        reading.plain,
        group=_GROUP,
    ),
    Setting(
        "method.target_modules",
        "on layers",
        "Names of the layers that get an adapter, such as q_proj, v_proj. Usual: all of them.",
        reading.names,
        ", ".join,
        when_empty="every linear layer but the output",
        group=_GROUP,
    ),
    Setting(
        "method.learning_rate_ratio",
        "B faster by",
        "How many times faster the adapter's second matrix learns than its first. Usual: 16.",
        reading.number,
        reading.plain,
        group=_GROUP,
    ),
    Setting(
        "method.layers",
        "last layers",
        "How many of the model's last layers are trained; the others stay as they are. Usual: 2 to a third of them.",
        reading.whole,
        group=_GROUP,
    ),
    Setting(
        "method.virtual_tokens",
        "virtual tokens",
        "Learnt vectors that stand before every prompt. Usual: 8 to 100.",
        reading.whole,
        group=_GROUP,
    ),
    Setting(
        "method.block_size",
        "block size",
        "Size of the blocks that are rotated; it must divide the widths of the layers. Usual: 32.",
        reading.whole,
        group=_GROUP,
    ),
)
