"""The curves of a run as TensorBoard reads them (worker side).

A file of records: length, its checksum, a serialised `Event`, its checksum. Each process of a run writes a file of its
own; TensorBoard reads those of one folder in the order of their names, and drops what it had read from a step on where
a `SessionLog.START` names it.
"""

from __future__ import annotations

import math
import os
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from engine.jobs.events import Evaluation, Event, Progress, Resumed

FOLDER = "tensorboard"
_VERSION = "brain.Event:2"


class TensorBoardLog:
    """Writes the values of steps and evaluations to `tensorboard/`; the file is made with the first of them.

    Nothing here is worth ending a run for: a record that cannot be written (a full disk, a missing library) is left
    out, and what a torn one left is cut off.
    """

    def __init__(self, run_folder: Path) -> None:
        self._folder = run_folder / FOLDER
        self._file: BinaryIO | None = None
        self._given_up = False
        self._resumed: Resumed | None = None

    def __call__(self, event: Event) -> None:
        """Take note of an event."""
        if self._given_up:
            return
        if isinstance(event, Resumed):
            self._resumed = event
            return
        values = list(_values(event))
        if not values or not isinstance(event, Progress | Evaluation):
            return
        try:
            self._open()
            self._write_scalars(event.step, event.t, values)
        except (OSError, ImportError):
            self._given_up = self._file is None

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._given_up = True

    def _open(self) -> None:
        if self._file is not None:
            return
        event_pb2 = _messages("event_pb2")
        self._folder.mkdir(exist_ok=True)
        name = f"events.out.tfevents.{time.time():.6f}.{socket.gethostname()}.{os.getpid()}"
        self._file = (self._folder / name).open("xb", buffering=0)
        self._append(event_pb2.Event(wall_time=time.time(), file_version=_VERSION))
        if self._resumed is not None:
            start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
            # What was written of the steps after the checkpoint is done again.
            self._append(event_pb2.Event(wall_time=self._resumed.t, step=self._resumed.step + 1, session_log=start))

    def _write_scalars(self, step: int, moment: float, values: list[tuple[str, float]]) -> None:
        event_pb2, summary_pb2 = _messages("event_pb2"), _messages("summary_pb2")
        scalars = [summary_pb2.Summary.Value(tag=tag, simple_value=value) for tag, value in values]
        self._append(event_pb2.Event(wall_time=moment, step=step, summary=summary_pb2.Summary(value=scalars)))

    def _append(self, event: Any) -> None:
        """Append one record, whole or not at all. Raises OSError."""
        from tensorboardX.record_writer import masked_crc32c

        assert self._file is not None
        data = event.SerializeToString()
        length = struct.pack("<Q", len(data))
        record = length + struct.pack("<I", masked_crc32c(length)) + data + struct.pack("<I", masked_crc32c(data))
        end = self._file.seek(0, os.SEEK_END)
        try:
            if self._file.write(record) != len(record):
                raise OSError("The record was not written whole.")
        except OSError:
            with suppress(OSError):
                self._file.truncate(end)
            raise


def _messages(name: str) -> Any:
    """Generated classes, whose names no type checker knows; imported when the training libraries are loaded anyway."""
    return import_module(f"tensorboardX.proto.{name}")


def _values(event: Event) -> Iterator[tuple[str, float]]:
    """What an event says, by the tag under which TensorBoard shows it."""
    match event:
        case Progress():
            yield "train/loss", event.loss
            yield "train/learning_rate", event.learning_rate
            if math.isfinite(event.grad_norm):
                yield "train/grad_norm", event.grad_norm
            yield "train/tokens_per_second", event.tokens_per_second
            yield "train/memory_gib", event.memory_bytes / (1 << 30)
            yield "train/epoch", event.epoch
        case Evaluation():
            yield "held_out/loss", event.loss
            if event.accuracy is not None:
                yield "held_out/accuracy", event.accuracy
        case _:
            return
