"""What each format's rows are recognised by and read as."""

from __future__ import annotations

from typing import Any

import pytest

from data.formats import (
    alpaca,
    dolly,
    flan,
    kto,
    messages,
    oasst,
    plain_text,
    preference,
    prompt_completion,
    sharegpt,
)
from data.formats.conversation import Conversation, Preference, ToolCall, Turn
from data.formats.format import Format
from data.formats.pair import PairError

Q, A, B = Turn("user", "How heavy is it?"), Turn("assistant", "46 g."), Turn("assistant", "64 g.")
HUMAN, GPT = {"from": "human", "value": Q.text}, {"from": "gpt", "value": A.text}
USER, ASSISTANT, WORSE = (
    {"role": "user", "content": Q.text},
    {"role": "assistant", "content": A.text},
    {"role": "assistant", "content": B.text},
)
BETTER = Preference((A,), (B,))
CALL = {"name": "weigh", "arguments": {"what": "board"}}
CALLED = Turn("assistant", "", calls=(ToolCall("weigh", {"what": "board"}),))


def parts(role: str, *pieces: object) -> dict[str, Any]:
    return {"role": role, "content": list(pieces)}


def message(text: str, role: str, **more: object) -> dict[str, Any]:
    return {"message_id": text, "text": text, "role": role, **more}


READ: list[tuple[Format, dict[str, Any], str, Conversation]] = [
    (
        alpaca,
        {"instruction": "How heavy", "input": "is it?", "output": A.text, "system": "Be short."},
        "instruction and output",
        Conversation((Turn("user", "How heavy\n\nis it?"), A), 7, "Be short."),
    ),
    (
        alpaca,
        {"instruction": Q.text, "output": B.text, "history": [[Q.text, A.text]]},
        "instruction and output, with a history of earlier turns",
        Conversation((Q, A, Q, B), 7),
    ),
    (
        sharegpt,
        {"conversations": [HUMAN, GPT], "system": "Be short.", "tools": "[]", "id": 3},
        "conversations of turns with from and value",
        Conversation((Q, A), 7, "Be short."),
    ),
    (
        sharegpt,
        {
            "conversations": [
                {"from": "system", "value": "Be short."},
                HUMAN,
                {"from": "function_call", "value": '{"name": "weigh", "arguments": {"what": "board"}}'},
                {"from": "observation", "value": "46"},
                GPT,
            ],
            "tools": '[{"name": "weigh"}]',
        },
        "conversations of turns with from and value",
        Conversation((Q, CALLED, Turn("tool", "46"), A), 7, "Be short.", tools='[{"name": "weigh"}]'),
    ),
    (sharegpt, {"messages": [HUMAN, GPT]}, "messages of turns with from and value", Conversation((Q, A), 7)),
    (
        messages,
        {"conversations": [USER, ASSISTANT]},
        "conversations of turns with role and content",
        Conversation((Q, A), 7),
    ),
    (messages, {"chat": [USER, ASSISTANT]}, "chat of turns with role and content", Conversation((Q, A), 7)),
    (
        messages,
        {
            "messages": [
                {"role": "system", "content": "Be short."},
                {"role": "developer", "content": "No lists."},
                parts(
                    "user", {"type": "text", "text": "How heavy "}, {"type": "text", "value": "is it?"}, {"type": "img"}
                ),
                {"role": "assistant", "content": A.text, "reasoning_content": "A board.", "train": False},
            ],
            "images": ["a.png"],
        },
        "messages of turns with role and content",
        Conversation(
            (Turn("user", Q.text, media=("img",)), Turn("assistant", A.text, "A board.", weight=0.0)),
            7,
            "Be short.\n\nNo lists.",
            media=("images",),
        ),
    ),
    (
        messages,
        {
            "messages": [
                USER,
                {"role": "assistant", "content": None, "tool_calls": [{"type": "function", "function": CALL}]},
                {"role": "tool", "name": "weigh", "content": "46"},
                {"role": "assistant", "thinking": "46 what?", "content": A.text},
                {"role": "assistant", "function_call": CALL},
                parts(
                    "assistant",
                    {"type": "reasoning", "value": "Again."},
                    {"type": "tool_call", "value": '{"name": "weigh", "arguments": {"what": "board"}}'},
                ),
            ]
        },
        "messages of turns with role and content",
        Conversation(
            (
                Q,
                CALLED,
                Turn("tool", "46"),
                Turn("assistant", A.text, "46 what?"),
                CALLED,
                Turn("assistant", "", "Again.", CALLED.calls),
            ),
            7,
        ),
    ),
    (prompt_completion, {"prompt": Q.text, "completion": A.text}, "prompt and completion", Conversation((Q, A), 7)),
    (
        prompt_completion,
        {"prompt": [USER], "completion": [ASSISTANT]},
        "prompt and completion as lists of turns",
        Conversation((Q, A), 7),
    ),
    (plain_text, {"text": "It weighs 46 g.", "meta": {}}, "text", Conversation((Turn("text", "It weighs 46 g."),), 7)),
    (
        preference,
        {"prompt": Q.text, "chosen": A.text, "rejected": B.text},
        "chosen and rejected after prompt",
        Conversation((Q,), 7, preference=BETTER),
    ),
    (
        preference,
        {"prompt": [USER], "chosen": [ASSISTANT], "rejected": [WORSE]},
        "chosen and rejected after prompt",
        Conversation((Q,), 7, preference=BETTER),
    ),
    (
        preference,
        {"prompt": Q.text, "chosen": [USER, ASSISTANT], "rejected": [USER, WORSE]},
        "chosen and rejected after prompt",
        Conversation((Q,), 7, preference=BETTER),
    ),
    (
        preference,
        {"prompt": Q.text, "messages": [USER, ASSISTANT], "chosen": [USER, ASSISTANT], "rejected": [USER, WORSE]},
        "chosen and rejected after messages",
        Conversation((Q,), 7, preference=BETTER),
    ),
    (
        preference,
        {"prompt": Q.text, "chosen": [USER, WORSE, USER, ASSISTANT], "rejected": [USER, WORSE, USER, WORSE]},
        "chosen and rejected after prompt",
        Conversation((Q, B, Q), 7, preference=BETTER),
    ),
    (
        preference,
        {"chosen": [USER, ASSISTANT], "rejected": [USER, WORSE]},
        "chosen and rejected with the prompt in both",
        Conversation((Q,), 7, preference=BETTER),
    ),
    (
        preference,
        {"chosen": "It weighs 46 g.", "rejected": "It weighs 64 g."},
        "chosen and rejected with the prompt in both",
        Conversation(
            (), 7, preference=Preference((Turn("text", "It weighs 46 g."),), (Turn("text", "It weighs 64 g."),))
        ),
    ),
    (
        preference,
        {"conversations": [HUMAN], "chosen": GPT, "rejected": {"from": "gpt", "value": B.text}},
        "chosen and rejected after conversations",
        Conversation((Q,), 7, preference=BETTER),
    ),
    (
        preference,
        {"instruction": "How heavy", "input": "is it?", "chosen": A.text, "rejected": B.text},
        "chosen and rejected after instruction",
        Conversation((Turn("user", "How heavy\n\nis it?"),), 7, preference=BETTER),
    ),
    (
        preference,
        {
            "chosen_messages": [
                {"role": "system", "content": [{"type": "text", "value": "Be short."}]},
                parts("user", {"type": "text", "value": Q.text}),
                parts("assistant", {"type": "text", "value": A.text}),
            ],
            "rejected_messages": [
                {"role": "system", "content": [{"type": "text", "value": "Be short."}]},
                parts("user", {"type": "text", "value": Q.text}),
                parts("assistant", {"type": "text", "value": B.text}),
            ],
        },
        "chosen_messages and rejected_messages with the prompt in both",
        Conversation((Q,), 7, "Be short.", BETTER),
    ),
    (
        preference,
        {"question": Q.text, "chosen_response": A.text, "rejected_response": B.text},
        "chosen_response and rejected_response after question",
        Conversation((Q,), 7, preference=BETTER),
    ),
    (
        kto,
        {"prompt": Q.text, "completion": B.text, "label": False},
        "label that is true or false, beside prompt and completion",
        Conversation((Q, B), 7, label=False),
    ),
    (
        kto,
        {"messages": [USER, ASSISTANT], "kto_tag": True},
        "kto_tag that is true or false, beside messages of turns with role and content",
        Conversation((Q, A), 7, label=True),
    ),
    (
        kto,
        {"question": Q.text, "completion": A.text, "label": True},
        "label that is true or false, beside prompt and completion",
        Conversation((Q, A), 7, label=True),
    ),
    (
        dolly,
        {"instruction": Q.text, "context": "", "response": A.text, "category": "closed_qa"},
        "instruction, context and response",
        Conversation((Q, A), 7),
    ),
    (
        dolly,
        {"instruction": Q.text, "context": "The board.", "response": A.text},
        "instruction, context and response",
        Conversation((Turn("user", f"{Q.text}\n\nThe board."), A), 7),
    ),
    (flan, {"inputs": Q.text, "targets": A.text, "task_name": "x"}, "inputs and targets", Conversation((Q, A), 7)),
    (oasst, message(Q.text, "prompter"), "message_id, role and text (a message)", Conversation((Q,), 7)),
    (
        oasst,
        {"thread_id": "t", "thread": [message(Q.text, "prompter"), message(A.text, "assistant")]},
        "thread_id and thread (a thread)",
        Conversation((Q, A), 7),
    ),
    (
        oasst,
        {
            "message_tree_id": "t",
            "prompt": message(
                Q.text,
                "prompter",
                replies=[
                    message("Gone.", "assistant", rank=0, deleted=True),
                    message("No rank.", "assistant"),
                    message(B.text, "assistant", rank=2),
                    message(A.text, "assistant", rank=1, replies=[]),
                ],
            ),
        },
        "message_tree_id and prompt (a tree)",
        Conversation((Q, A), 7),
    ),
]


@pytest.mark.parametrize(("form", "row", "evidence", "expected"), READ)
def test_read(form: Format, row: dict[str, Any], evidence: str, expected: Conversation) -> None:
    assert form.evidence(row) == evidence
    assert form.conversation(row, 7) == expected


@pytest.mark.parametrize(
    ("form", "row", "words"),
    [
        (alpaca, {"instruction": "q", "output": None}, "has no output"),
        (alpaca, {"instruction": "q", "output": "a", "history": "earlier"}, "has history that is no list"),
        (
            alpaca,
            {"instruction": "q", "output": "a", "history": [["q", "a"], ["q"]]},
            "has place 2 of history that is not a question and its answer",
        ),
        (sharegpt, {"conversations": []}, "has conversations without turns"),
        (sharegpt, {"conversations": None}, "has conversations without turns"),
        (sharegpt, {"conversations": "q"}, "has conversations that are no turns"),
        (sharegpt, {"conversations": [HUMAN, None, GPT]}, "has turn 2 of conversations that is no object"),
        (sharegpt, {"conversations": [HUMAN, {"from": "gpt"}]}, "has turn 2 of conversations without value"),
        (
            sharegpt,
            {"conversations": [HUMAN, {"from": None, "value": "a"}]},
            "has turn 2 of conversations without from",
        ),
        (
            sharegpt,
            {"conversations": [HUMAN, {"from": "narrator", "value": "a"}]},
            "has turn 2 of conversations with an unknown from",
        ),
        (
            sharegpt,
            {"conversations": [HUMAN, {"from": "function_call", "value": "weigh()"}]},
            "has turn 2 of conversations with a call that is no JSON",
        ),
        (sharegpt, {"conversations": [HUMAN, GPT], "system": 3}, "has system that is no text"),
        (messages, {"question": "q"}, "has no messages or conversations"),
        (messages, {"messages": [USER, {"role": "assistant"}]}, "has turn 2 of messages without content"),
        (messages, {"messages": [{"role": "user", "content": 3}]}, "has turn 1 of messages that is no text"),
        (messages, {"messages": [parts("user", 3)]}, "has turn 1 of messages with a part that names no type"),
        (
            messages,
            {"messages": [parts("user", {"type": "text", "text": None})]},
            "has turn 1 of messages with a part without text",
        ),
        (
            messages,
            {"messages": [{"role": "assistant", "tool_calls": [{"type": "function"}]}]},
            "has turn 1 of messages with a call that names no tool",
        ),
        (
            messages,
            {"messages": [{"role": "assistant", "tool_calls": "weigh"}]},
            "has turn 1 of messages with tool_calls that are no list",
        ),
        (
            messages,
            {"messages": [{**ASSISTANT, "weight": 10**400}]},
            "has turn 1 of messages with a weight that is no usual number",
        ),
        (prompt_completion, {"prompt": "q", "completion": None}, "has no completion"),
        (prompt_completion, {"prompt": 3, "completion": "a"}, "has prompt that is no list of turns"),
        (plain_text, {"text": " \n"}, "has no text"),
        (preference, {"prompt": "q", "chosen": "a"}, "has no chosen and rejected"),
        (preference, {"prompt": "q", "chosen": "a", "rejected": None}, "has no rejected"),
        (kto, {"prompt": "q", "completion": "a", "label": None}, "has no label that is true or false"),
        (kto, {"label": True}, "has no question and answer beside its label"),
        (dolly, {"instruction": "q", "context": "c", "response": ""}, "has no response"),
        (dolly, {"instruction": None, "context": "c", "response": "a"}, "has no instruction"),
        (flan, {"inputs": ["q"], "targets": "a"}, "has inputs that is no text"),
        (oasst, {"id": 1}, "has no message, no tree and no thread"),
        (oasst, {"thread_id": "t", "thread": []}, "has thread without turns"),
        (oasst, {"message_tree_id": "t", "prompt": {}}, "has message 1 of the best branch without role"),
        (
            oasst,
            {"message_tree_id": "t", "prompt": message("q", "prompter", replies=["a"])},
            "has replies that are no list of messages",
        ),
    ],
)
def test_what_cannot_be_read_is_said(form: Format, row: dict[str, Any], words: str) -> None:
    with pytest.raises(PairError) as caught:
        form.conversation(row, 7)
    assert str(caught.value) == words
