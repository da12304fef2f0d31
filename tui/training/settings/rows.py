"""Settings of what a row is and how it is read."""

from __future__ import annotations

from typing import get_args

from engine.training.job import Stage
from tui.training.settings import reading
from tui.training.settings.setting import Setting

_GROUP = "rows"

ROWS = (
    Setting(
        "stage",
        "stage",
        "What a row is: instruction is a question or conversation with answers; text is plain text, to go on with the "
        "pretraining.",
        reading.text,
        choices=get_args(Stage),
        group=_GROUP,
    ),
    Setting(
        "template",
        "template",
        "How a row becomes a prompt: the model's own chat template, alpaca, or a Jinja file of yours.",
        reading.text,
        when_empty="the model's own",
        group=_GROUP,
    ),
    Setting(
        "dataset.mapping",
        "fields",
        "Which fields are the question and the answer, in a dataset that has names of its own for them.",
        reading.mapping,
        reading.mapping_text,
        when_empty="as the format of the rows has them",
        group=_GROUP,
    ),
    Setting(
        "dataset.mix",
        "mixed with",
        "Further datasets with | between them, each with how often an epoch sees its rows: general.jsonl × 0.5.",
        reading.mix,
        reading.mix_text,
        when_empty="nothing",
        group=_GROUP,
    ),
    Setting(
        "dataset.weight",
        "weight",
        "How often an epoch sees each row of the first dataset. Usual: 1; 2 counts it double beside the others.",
        reading.number,
        reading.plain,
        group=_GROUP,
    ),
    Setting(
        "dataset.unusable",
        "unusable rows",
        "Rows that cannot be trained on: refuse to start and say which, or skip them (counted in the run's log).",
        reading.text,
        choices=("refuse", "skip"),
        group=_GROUP,
    ),
    Setting(
        "dataset.max_held_out_rows",
        "held-out rows",
        "How many held-out rows are measured each time: all, or the first so many. Some dozens show the trend.",
        reading.rows,
        reading.rows_text,
        group=_GROUP,
    ),
    Setting(
        "training.loss_on",
        "loss on",
        "Tokens to learn: those of every answer of a conversation, of its last answer, or everything. Usual: answers.",
        reading.text,
        choices=("answers", "last-answer", "everything"),
        group=_GROUP,
    ),
    Setting(
        "training.packing",
        "packing",
        "Lay rows end to end up to the max length, none seeing another: worth it on a GPU where lengths differ much.",
        reading.switch,
        reading.switch_text,
        choices=(reading.OFF, reading.ON),
        group=_GROUP,
    ),
)
