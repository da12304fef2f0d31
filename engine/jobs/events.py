"""The event log of a job: what it says, and how it is written and read.

`events.jsonl` is append-only, one JSON object a line, each with `t` (seconds since the epoch) and `kind`. It is the
only channel from a trainer to a screen, so a screen opened later shows exactly what an earlier one did.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

EVENTS_FILE = "events.jsonl"


class RunState(StrEnum):
    """Where a run stands. `LOST` is never written: a reader concludes it when the process ended without a word."""

    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    PAUSED = "paused"
    """Ended by itself for a reason that a person can mend; what was saved is good, and it goes on from there."""
    MEASURING = "measuring"
    """The tuned model is saved; what is left can be given up at any time."""
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    LOST = "lost"

    @property
    def active(self) -> bool:
        """Whether it is at work."""
        return self in (RunState.STARTING, RunState.RUNNING, RunState.STOPPING, RunState.MEASURING)

    @property
    def alive(self) -> bool:
        """Whether it has a process that can be stopped or killed: it is at work, or waits for others to end."""
        return self.active or self is RunState.QUEUED


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The run entered a state, and why."""

    kind: ClassVar[str] = "state"
    state: RunState
    reason: str = ""
    """One sentence for a person; for `FAILED` what happened and what to do next."""
    t: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True)
class Progress:
    """One optimizer step was done."""

    kind: ClassVar[str] = "progress"
    step: int
    """Optimizer steps done, from 1."""
    total_steps: int
    epoch: float
    """Epochs done, fractional."""
    loss: float
    """Mean cross-entropy (nats a target token) of this step's batch."""
    learning_rate: float
    grad_norm: float
    """Before clipping."""
    tokens: int
    """Real tokens (no padding) processed since the start of the run, prompt and answer."""
    target_tokens: int
    """Tokens that carried loss since the start of the run."""
    padded_tokens: int
    """Tokens that the model computed since the start of the run: with padding, but what all rows of a batch begin with
    only once where that is shared."""
    tokens_per_second: float
    """Real tokens a second over the last steps, training time only."""
    eta_seconds: float | None
    """Learnt from this run's own steps, evaluation and saving included; None while unknown."""
    memory_bytes: int
    """Memory of the training process: resident on a CPU, reserved by the allocator on a GPU."""
    rows: int = 0
    """Rows (samples) processed since the start of the run."""
    mfu: float | None = None
    """Model FLOP/s utilisation over the last steps, 0 to 1 of this machine's measured matrix product rate; None while
    unknown (`engine.hardware.gemm`)."""
    t: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The held-out loss was measured."""

    kind: ClassVar[str] = "evaluation"
    step: int
    loss: float
    rows: int
    accuracy: float | None = None
    """Share of the target tokens that the model itself would have chosen, 0 to 1, each given the right ones before."""
    t: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True)
class Sample:
    """The model answered a chosen question during training (greedy)."""

    kind: ClassVar[str] = "sample"
    step: int
    question: str
    answer: str
    reference: str = ""
    t: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True)
class CheckpointSaved:
    """A checkpoint was completely written."""

    kind: ClassVar[str] = "checkpoint"
    step: int
    path: str
    """Relative to the run's folder."""
    size_bytes: int
    final: bool = False
    """Whether this is what the run leaves at its end: the tuned model, or the adapter of a method that leaves none."""
    best: bool = False
    """Whether it has the lowest held-out loss so far."""
    t: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True)
class Resumed:
    """A run that had ended goes on from a checkpoint; whatever was said of later steps happened in vain."""

    kind: ClassVar[str] = "resumed"
    step: int
    """The checkpoint's step; 0: the run starts over."""
    t: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something a person should know that does not end the run."""

    kind: ClassVar[str] = "warning"
    text: str
    t: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True)
class Note:
    """What the job is doing before it can report steps ("converting the model", "tokenising 254 rows")."""

    kind: ClassVar[str] = "note"
    text: str
    fraction: float | None = None
    """Share done, 0 to 1, where it is known."""
    t: float = field(default_factory=time.time)


Event = StateChanged | Progress | Evaluation | Sample | CheckpointSaved | Resumed | Warned | Note

_KINDS: dict[str, type[Event]] = {
    kind.kind: kind for kind in (StateChanged, Progress, Evaluation, Sample, CheckpointSaved, Resumed, Warned, Note)
}

_FIELDS = {kind: frozenset(each.name for each in fields(kind)) for kind in _KINDS.values()}


def encode(event: Event) -> bytes:
    """One line of the log. Numbers that JSON has no word for (NaN, infinities) are written as null."""
    values = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in asdict(event).items()
    }
    return json.dumps({"t": values.pop("t"), "kind": event.kind, **values}, ensure_ascii=False).encode() + b"\n"


def decode(line: bytes) -> Event | None:
    """The event of one line, or None for a line that is torn, NUL-filled, or of a kind this version does not know."""
    try:
        values: Any = json.loads(line)
    except ValueError:
        return None
    return _event(values)


def _event(values: Any) -> Event | None:
    """The event of a line's values, which are used up."""
    if not isinstance(values, dict):
        return None
    kind = _KINDS.get(values.get("kind", ""))
    if kind is None:
        return None
    # A long run has hundreds of thousands of lines: the common case, nothing unknown in it, is the quick one.
    del values["kind"]
    known = _FIELDS[kind]
    if not known.issuperset(values):
        values = {name: value for name, value in values.items() if name in known}
    for name in ("loss", "grad_norm"):
        if name in known and values.get(name, 0.0) is None:
            values[name] = math.nan
    try:
        if kind is StateChanged:
            values["state"] = RunState(values["state"])
        return kind(**values)
    except (KeyError, TypeError, ValueError):
        return None


class EventWriter:
    """Appends events to a log; flushes each, and fsyncs changes of state, checkpoints and resumptions.

    Raises OSError when the disk is full; a line torn by that is closed off by the next successful write.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._torn = path.stat().st_size > 0 and not _ends_with_newline(path)

    def write(self, event: Event) -> None:
        """Append one event."""
        line = (b"\n" if self._torn else b"") + encode(event)
        self._torn = True
        written = self._file.write(line)
        self._torn = written != len(line)
        if isinstance(event, StateChanged | CheckpointSaved | Resumed):
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


class EventReader:
    """Reads a growing event log from where it last stopped.

    A last line without its newline is left for the next call; lines that cannot be decoded (a machine that went down
    leaves NULs) are counted in `skipped` and passed over.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self.skipped = 0
        self.more = False
        """Whether the last reading was cut off by its limit."""

    def read(self, limit: int = 8 << 20) -> list[Event]:
        """The events that were completed since the last call, reading at most `limit` bytes; [] when there are none."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                block = file.read(limit)
        except FileNotFoundError:
            return []
        self.more = len(block) == limit
        end = block.rfind(b"\n") + 1
        self._offset += end
        lines = block[:end].splitlines()
        events: list[Event] = []
        for line, values in zip(lines, _parsed(lines), strict=True):
            event = _event(values)
            if event is not None:
                events.append(event)
            elif line.strip(b"\0 "):
                self.skipped += 1
        return events


def _parsed(lines: list[bytes]) -> Iterator[Any]:
    """What each line holds; None for one that cannot be read.

    All are parsed in one go, which takes half as long as one by one, unless one of them is broken: then no line can be
    told from the next.
    """
    try:
        together = json.loads(b"[" + b",".join(lines) + b"]")
    except ValueError:
        together = []
    if len(together) == len(lines):
        yield from together
        return
    for line in lines:
        try:
            yield json.loads(line.strip(b"\0"))
        except ValueError:
            yield None
