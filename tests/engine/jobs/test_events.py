from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.jobs.events import (
    CheckpointSaved,
    Evaluation,
    EventReader,
    EventWriter,
    Note,
    Progress,
    RunState,
    Sample,
    StateChanged,
    Warned,
    decode,
    encode,
)

STEP = Progress(
    step=3,
    total_steps=64,
    epoch=0.375,
    loss=1.25,
    learning_rate=1e-3,
    grad_norm=0.5,
    tokens=900,
    target_tokens=300,
    padded_tokens=960,
    tokens_per_second=480.5,
    eta_seconds=None,
    memory_bytes=1 << 30,
)
EVERY_KIND = [
    StateChanged(RunState.RUNNING),
    STEP,
    Evaluation(step=8, loss=0.5, rows=96),
    Sample(step=8, question="How much?", answer='264 "KB"\nof SRAM', reference="264 KB"),
    CheckpointSaved(step=8, path="checkpoints/step-8", size_bytes=1000),
    Warned("3 rows were cut"),
    Note("tokenising", 0.5),
]


@pytest.mark.parametrize("event", EVERY_KIND, ids=lambda event: event.kind)
def test_every_kind_survives_the_log(event, tmp_path: Path) -> None:
    writer = EventWriter(tmp_path / "events.jsonl")
    writer.write(event)
    writer.close()
    assert EventReader(tmp_path / "events.jsonl").read() == [event]


def test_each_line_is_one_json_object_with_time_and_kind() -> None:
    values = json.loads(encode(STEP))
    assert list(values)[:2] == ["t", "kind"]
    assert values["kind"] == "progress"


def test_a_loss_that_is_no_number_comes_back_as_nan() -> None:
    line = encode(Evaluation(step=1, loss=math.inf, rows=1))
    assert b"Infinity" not in line
    event = decode(line)
    assert isinstance(event, Evaluation)
    assert math.isnan(event.loss)


def test_a_reader_sees_only_what_is_new_and_only_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    reader = EventReader(path)
    assert reader.read() == []
    first, second = encode(EVERY_KIND[0]), encode(EVERY_KIND[1])
    path.write_bytes(first + second[:20])
    assert reader.read() == [EVERY_KIND[0]]
    assert reader.read() == []
    path.write_bytes(first + second)
    assert reader.read() == [EVERY_KIND[1]]


def test_a_tail_of_nuls_is_passed_over_and_the_next_event_is_read(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(encode(EVERY_KIND[0]) + encode(EVERY_KIND[1])[:30] + bytes(500))
    writer = EventWriter(path)
    writer.write(EVERY_KIND[2])
    writer.close()
    reader = EventReader(path)
    assert reader.read() == [EVERY_KIND[0], EVERY_KIND[2]]
    assert reader.skipped == 1


def test_unknown_kinds_and_fields_of_a_later_version_do_no_harm() -> None:
    assert decode(b'{"t": 1, "kind": "telepathy"}') is None
    assert decode(b'{"t": 1.0, "kind": "warning", "text": "x", "colour": "red"}') == Warned("x", t=1.0)


@given(st.binary(max_size=400))
def test_no_bytes_can_upset_the_reader(line: bytes) -> None:
    decode(line)
