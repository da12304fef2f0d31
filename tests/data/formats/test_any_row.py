"""Whatever a row holds, reading it raises PairError or nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.formats.detect import FORMATS, detect
from data.formats.mapping import FieldMapping
from data.formats.pair import PairError
from data.formats.preference import conversation
from tests.data.formats.rows import rows_of

NAMES = st.sampled_from(
    [
        "messages",
        "conversations",
        "role",
        "content",
        "from",
        "value",
        "text",
        "type",
        "tool_calls",
        "function",
        "name",
        "arguments",
        "function_call",
        "weight",
        "thinking",
        "instruction",
        "input",
        "output",
        "history",
        "system",
        "tools",
        "images",
        "prompt",
        "completion",
        "chosen",
        "rejected",
        "chosen_messages",
        "rejected_messages",
        "label",
        "context",
        "response",
        "category",
        "inputs",
        "targets",
        "message_id",
        "message_tree_id",
        "thread_id",
        "thread",
        "replies",
        "rank",
        "deleted",
        "other",
    ]
)
WORDS = st.sampled_from(
    [
        "human",
        "gpt",
        "system",
        "function_call",
        "observation",
        "user",
        "assistant",
        "tool",
        "text",
        "reasoning",
        "[]",
        "{",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | WORDS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=25,
)
SPEAKERS = st.fixed_dictionaries({}, optional={"role": WORDS, "content": VALUES, "from": WORDS, "value": VALUES})
ROWS = st.dictionaries(NAMES, VALUES | st.lists(SPEAKERS, max_size=4), max_size=7)


@given(row=ROWS)
@settings(max_examples=300, deadline=None)
def test_any_object(row: dict[str, Any]) -> None:
    for form in FORMATS:
        form.evidence(row)
        assert form.fields(row) is not None
        with suppress(PairError):
            form.conversation(row, 1).pair()


@given(row=ROWS)
@settings(max_examples=200, deadline=None)
def test_any_object_is_written_or_refused(row: dict[str, Any]) -> None:
    for form in (
        *FORMATS,
        FieldMapping(turns="messages"),
        FieldMapping(question="prompt", answer="text", label="label"),
    ):
        with suppress(PairError):
            found = form.conversation(row, 1)
            for target in FORMATS:
                assert all(loss for loss in target.losses(found))
                with suppress(PairError):
                    assert isinstance(target.write(found), dict)


@given(rows=st.lists(ROWS | VALUES, max_size=4))
@settings(max_examples=50, deadline=None)
def test_any_rows(rows: list[Any]) -> None:
    found = detect(rows_of(*rows))
    assert found.rows == len(rows)
    assert found.evidence
    assert all(misfit.reason for misfit in found.misfits)
    assert found.format is None or found.fitting + len(found.misfits) >= len(rows)


def test_a_row_nested_too_deeply_to_be_compared() -> None:
    turn = {"role": "assistant", "tool_calls": [{"name": "t", "arguments": nested()}]}
    other = {"role": "assistant", "tool_calls": [{"name": "t", "arguments": nested()}]}
    with pytest.raises(PairError, match="nested too deeply"):
        conversation({"chosen": [turn, turn], "rejected": [other, other]}, 1)


def nested() -> list[Any]:
    """Deeper than Python compares."""
    value: list[Any] = []
    for _ in range(5000):
        value = [value]
    return value
