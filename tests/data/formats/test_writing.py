"""What a format writes, it reads back; what it has no place for, it names."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.formats import (
    alpaca,
    dolly,
    flan,
    kto,
    messages,
    named_pairs,
    oasst,
    plain_text,
    preference,
    prompt_completion,
    sharegpt,
)
from data.formats.conversation import Conversation, Preference, ToolCall, Turn
from data.formats.detect import FORMATS, format_of
from data.formats.format import Format
from data.formats.pair import PairError
from data.formats.writing import tools_list

Q, A, B = Turn("user", "How heavy is it?"), Turn("assistant", "46 g."), Turn("assistant", "64 g.")
PAIR = Conversation((Q, A), 1)
LONG = Conversation((Q, A, Q, B), 1, "Be short.")
CALL = Turn("assistant", "", calls=(ToolCall("weigh", {"what": "board"}, "c1"),))
TOOL = Turn("tool", "46", extra={"tool_call_id": "c1"})
CALLING = Conversation((Q, CALL, TOOL, A), 1, tools=[{"type": "function", "function": {"name": "weigh"}}])
IMAGE = {"type": "image", "url": "a.png"}
BETTER = Conversation((Q,), 1, preference=Preference((A,), (B,)))

WRITTEN: list[tuple[Format, Conversation, dict[str, Any]]] = [
    (alpaca, PAIR, {"instruction": Q.text, "input": "", "output": A.text}),
    (
        alpaca,
        Conversation((Turn("user", "How heavy\n\nis it?"), A), 1, context="is it?"),
        {"instruction": "How heavy", "input": "is it?", "output": A.text},
    ),
    (
        alpaca,
        LONG,
        {
            "instruction": Q.text,
            "input": "",
            "output": B.text,
            "system": "Be short.",
            "history": [[Q.text, A.text]],
        },
    ),
    (dolly, PAIR, {"instruction": Q.text, "context": "", "response": A.text}),
    (flan, PAIR, {"inputs": Q.text, "targets": A.text}),
    (named_pairs, PAIR, {"question": Q.text, "answer": A.text}),
    (
        sharegpt,
        CALLING,
        {
            "conversations": [
                {"from": "human", "value": Q.text},
                {"from": "function_call", "value": '{"name": "weigh", "arguments": {"what": "board"}}'},
                {"from": "observation", "value": "46", "tool_call_id": "c1"},
                {"from": "gpt", "value": A.text},
            ],
            "tools": '[{"type": "function", "function": {"name": "weigh"}}]',
        },
    ),
    (
        messages,
        replace(CALLING, system="Be short.", tools=json.dumps(CALLING.tools)),
        {
            "messages": [
                {"role": "system", "content": "Be short."},
                {"role": "user", "content": Q.text},
                {
                    "role": "assistant",
                    "tool_calls": [
                        {"id": "c1", "type": "function", "function": {"name": "weigh", "arguments": {"what": "board"}}}
                    ],
                },
                {"role": "tool", "content": "46", "tool_call_id": "c1"},
                {"role": "assistant", "content": A.text},
            ],
            "tools": CALLING.tools,
        },
    ),
    (prompt_completion, PAIR, {"prompt": Q.text, "completion": A.text}),
    (
        prompt_completion,
        Conversation((Q, A), 1, "Be short."),
        {
            "prompt": [{"role": "system", "content": "Be short."}, {"role": "user", "content": Q.text}],
            "completion": [{"role": "assistant", "content": A.text}],
        },
    ),
    (preference, BETTER, {"prompt": Q.text, "chosen": A.text, "rejected": B.text}),
    (
        preference,
        Conversation((), 1, preference=Preference((Turn("text", "It is 1."),), (Turn("text", "It is 2."),))),
        {"chosen": "It is 1.", "rejected": "It is 2."},
    ),
    (kto, Conversation((Q, B), 1, label=False), {"prompt": Q.text, "completion": B.text, "label": False}),
    (
        messages,
        Conversation((Turn("user", "What?", media=("image",), parts=(IMAGE, "What?"), weight=0.5), A), 1),
        {
            "messages": [
                {"role": "user", "content": [IMAGE, "What?"], "weight": 0.5},
                {"role": "assistant", "content": A.text},
            ]
        },
    ),
    (plain_text, Conversation((Turn("text", "A board."),), 1), {"text": "A board."}),
    (plain_text, LONG, {"text": f"Be short.\n\n{Q.text}\n\n{A.text}\n\n{Q.text}\n\n{B.text}"}),
]


@pytest.mark.parametrize(("form", "conversation", "row"), WRITTEN)
def test_the_fields_of_a_row(form: Format, conversation: Conversation, row: dict[str, Any]) -> None:
    assert form.write(conversation) == row
    assert list(form.write(conversation)) == list(row)


def test_a_thread_of_oasst() -> None:
    row = oasst.write(Conversation((Q, replace(A, extra={"message_id": "b", "lang": "en"})), 1))
    first, second = row["thread"]
    assert (first["text"], first["role"]) == (Q.text, "prompter")
    assert second == {"message_id": "b", "text": A.text, "role": "assistant", "lang": "en"}
    assert row["thread_id"] == "b"
    assert oasst.write(PAIR) == oasst.write(PAIR)


@pytest.mark.parametrize(
    ("form", "conversation", "losses"),
    [
        (alpaca, LONG, []),
        (alpaca, CALLING, ["tools or tool calls", "other keys in their turns", "turns that are not"]),
        (alpaca, BETTER, ["a rejected answer"]),
        (dolly, LONG, ["a system prompt", "earlier turns"]),
        (flan, Conversation((Turn("user", "q\n\nc"), A), 1, context="c"), ["an input apart"]),
        (sharegpt, CALLING, ["ids of tool calls"]),
        (messages, CALLING, []),
        (messages, Conversation((Q, A), 1, label=True), ["a label"]),
        (messages, Conversation((Q, replace(A, weight=1.0)), 1), []),
        (alpaca, Conversation((replace(Q, weight=0.0), replace(A, weight=1.0)), 1), []),
        (alpaca, Conversation((replace(Q, weight=1.0), A), 1), ["turns with a training weight"]),
        (sharegpt, Conversation((Q, replace(A, reasoning="Hm.")), 1), ["reasoning"]),
        (plain_text, PAIR, ["speakers"]),
        (plain_text, Conversation((Turn("text", "t"),), 1), []),
        (messages, Conversation((Q,), 1, unread="other replies"), ["other replies, which are not read"]),
    ],
)
def test_losses_are_named(form: Format, conversation: Conversation, losses: list[str]) -> None:
    named = form.losses(conversation)
    assert len(named) == len(losses)
    assert all(any(loss in sentence for sentence in named) for loss in losses)
    assert all(form.NAME in sentence for sentence in named if "not read" not in sentence)


@pytest.mark.parametrize(
    ("form", "conversation", "reason"),
    [
        (alpaca, Conversation((Q,), 1), "ends without an answer"),
        (alpaca, Conversation((A,), 1), "has no question"),
        (alpaca, Conversation((Q, B), 1, label=False), "is marked as a bad answer"),
        (messages, Conversation((Turn("text", "t"),), 1), "is text without a question and an answer"),
        (preference, PAIR, "has no rejected answer"),
        (kto, PAIR, "does not say whether its answer is a good one"),
        (prompt_completion, Conversation((Q,), 1), "ends without an answer"),
        (oasst, Conversation((), 1), "has no turns"),
    ],
)
def test_what_no_row_can_say(form: Format, conversation: Conversation, reason: str) -> None:
    with pytest.raises(PairError, match=reason):
        form.write(conversation)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=8).map(
    lambda text: f"{text}."
)
EXTRA = st.dictionaries(st.sampled_from(["name", "tool_call_id", "id"]), TEXTS, max_size=1)
CALLS = st.lists(
    st.builds(ToolCall, TEXTS, st.dictionaries(TEXTS, st.integers(), max_size=2), st.none() | TEXTS), max_size=2
).map(tuple)


def turns_by(role: str, text: st.SearchStrategy[str] = TEXTS) -> st.SearchStrategy[Turn]:
    weight = st.sampled_from([None, None, 0.0, 1.0, 0.5])
    calls = CALLS if role == "assistant" else st.just(())
    reasoning = st.just("") | TEXTS if role == "assistant" else st.just("")
    return st.builds(Turn, st.just(role), text, reasoning, calls, weight=weight, extra=EXTRA)


ANSWERS = turns_by("assistant") | st.builds(Turn, st.just("assistant"), TEXTS)
SOME = st.just("") | TEXTS
TURNS = st.lists(turns_by("user", SOME) | turns_by("assistant", SOME) | turns_by("tool", SOME), max_size=3)
ENDED = st.tuples(TURNS, st.builds(Turn, st.just("user"), TEXTS), ANSWERS).map(lambda each: (*each[0], *each[1:]))
CONVERSATIONS = st.builds(
    Conversation,
    ENDED | st.tuples(st.builds(Turn, st.just("text"), TEXTS)),
    st.just(7),
    st.none() | TEXTS,
    label=st.sampled_from([None, None, True, False]),
    tools=st.sampled_from([None, None, [{"type": "function"}], '[{"type": "function"}]']),
)


@given(conversation=CONVERSATIONS, worse=st.none() | ANSWERS, context=st.booleans())
@settings(max_examples=150, deadline=None)
def test_nothing_unnamed_is_lost(conversation: Conversation, worse: Turn | None, context: bool) -> None:
    if worse and conversation.turns[-1].role == "assistant":
        both = Preference(conversation.turns[-1:], (worse,))
        conversation = replace(conversation, turns=conversation.turns[:-1], preference=both, label=None)
    if context and len(conversation.turns) > 1 and conversation.turns[-2].role == "user":
        text = conversation.turns[-2].text
        asked = replace(conversation.turns[-2], text=f"Well.\n\n{text}")
        turns = (*conversation.turns[:-2], asked, conversation.turns[-1])
        conversation = replace(conversation, turns=turns, context=text)
    for form in FORMATS:
        with suppress(PairError):
            row = json.loads(json.dumps(form.write(conversation)))
            assert form.evidence(row)
            back = form.conversation(row, 7)
            if not form.losses(conversation):
                assert all_of(back) == all_of(conversation), form.NAME
                assert form is kto or format_of(row) is form


def all_of(conversation: Conversation) -> dict[str, Any]:
    """All that a conversation holds, the fields included that equality leaves out."""
    both = conversation.preference
    return {
        "turns": [turn_of(turn) for turn in conversation.turns],
        "answers": [[turn_of(turn) for turn in side] for side in (both.chosen, both.rejected)] if both else None,
        "system": conversation.system,
        "label": conversation.label,
        "tools": tools_list(conversation.tools),
    }


def turn_of(turn: Turn) -> tuple[Any, ...]:
    usual = float(turn.role == "assistant")
    weight = usual if turn.weight is None else turn.weight
    extra = {key: value for key, value in turn.extra.items() if key != "message_id"}
    return turn.role, turn.text, turn.reasoning, turn.calls, [call.id for call in turn.calls], weight, extra
