"""What TensorBoard would read of a run: parsed here by the record format alone, checksums included."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from engine.jobs.events import Evaluation, Note, Progress, Resumed
from engine.training.tensorboard import FOLDER, TensorBoardLog

pytest.importorskip("tensorboardX")


def step(number: int, loss: float = 1.5) -> Progress:
    return Progress(number, 100, number / 50, loss, 1e-3, 0.4, 300, 150, 400, 512.0, 60.0, 1 << 30, t=1000.0 + number)


def crc32c(data: bytes) -> int:
    """CRC-32C (RFC 3720, B.4), bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data: bytes) -> int:
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(path: Path) -> Iterator[dict[int, Any]]:
    """The fields of each event, by number; a record with a wrong checksum fails the test."""
    data = path.read_bytes()
    at = 0
    while at < len(data):
        length = data[at : at + 8]
        size = struct.unpack("<Q", length)[0]
        assert struct.unpack("<I", data[at + 8 : at + 12])[0] == masked(length)
        payload = data[at + 12 : at + 12 + size]
        assert struct.unpack("<I", data[at + 12 + size : at + 16 + size])[0] == masked(payload)
        yield dict(message(payload))
        at += 16 + size


def message(data: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a protocol buffer message: number and value (varint, float, double or bytes)."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = varint()
        match key & 7:
            case 0:
                yield key >> 3, varint()
            case 1:
                yield key >> 3, struct.unpack_from("<d", data, at)[0]
                at += 8
            case 5:
                yield key >> 3, struct.unpack_from("<f", data, at)[0]
                at += 4
            case _:
                size = varint()
                yield key >> 3, data[at : at + size]
                at += size


def scalars(folder: Path) -> dict[str, dict[int, float]]:
    """The series as TensorBoard shows them: a session that starts at a step drops what was there from it on."""
    series: dict[str, dict[int, float]] = {}
    for path in sorted((folder / FOLDER).iterdir()):
        for number, event in enumerate(records(path)):
            if number == 0:
                assert event[3] == b"brain.Event:2"
            if 7 in event:
                assert dict(message(event[7])) == {1: 1}
                for values in series.values():
                    for gone in [at for at in values if at >= event[2]]:
                        del values[gone]
            for field, value in message(event.get(5, b"")):
                assert field == 1
                parts = dict(message(value))
                series.setdefault(parts[1].decode(), {})[event.get(2, 0)] = parts[2]
    return series


def test_steps_and_evaluations_are_read_back(tmp_path: Path) -> None:
    log = TensorBoardLog(tmp_path)
    log(Note("loading"))
    assert not (tmp_path / FOLDER).exists()
    log(step(1))
    log(step(2, 1.25))
    log(Evaluation(2, 1.75, 26, accuracy=0.5))
    log.close()
    found = scalars(tmp_path)
    assert found["train/loss"] == {1: 1.5, 2: 1.25}
    assert found["held_out/loss"] == {2: 1.75}
    assert found["held_out/accuracy"] == {2: 0.5}
    assert set(found) >= {"train/learning_rate", "train/grad_norm", "train/tokens_per_second", "train/memory_gib"}


def test_a_resumed_run_has_one_curve(tmp_path: Path) -> None:
    first = TensorBoardLog(tmp_path)
    for number in range(1, 8):
        first(step(number, 9.0))
    # Killed: nobody closes it. The next process goes on from the checkpoint after step 4.
    again = TensorBoardLog(tmp_path)
    again(Resumed(4))
    for number in range(5, 10):
        again(step(number, 1.0))
    again.close()
    assert scalars(tmp_path)["train/loss"] == dict.fromkeys(range(1, 5), 9.0) | dict.fromkeys(range(5, 10), 1.0)


def test_a_run_that_starts_over_drops_all(tmp_path: Path) -> None:
    first = TensorBoardLog(tmp_path)
    first(step(1, 9.0))
    again = TensorBoardLog(tmp_path)
    again(Resumed(0))
    again(step(1, 1.0))
    assert scalars(tmp_path)["train/loss"] == {1: 1.0}


def test_a_folder_that_cannot_be_made_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way")
    log = TensorBoardLog(tmp_path)
    log(step(1))
    log(step(2))
    log.close()


def test_what_a_full_disk_tore_is_cut_off(tmp_path: Path) -> None:
    class Torn:
        """A file that takes half of what it is given, as a disk does that is full."""

        def __init__(self, file: BinaryIO) -> None:
            self.file = file

        def write(self, data: bytes) -> int:
            return self.file.write(data[: len(data) // 2])

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

    log = TensorBoardLog(tmp_path)
    log(step(1))
    whole = log._file
    assert whole is not None
    log._file = Torn(whole)  # type: ignore[assignment]
    log(step(2))
    log._file = whole
    log(step(3))
    assert sorted(scalars(tmp_path)["train/loss"]) == [1, 3]
