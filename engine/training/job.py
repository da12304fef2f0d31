"""The job file of a training run (`job.toml`): its fields, their defaults, and their validation."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from data.errors import InputError
from data.formats.mapping import FieldMapping
from data.formats.mapping_file import table_text
from data.toml_value import toml_value

_ADDRESS = re.compile(r"[\w.:\[\]-]+:\d{1,5}")
"""Host name, IPv4 or bracketed IPv6 address, and a port."""

Stage = Literal["instruction", "text"]
MethodKind = Literal[
    "lora",
    "qlora",
    "dora",
    "rslora",
    "pissa",
    "lora-plus",
    "oft",
    "ia3",
    "prompt-tuning",
    "prefix-tuning",
    "freeze",
    "full",
]


@dataclass(frozen=True, slots=True)
class MixedDataset:
    """A further dataset that is mixed with the first one (`[[dataset.mix]]`)."""

    path: str = ""
    """Dataset file, relative to the workspace or absolute."""
    weight: float = 1.0
    """How often each of its rows is seen in an epoch: 1 is once, 2 twice, 0.5 every other row, others each epoch."""
    max_rows: int = 0
    """Train on the first so many rows only; 0 means all."""
    mapping: FieldMapping = field(default_factory=FieldMapping)
    """Which fields are the question and the answer; empty where the format of the rows says it."""


@dataclass(frozen=True, slots=True)
class DatasetSection:
    """Which rows are trained on, and which are held out."""

    path: str = ""
    """Dataset file, relative to the workspace or absolute."""
    weight: float = 1.0
    """How often each of its rows is seen in an epoch, beside those of `mix`."""
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
    mix: tuple[MixedDataset, ...] = ()
    """Further datasets, each with a weight of its own."""


@dataclass(frozen=True, slots=True)
class MethodSection:
    """Which weights are trained. Which settings belong to which kind: `engine.training.methods`."""

    kind: MethodKind = "lora"
    rank: int = 32
    """Rank of the adapter's matrices."""
    alpha: int = 64
    """Scale of the adapter: alpha / rank (rslora: alpha / √rank)."""
    dropout: float = 0.0
    target_modules: tuple[str, ...] = ()
    """Names of the layers that get an adapter ("q_proj"); empty: every linear layer but the output."""
    learning_rate_ratio: float = 16.0
    """How many times faster the adapter's second matrix learns than its first (lora-plus)."""
    layers: int = 2
    """How many of the last layers are trained (freeze)."""
    virtual_tokens: int = 20
    """Learnt vectors before every prompt (prompt-tuning, prefix-tuning)."""
    block_size: int = 32
    """Size of the rotated blocks; must divide the layers' widths (oft)."""


@dataclass(frozen=True, slots=True)
class HyperparameterSection:
    """How the weights are trained."""

    epochs: float = 8.0
    max_steps: int = 0
    """Optimizer steps after which the run ends, whatever `epochs` says; 0: `epochs` decides."""
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
    loss_on: Literal["answers", "last-answer", "everything"] = "answers"
    """Tokens that carry loss: those of every answer of a conversation, of its last answer, or all."""
    packing: bool = False
    """Rows laid end to end up to `max_length`, none seeing another; otherwise rows of one length share a batch."""
    optimizer: Literal["adamw", "adamw-8bit"] = "adamw"
    gradient_checkpointing: bool = False
    """Compute activations again in the backward pass instead of keeping them: a third slower, far less memory."""
    compile: bool = False
    """Compile the model with torch.compile: a slow start, then quicker steps (on a GPU)."""
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """Arithmetic of the forward and backward pass; auto is bf16 where the processor has it."""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class EvaluationSection:
    """What is measured on rows that are not trained on, and what follows from it."""

    every_steps: int = 0
    """Steps between held-out losses; 0: once an epoch."""
    stop_after: int = 0
    """Stop early after so many evaluations without a lower held-out loss; 0: never."""
    row_losses: Literal["auto", "both", "tuned", "off"] = "auto"
    """The loss of each row at the end: under base and tuned model, under the tuned one only, or not at all; auto
    measures both for up to 5,000 rows, and nothing for more."""


@dataclass(frozen=True, slots=True)
class SampleSection:
    """Questions that are answered while the run goes."""

    every_steps: int = 0
    """Steps between sample answers; 0: once an epoch."""
    questions: tuple[str, ...] = ()
    """Questions to answer; empty: the first two of the dataset."""


@dataclass(frozen=True, slots=True)
class CheckpointSection:
    """What is kept of a run while it goes, to resume from."""

    every_minutes: float = 10.0
    """Minutes of training between two checkpoints; 0: time does not matter."""
    every_steps: int = 0
    """Steps between two checkpoints; 0: steps do not matter."""
    keep: int = 2
    """How many of the newest checkpoints are kept."""
    best: Literal["off", "keep", "use"] = "keep"
    """The checkpoint with the lowest held-out loss: not kept, kept beside the newest, or kept and made the model that
    the run leaves."""


@dataclass(frozen=True, slots=True)
class LimitSection:
    """What a run may take."""

    hours: float = 0.0
    """Hours of training after which the run saves and stops; 0: no limit."""
    memory_gib: float = 0.0
    """Memory it may take; 0: what is available at the start less a reserve for the machine."""


@dataclass(frozen=True, slots=True)
class ParallelSection:
    """Over how many processes and machines a run is spread."""

    processes: int = 1
    """Training processes on each machine: one for each of its GPUs."""
    machines: int = 1
    """Machines that train together; the run is started on each of them."""
    sharding: Literal["none", "fsdp"] = "none"
    """Whether every process holds the whole model, or its share of it (fully sharded data parallel)."""
    address: str = ""
    """Where the processes of several machines meet: host:port of the first machine ("192.168.100.10:29500")."""

    @property
    def world_size(self) -> int:
        """All processes of all machines."""
        return self.processes * self.machines


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """Everything that decides a run.

    Written as `job.toml` in the run's folder; once the run has begun only what `changes` lists may become other.
    """

    model: str = "smollm2-135m-instruct"
    """An embedded model's name, a local directory, or a hub id."""
    name: str = ""
    """Short name shown for the run; empty: made from the model and the method."""
    stage: Stage = "instruction"
    """Rows are questions with answers, or plain text that the pretraining is continued on."""
    template: str = ""
    """How a row becomes a prompt: empty for the model's own chat template, "alpaca", or a Jinja file."""
    dataset: DatasetSection = field(default_factory=DatasetSection)
    method: MethodSection = field(default_factory=MethodSection)
    training: HyperparameterSection = field(default_factory=HyperparameterSection)
    evaluation: EvaluationSection = field(default_factory=EvaluationSection)
    samples: SampleSection = field(default_factory=SampleSection)
    checkpoints: CheckpointSection = field(default_factory=CheckpointSection)
    limits: LimitSection = field(default_factory=LimitSection)
    parallel: ParallelSection = field(default_factory=ParallelSection)

    @property
    def label(self) -> str:
        """The name, or one made of the model's first word and the method ("smollm2-lora")."""
        return self.name or f"{Path(self.model).name.split('-')[0].lower()}-{self.method.kind}"


def read_job(path: Path) -> TrainingJob:
    """Read and validate a job file. Raises InputError with one sentence that names the file and the field."""
    return job_from(read_values(path), where=path.name)


def read_values(path: Path) -> dict[str, Any]:
    """What a job file says, not yet validated. Raises InputError for a file that is none or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"There is no job file {path}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a TOML file: {error}.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None


def job_from(values: dict[str, Any], *, where: str = "job") -> TrainingJob:
    """A job from parsed TOML. Raises InputError for an unknown key (naming the nearest right one) or a wrong value."""
    job = cast(TrainingJob, _section(TrainingJob, values, where, ""))
    _check(job, where)
    return job


def job_text(job: TrainingJob) -> str:
    """The job as TOML, every field written out, so that a later default changes no old run."""
    top = [
        f"{each.name} = {toml_value(getattr(job, each.name))}"
        for each in fields(job)
        if not _is_section(job, each.name)
    ]
    lines = [*top]
    for each in fields(job):
        section = getattr(job, each.name)
        if is_dataclass(section):
            lines += ["", f"[{each.name}]", *_plain_lines(section)]
    if job.dataset.mapping:
        lines += ["", "[dataset.mapping]", table_text(job.dataset.mapping).rstrip()]
    for mixed in job.dataset.mix:
        lines += ["", "[[dataset.mix]]", *_plain_lines(mixed)]
        if mixed.mapping:
            lines += ["", "[dataset.mix.mapping]", table_text(mixed.mapping).rstrip()]
    return "\n".join(lines) + "\n"


def _plain_lines(section: Any) -> list[str]:
    """The fields of a section that are written on one line each; tables follow under headings of their own."""
    values = {each.name: getattr(section, each.name) for each in fields(section)}
    return [f"{name} = {toml_value(value)}" for name, value in values.items() if not _is_table(value)]


def _is_table(value: object) -> bool:
    return isinstance(value, FieldMapping) or (isinstance(value, tuple) and any(map(is_dataclass, value)))


def _is_section(job: TrainingJob, name: str) -> bool:
    return is_dataclass(getattr(job, name))


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
    if origin is tuple and is_dataclass(inner := get_args(hint)[0]):
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return tuple(
                _section(cast(type[Any], inner), item, where, f"{full}[{number}].")
                for number, item in enumerate(value, start=1)
            )
        raise InputError(f"{where}: {full} must be a list of tables, each written [[{full}]].")
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
    dataset, method, training, parallel = job.dataset, job.method, job.training, job.parallel
    rules: tuple[tuple[bool, str], ...] = (
        (bool(job.model), "model is empty; give a name, a directory or a hub id"),
        (bool(dataset.path), "dataset.path is empty; give a dataset file"),
        (dataset.weight > 0, "dataset.weight must be more than 0"),
        (dataset.max_rows >= 0, "dataset.max_rows must be 0 (all) or more"),
        (dataset.max_held_out_rows >= 0, "dataset.max_held_out_rows must be 0 (all) or more"),
        (0 <= dataset.held_out_fraction <= 0.5, "dataset.held_out_fraction must be between 0 and 0.5"),
        (all(each.path for each in dataset.mix), "dataset.mix has a dataset without a path; give a dataset file"),
        (all(each.weight > 0 for each in dataset.mix), "dataset.mix has a weight that is not more than 0"),
        (all(each.max_rows >= 0 for each in dataset.mix), "dataset.mix: max_rows must be 0 (all) or more"),
        (method.rank >= 1, "method.rank must be 1 or more"),
        (method.alpha >= 1, "method.alpha must be 1 or more"),
        (0 <= method.dropout < 1, "method.dropout must be at least 0 and below 1"),
        (method.learning_rate_ratio >= 1, "method.learning_rate_ratio must be 1 or more"),
        (method.layers >= 1, "method.layers must be 1 or more"),
        (method.virtual_tokens >= 1, "method.virtual_tokens must be 1 or more"),
        (method.block_size >= 1, "method.block_size must be 1 or more"),
        (training.epochs > 0, "training.epochs must be more than 0"),
        (training.max_steps >= 0, "training.max_steps must be 0 (the epochs decide) or more"),
        (training.batch_size >= 1, "training.batch_size must be 1 or more"),
        (training.gradient_accumulation >= 1, "training.gradient_accumulation must be 1 or more"),
        (0 < training.learning_rate < 1, "training.learning_rate must be more than 0 and below 1"),
        (0 <= training.warmup_fraction < 1, "training.warmup_fraction must be at least 0 and below 1"),
        (training.weight_decay >= 0, "training.weight_decay must be 0 or more"),
        (training.max_grad_norm > 0, "training.max_grad_norm must be more than 0"),
        (training.max_length >= 8, "training.max_length must be 8 or more"),
        (job.evaluation.every_steps >= 0, "evaluation.every_steps must be 0 (once an epoch) or more"),
        (job.evaluation.stop_after >= 0, "evaluation.stop_after must be 0 (never) or more"),
        (job.samples.every_steps >= 0, "samples.every_steps must be 0 (once an epoch) or more"),
        (job.checkpoints.every_minutes >= 0, "checkpoints.every_minutes must be 0 (never) or more"),
        (job.checkpoints.every_steps >= 0, "checkpoints.every_steps must be 0 (never) or more"),
        (job.checkpoints.keep >= 1, "checkpoints.keep must be 1 or more"),
        (job.limits.hours >= 0, "limits.hours must be 0 (no limit) or more"),
        (job.limits.memory_gib >= 0, "limits.memory_gib must be 0 (what is available) or more"),
        (parallel.processes >= 1, "parallel.processes must be 1 or more"),
        (parallel.machines >= 1, "parallel.machines must be 1 or more"),
        (
            parallel.sharding == "none" or parallel.world_size > 1,
            "parallel.sharding is fsdp, which shares a model out among processes; raise parallel.processes or "
            "parallel.machines",
        ),
        (
            parallel.machines == 1 or _ADDRESS.fullmatch(parallel.address) is not None,
            "parallel.address must say where the machines meet, as host:port of the first one",
        ),
    )
    for holds, sentence in rules:
        if not holds:
            raise InputError(f"{where}: {sentence}.")
    if job.dataset.mapping:
        job.dataset.mapping.check(f"{where}, dataset.mapping")
    for number, mixed in enumerate(job.dataset.mix, start=1):
        if mixed.mapping:
            mixed.mapping.check(f"{where}, dataset.mix[{number}].mapping")
