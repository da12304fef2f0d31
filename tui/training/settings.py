"""The settings of a run as the form shows them: label, way of writing, one line of explanation."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from data.errors import InputError
from data.formats.mapping import FieldMapping
from tui.widgets.figures import power


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the form."""

    path: str
    """Where it stands in the job file ("training.epochs"); "dataset.held_out" stands for both ways of holding out."""
    label: str
    explanation: str
    """What it does, and what is usual."""
    read: Callable[[str], Any]
    """What the text means; raises InputError with the end of a sentence that starts with the label."""
    write: Callable[[Any], str] = str
    choices: tuple[str, ...] = ()
    when_empty: str = ""
    """What stands in an empty line."""
    advanced: bool = False
    only_for: str = ""
    """The method that it belongs to; empty when it belongs to all."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What is held out: a file, or a share of the dataset."""

    file: str = ""
    share: float = 0.0


def _text(text: str) -> str:
    return text.strip()


def _whole(text: str) -> int:
    clean = re.sub(r"[ ,_]", "", text)
    try:
        return int(clean)
    except ValueError:
        raise InputError("must be a whole number") from None


def _number(text: str) -> float:
    try:
        return float(text.strip())
    except ValueError:
        raise InputError("must be a number such as 0.1 or 1e-3") from None


def _rows(text: str) -> int:
    if text.strip().lower() in ("", "all", "0"):
        return 0
    try:
        return _whole(text.lower().removeprefix("first"))
    except InputError:
        raise InputError("must be a whole number, or all") from None


def _held_out(text: str) -> HeldOut:
    clean = text.strip()
    if clean.lower() in ("", "none", "0"):
        return HeldOut()
    share = re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)\s*(%?)", clean)
    if share is None:
        return HeldOut(file=clean)
    value = float(share[1]) / (100 if share[2] else 1)
    if not 0 <= value <= 0.5:
        raise InputError("must be a share of at most 50 %, a file, or none")
    return HeldOut(share=value)


def _held_out_text(value: HeldOut) -> str:
    if value.file:
        return value.file
    return f"{value.share * 100:.4g} %" if value.share else "none"


def _steps(word: str) -> tuple[Callable[[str], int], Callable[[int], str]]:
    """A number of steps whose 0 has a meaning of its own, which is written as a word."""

    def read(text: str) -> int:
        return 0 if text.strip().lower() in ("", word) else _whole(text)

    return read, lambda value: str(value) if value else word


def _questions(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _mapping(text: str) -> dict[str, str]:
    parts = [part.partition("=") for part in text.split(",") if part.strip()]
    if not all(sign and name.strip() and value.strip() for name, sign, value in parts):
        raise InputError("must be written as question=q, answer=a")
    return {name.strip(): value.strip() for name, _, value in parts}


def mapping_text(mapping: FieldMapping) -> str:
    """A mapping as the form writes it: "question=q, answer=a"."""
    named = ((each.name, getattr(mapping, each.name)) for each in fields(mapping))
    return ", ".join(f"{name}={value}" for name, value in named if value)


def _plain(value: float) -> str:
    return f"{value:g}"


_ONCE = _steps("each epoch")
_END = _steps("at the end")

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "model",
        "model",
        "What is trained: a name that burnish knows (smollm2-135m-instruct), a folder with a model, or a hub id "
        "(owner/model).",
        _text,
    ),
    Setting(
        "dataset.path",
        "dataset",
        "File of question-answer pairs, from the workspace or with its whole path.",
        _text,
    ),
    Setting(
        "dataset.max_rows",
        "rows",
        "How many rows are trained on: all, or the first so many. A few dozen are enough for a first try.",
        _rows,
        lambda value: str(value) if value else "all",
    ),
    Setting(
        "dataset.held_out",
        "held out",
        "Rows that are never trained on, to see whether it learns or learns by heart: a share (10 %), a file, or none.",
        _held_out,
        _held_out_text,
    ),
    Setting(
        "method.kind",
        "method",
        "lora trains a small adapter beside the model: fast, little memory. full changes every weight: more memory, "
        "more to forget.",
        _text,
        choices=("lora", "full"),
    ),
    Setting(
        "method.rank",
        "rank",
        "Size of the adapter. Usual: 8 to 64; more learns more facts and costs memory.",
        _whole,
        only_for="lora",
    ),
    Setting(
        "training.epochs",
        "epochs",
        "How often each row is seen. Usual: 3 for style, 5 to 10 for facts to be learnt by heart.",
        _number,
        _plain,
    ),
    Setting(
        "training.batch_size",
        "batch",
        "Rows in one step. Usual: 4 to 32; more is steadier and needs more memory.",
        _whole,
    ),
    Setting(
        "training.learning_rate",
        "learning rate",
        "How far a step moves the weights, at its highest. Usual: 1e-3 to 1e-4 for an adapter, 1e-4 to 1e-5 for full.",
        _number,
        power,
    ),
    Setting(
        "training.max_length",
        "max length",
        "Tokens a row may have, question and answer together; longer rows are cut, and counted. Usual: 512 to 4096.",
        _whole,
    ),
    Setting(
        "name",
        "run name",
        "What the run is called; a number is added, so that names never meet.",
        _text,
        when_empty="made from the model and the method",
    ),
    Setting(
        "dataset.mapping",
        "fields",
        "Which fields are the question and the answer, in a dataset that has names of its own for them.",
        _mapping,
        mapping_text,
        when_empty="as the format of the rows has them",
        advanced=True,
    ),
    Setting(
        "dataset.unusable",
        "unusable rows",
        "Rows that cannot be trained on: refuse to start and say which, or skip them (counted in the run's log).",
        _text,
        choices=("refuse", "skip"),
        advanced=True,
    ),
    Setting(
        "dataset.max_held_out_rows",
        "held-out rows",
        "How many held-out rows are measured each time: all, or the first so many. Some dozens show the trend.",
        _rows,
        lambda value: str(value) if value else "all",
        advanced=True,
    ),
    Setting(
        "training.seed",
        "seed",
        "Start of every random choice: the same seed on the same machine gives the same run.",
        _whole,
        advanced=True,
    ),
    Setting(
        "method.alpha",
        "alpha",
        "How strongly the adapter acts: alpha / rank. Usual: twice the rank.",
        _whole,
        advanced=True,
        only_for="lora",
    ),
    Setting(
        "method.dropout",
        "dropout",
        "Share of the adapter's inputs left out at random against learning by heart. Usual: 0 to 0.1.",
        _number,
        _plain,
        advanced=True,
        only_for="lora",
    ),
    Setting(
        "training.gradient_accumulation",
        "accumulate",
        "Batches added up before the weights move: a larger batch without its memory. Usual: 1.",
        _whole,
        advanced=True,
    ),
    Setting(
        "training.schedule",
        "schedule",
        "How the learning rate falls after its rise. Usual: cosine.",
        _text,
        choices=("cosine", "linear", "constant", "one-cycle"),
        advanced=True,
    ),
    Setting(
        "training.warmup_fraction",
        "warm-up",
        "Share of the steps over which the learning rate rises. Usual: 0.03 to 0.1.",
        _number,
        _plain,
        advanced=True,
    ),
    Setting(
        "training.weight_decay",
        "weight decay",
        "Pulls weights towards zero at each step. Usual: 0 for an adapter, 0 to 0.1 for full.",
        _number,
        _plain,
        advanced=True,
    ),
    Setting(
        "training.max_grad_norm",
        "grad clip",
        "Gradients longer than this are shortened to it, so that one odd batch cannot spoil the run. Usual: 1.",
        _number,
        _plain,
        advanced=True,
    ),
    Setting(
        "training.precision",
        "precision",
        "Arithmetic of a step: auto is bf16 where the processor has it, which is faster; fp32 is exact.",
        _text,
        choices=("auto", "bf16", "fp32"),
        advanced=True,
    ),
    Setting(
        "evaluation.every_steps",
        "evaluate",
        "Steps between two measurements of the held-out loss, or each epoch. Each takes time.",
        *_ONCE,
        advanced=True,
    ),
    Setting(
        "samples.every_steps",
        "sample",
        "Steps between two sample answers, or each epoch. Each takes a few seconds.",
        *_ONCE,
        advanced=True,
    ),
    Setting(
        "samples.questions",
        "questions",
        "Questions to answer during the run, with | between them.",
        _questions,
        " | ".join,
        when_empty="the first two of the dataset",
        advanced=True,
    ),
    Setting(
        "checkpoints.every_steps",
        "save",
        "Steps between two checkpoints, or only at the end (and when stopped).",
        *_END,
        advanced=True,
    ),
    Setting(
        "checkpoints.keep",
        "keep",
        "How many checkpoints are kept; older ones are deleted. Usual: 2.",
        _whole,
        advanced=True,
    ),
    Setting(
        "evaluation.row_losses",
        "row losses",
        "The loss of each row, measured at the end, for the dataset's table: under both models, under the tuned one, "
        "or off. auto: both for up to 5,000 rows.",
        _text,
        choices=("auto", "both", "tuned", "off"),
        advanced=True,
    ),
)
