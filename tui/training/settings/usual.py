"""The settings that a run is started with: always shown."""

from __future__ import annotations

from engine.training.methods.registry import METHODS
from tui.training.settings import reading
from tui.training.settings.setting import Setting
from tui.widgets.figures import power

USUAL = (
    Setting(
        "model",
        "model",
        "What is trained: a name that burnish knows (smollm2-135m-instruct), a folder with a model, or a hub id "
        "(owner/model).",
        reading.text,
    ),
    Setting(
        "dataset.path",
        "dataset",
        "File of rows to train on, from the workspace or with its whole path.",
        reading.text,
    ),
    Setting(
        "dataset.max_rows",
        "rows",
        "How many rows are trained on: all, or the first so many. A few dozen are enough for a first try.",
        reading.rows,
        reading.rows_text,
    ),
    Setting(
        "dataset.held_out",
        "held out",
        "Rows that are never trained on, to see whether it learns or learns by heart: a share (10 %), a file, or none.",
        reading.held_out,
        reading.held_out_text,
    ),
    Setting(
        "method.kind",
        "method",
        "Which weights are trained: those of a small adapter beside the model, or the model's own.",
        reading.text,
        choices=tuple(METHODS),
    ),
    Setting(
        "method.rank",
        "rank",
        "Size of the adapter. Usual: 8 to 64; more learns more facts and costs memory.",
        reading.whole,
    ),
    Setting(
        "training.epochs",
        "epochs",
        "How often each row is seen. Usual: 3 for style, 5 to 10 for facts to be learnt by heart.",
        reading.number,
        reading.plain,
    ),
    Setting(
        "training.batch_size",
        "batch",
        "Rows in one step. Usual: 4 to 32; more is steadier and needs more memory.",
        reading.whole,
    ),
    Setting(
        "training.learning_rate",
        "learning rate",
        "How far a step moves the weights, at its highest.",
        reading.number,
        power,
    ),
    Setting(
        "training.max_length",
        "max length",
        "Tokens a row may have, question and answer together; longer rows are cut, and counted. Usual: 512 to 4096.",
        reading.whole,
    ),
    Setting(
        "name",
        "run name",
        "What the run is called; a number is added, so that names never meet.",
        reading.text,
        when_empty="made from the model and the method",
    ),
)
