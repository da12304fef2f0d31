"""The job file of a training run (`job.toml`): its fields, their defaults, and their validation."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from data.errors import InputError
from data.formats.mapping import FieldMapping
from data.formats.mapping_file import table_text, toml_text


@dataclass(frozen=True, slots=True)
class DatasetSection:
    """Which rows are trained on, and which are held out."""

    path: str = ""
    """Dataset file, relative to the workspace or absolute."""
    max_rows: int = 0
    """Train on the first so many rows only; 0 means all."""
    held_out: str = ""
    """File whose rows are never trained on; empty: a share of `path` is held out instead."""
    held_out_fraction: float = 0.0
    """Share of the rows of `path` to hold out (0 to 0.5), used when `held_out` is empty."""
    max_held_out_rows: int = 0
    """Measure the held-out loss on the first so many rows only; 0 means all."""
    unusable: Literal["refuse", "skip"] = "refuse"
    """What happens when rows cannot be trained on: the run does not start, or it goes on without them."""
    mapping: FieldMapping = field(default_factory=FieldMapping)
    """Which fields are the question and the answer; empty where the format of the rows says it."""


@dataclass(frozen=True, slots=True)
class MethodSection:
    """Which weights are trained."""

    kind: Literal["lora", "full"] = "lora"
    rank: int = 32
    """Rank of the adapter's matrices (lora)."""
    alpha: int = 64
    """Scale of the adapter: alpha / rank (lora)."""
    dropout: float = 0.0


@dataclass(frozen=True, slots=True)
class HyperparameterSection:
    """How the weights are trained."""

    epochs: float = 8.0
    batch_size: int = 8
    gradient_accumulation: int = 1
    learning_rate: float = 1e-3
    """Peak learning rate. Usual: 1e-3 to 1e-4 for an adapter, 1e-4 to 1e-5 for full fine-tuning."""
    schedule: Literal["cosine", "linear", "constant", "one-cycle"] = "cosine"
    warmup_fraction: float = 0.1
    """Share of the steps over which the learning rate rises."""
    weight_decay: float = 0.0
    max_grad_norm: float = 1.0
    max_length: int = 512
    """Tokens a row may have, prompt and answer; longer rows are cut and counted."""
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """Arithmetic of the forward and backward pass; auto is bf16 where the processor has it."""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class MonitorSection:
    """What the run reports while it goes, and what it keeps."""

    evaluate_every: int = 0
    """Steps between held-out losses; 0: once an epoch."""
    sample_every: int = 0
    """Steps between sample answers; 0: once an epoch."""
    sample_questions: tuple[str, ...] = ()
    """Questions to answer; empty: the first two of the dataset."""
    save_every: int = 0
    """Steps between checkpoints; 0: only at the end and when stopped."""
    keep_checkpoints: int = 2


@dataclass(frozen=True, slots=True)
class EvaluationSection:
    """What is measured when the training is over and the tuned model saved."""

    row_losses: Literal["auto", "both", "tuned", "off"] = "auto"
    """The loss of each row: under base and tuned model, under the tuned one only, or not at all; auto measures both
    for up to 5,000 rows, and nothing for more."""


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """Everything that decides a run.

    Written as `job.toml` in the run's folder; once the run has begun only what `changes` lists may become other.
    """

    model: str = "smollm2-135m-instruct"
    """An embedded model's name, a local directory, or a hub id."""
    name: str = ""
    """Short name shown for the run; empty: made from the model and the method."""
    dataset: DatasetSection = field(default_factory=DatasetSection)
    method: MethodSection = field(default_factory=MethodSection)
    training: HyperparameterSection = field(default_factory=HyperparameterSection)
    monitor: MonitorSection = field(default_factory=MonitorSection)
    evaluation: EvaluationSection = field(default_factory=EvaluationSection)

    @property
    def label(self) -> str:
        """The name, or one made of the model's first word and the method ("smollm2-lora")."""
        return self.name or f"{Path(self.model).name.split('-')[0].lower()}-{self.method.kind}"


def read_job(path: Path) -> TrainingJob:
    """Read and validate a job file. Raises InputError with one sentence that names the file and the field."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"There is no job file {path}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a TOML file: {error}.") from None
    return job_from(values, where=path.name)


def job_from(values: dict[str, Any], *, where: str = "job") -> TrainingJob:
    """A job from parsed TOML. Raises InputError for an unknown key (naming the nearest right one) or a wrong value."""
    job = cast(TrainingJob, _section(TrainingJob, values, where, ""))
    _check(job, where)
    return job


def job_text(job: TrainingJob) -> str:
    """The job as TOML, every field written out, so that a later default changes no old run."""
    top = [f"{each.name} = {_toml(getattr(job, each.name))}" for each in fields(job) if not _is_section(job, each.name)]
    lines = [*top]
    for each in fields(job):
        section = getattr(job, each.name)
        if is_dataclass(section):
            lines += ["", f"[{each.name}]"]
            inner = [key for key in fields(section) if is_dataclass(getattr(section, key.name))]
            lines += [
                f"{key.name} = {_toml(getattr(section, key.name))}" for key in fields(section) if key not in inner
            ]
    if job.dataset.mapping:
        lines += ["", "[dataset.mapping]", table_text(job.dataset.mapping).rstrip()]
    return "\n".join(lines) + "\n"


def _is_section(job: TrainingJob, name: str) -> bool:
    return is_dataclass(getattr(job, name))


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return toml_text(value) if isinstance(value, str) else repr(value)


def _section(kind: type[Any], values: dict[str, Any], where: str, prefix: str) -> Any:
    known = {each.name: each for each in fields(kind)}
    hints = get_type_hints(kind)
    arguments: dict[str, Any] = {}
    for name, value in values.items():
        full = f"{prefix}{name}"
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {prefix}{near[0]}?" if near else f"known here: {', '.join(known)}."
            raise InputError(f"{where}: there is no setting {full}; {hint}")
        hint_type = hints[name]
        if is_dataclass(hint_type):
            if not isinstance(value, dict):
                raise InputError(f"{where}: {full} must be a table, written [{full}].")
            arguments[name] = _section(cast(type[Any], hint_type), value, where, f"{full}.")
        else:
            arguments[name] = _value(hint_type, value, where, full)
    return kind(**arguments)


def _value(hint: Any, value: object, where: str, full: str) -> object:
    origin = get_origin(hint)
    if origin is Literal:
        if value in get_args(hint):
            return value
        raise InputError(f"{where}: {full} is {value!r}; it can be {', '.join(map(str, get_args(hint)))}.")
    if origin is tuple:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise InputError(f'{where}: {full} must be a list of texts, written ["…", "…"].')
    if origin in (Union, UnionType):
        hint = next(each for each in get_args(hint) if each is not type(None))
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, hint) and (hint is bool or not isinstance(value, bool)):
        return value
    words = {int: "a whole number", float: "a number", str: "a text in quotes", bool: "true or false"}
    raise InputError(f"{where}: {full} is {value!r}; it must be {words[hint]}.")


def _check(job: TrainingJob, where: str) -> None:
    """Refuse values that no run could use."""
    rules: tuple[tuple[bool, str], ...] = (
        (bool(job.model), "model is empty; give a name, a directory or a hub id"),
        (bool(job.dataset.path), "dataset.path is empty; give a dataset file"),
        (job.dataset.max_rows >= 0, "dataset.max_rows must be 0 (all) or more"),
        (job.dataset.max_held_out_rows >= 0, "dataset.max_held_out_rows must be 0 (all) or more"),
        (0 <= job.dataset.held_out_fraction <= 0.5, "dataset.held_out_fraction must be between 0 and 0.5"),
        (job.method.rank >= 1, "method.rank must be 1 or more"),
        (job.method.alpha >= 1, "method.alpha must be 1 or more"),
        (0 <= job.method.dropout < 1, "method.dropout must be at least 0 and below 1"),
        (job.training.epochs > 0, "training.epochs must be more than 0"),
        (job.training.batch_size >= 1, "training.batch_size must be 1 or more"),
        (job.training.gradient_accumulation >= 1, "training.gradient_accumulation must be 1 or more"),
        (0 < job.training.learning_rate < 1, "training.learning_rate must be more than 0 and below 1"),
        (0 <= job.training.warmup_fraction < 1, "training.warmup_fraction must be at least 0 and below 1"),
        (job.training.weight_decay >= 0, "training.weight_decay must be 0 or more"),
        (job.training.max_grad_norm > 0, "training.max_grad_norm must be more than 0"),
        (job.training.max_length >= 8, "training.max_length must be 8 or more"),
        (job.monitor.evaluate_every >= 0, "monitor.evaluate_every must be 0 (once an epoch) or more"),
        (job.monitor.sample_every >= 0, "monitor.sample_every must be 0 (once an epoch) or more"),
        (job.monitor.save_every >= 0, "monitor.save_every must be 0 (only at the end) or more"),
        (job.monitor.keep_checkpoints >= 1, "monitor.keep_checkpoints must be 1 or more"),
    )
    for holds, sentence in rules:
        if not holds:
            raise InputError(f"{where}: {sentence}.")
    if job.dataset.mapping:
        job.dataset.mapping.check(f"{where}, dataset.mapping")
