"""Turns on their way into a row: lists of them, and the last question with its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.formats.conversation import Conversation, Role, ToolCall, Turn
from data.formats.pair import PairError

_SHAREGPT: Mapping[Role, str] = {"system": "system", "user": "human", "assistant": "gpt", "tool": "observation"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """The last question of a conversation with its answer."""

    earlier: tuple[Turn, ...]
    question: str
    """Without the context."""
    context: str
    """What the row keeps apart from the question; empty where it does not."""
    answer: str

    @property
    def asked(self) -> str:
        """The question with its context, as `fields.joined` puts them together."""
        return "\n\n".join(part for part in (self.question, self.context) if part)


def said(conversation: Conversation) -> tuple[Turn, ...]:
    """The turns with the chosen answer. Raises PairError for text that nobody says and an answer that is a bad one."""
    turns = conversation.turns + (conversation.preference.chosen if conversation.preference else ())
    if not turns:
        raise PairError("has no turns")
    if any(turn.role == "text" for turn in turns):
        raise PairError("is text without a question and an answer")
    if conversation.label is False:
        raise PairError("is marked as a bad answer")
    return turns


def exchange(conversation: Conversation) -> Exchange:
    """The last question and its answer. Raises PairError where there is none."""
    turns = said(conversation)
    last = len(turns) - 1
    if turns[last].role != "assistant" or not turns[last].text.strip():
        raise PairError("ends without an answer")
    asked = next((place for place in range(last - 1, -1, -1) if turns[place].role == "user"), None)
    if asked is None or not turns[asked].text.strip():
        raise PairError("has no question")
    question, context = turns[asked].text, conversation.context
    if context and question.endswith(f"\n\n{context}"):
        question = question[: -len(context) - 2]
    elif context and question == context:
        question = ""
    else:
        context = ""
    return Exchange(turns[:asked], question, context, turns[last].text)


def with_system(conversation: Conversation, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Turns after the system prompt, where there is one."""
    return (Turn("system", conversation.system), *turns) if conversation.system is not None else turns


def openai_turns(turns: tuple[Turn, ...]) -> list[dict[str, Any]]:
    """Turns with `role` and `content`, as OpenAI, TRL and Axolotl have them. Raises PairError for text nobody says."""
    return [_openai_turn(turn) for turn in turns]


def tools_list(tools: Any) -> Any:
    """Tools as the list that OpenAI has; what is no JSON stays as it is."""
    if not isinstance(tools, str):
        return tools
    try:
        return json.loads(tools)
    except (ValueError, RecursionError):
        return tools


def sharegpt_turns(turns: tuple[Turn, ...]) -> list[dict[str, Any]]:
    """Turns with `from` and `value`; a call is a `function_call` with JSON in its text (LLaMA-Factory)."""
    return [_sharegpt_turn(turn) for turn in turns]


def json_text(value: Any) -> str:
    """A value as JSON in a text; a text is taken to be that already."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def is_single(turns: tuple[Turn, ...], role: Role) -> bool:
    """Whether the turns are one text by `role` and nothing beside it, so that the text alone stands for them."""
    if len(turns) != 1:
        return False
    turn = turns[0]
    beside = turn.reasoning or turn.calls or turn.media or turn.weight is not None or turn.extra
    return turn.role == role and bool(turn.text) and not beside


def _openai_turn(turn: Turn) -> dict[str, Any]:
    if turn.role == "text":
        raise PairError("is text without a question and an answer")
    written: dict[str, Any] = {"role": turn.role}
    if turn.reasoning:
        written["reasoning_content"] = turn.reasoning
    if turn.media:
        written["content"] = list(turn.parts)
    elif turn.text or not turn.calls:
        written["content"] = turn.text
    if turn.calls:
        written["tool_calls"] = [_openai_call(call) for call in turn.calls]
    if turn.weight is not None:
        written["weight"] = int(turn.weight) if turn.weight in (0, 1) else turn.weight
    return written | _beside(turn, written)


def _openai_call(call: ToolCall) -> dict[str, Any]:
    function = {"type": "function", "function": {"name": call.name, "arguments": call.arguments}}
    return function if call.id is None else {"id": call.id, **function}


def _sharegpt_turn(turn: Turn) -> dict[str, Any]:
    speaker, value = _SHAREGPT.get(turn.role), turn.text
    if speaker is None:
        raise PairError("is text without a question and an answer")
    if turn.calls:
        calls = [{"name": call.name, "arguments": call.arguments} for call in turn.calls]
        speaker, value = "function_call", json.dumps(calls[0] if len(calls) == 1 else calls, ensure_ascii=False)
    written: dict[str, Any] = {"from": speaker, "value": value}
    if turn.weight is not None:
        written |= {"train": bool(turn.weight)} if turn.weight in (0, 1) else {"weight": turn.weight}
    return written | _beside(turn, written)


def _beside(turn: Turn, written: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in turn.extra.items() if key not in written}
