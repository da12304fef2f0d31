"""Lists of turns inside a row: where they are, how their keys are called, and what they say.

Which field holds the list and how the turns call their keys are two things: Kiln writes `conversations` of turns with
`role` and `content`, ShareGPT `conversations` of turns with `from` and `value`.
"""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from data.formats.content import read_content
from data.formats.conversation import Conversation, Preference, Role, ToolCall, Turn
from data.formats.fields import text
from data.formats.pair import PairError

CONTAINERS = ("messages", "conversations", "conversation", "texts")
"""Usual names of the field with the turns, looked at first."""
_OTHER_LISTS = frozenset(
    (
        "prompt",
        "completion",
        "chosen",
        "rejected",
        "chosen_messages",
        "rejected_messages",
        "tools",
        "functions",
        "thread",
    )
)
"""Lists that hold turns or have their keys, and are not the conversation itself."""
SHARED = frozenset(("system", "tools"))
"""The fields that `conversation_of` takes over."""
_MEDIA = ("images", "videos", "audios")
_REASONING = ("reasoning_content", "reasoning", "thinking")
_WEIGHTS = ("train", "weight", "loss_weight")
_READ = frozenset(("tool_calls", "function_call", *_REASONING, *_WEIGHTS))
"""The keys of a turn that are taken over, beside who speaks and what is said."""
_ROLES: Mapping[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "prompter": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bot": "assistant",
    "model": "assistant",
    "function_call": "assistant",
    "tool": "tool",
    "tool_response": "tool",
    "function": "tool",
    "observation": "tool",
    "ipython": "tool",
}


@dataclass(frozen=True, slots=True)
class TurnKeys:
    """How the turns of a list call who speaks and what is said."""

    role: str
    text: str

    def __str__(self) -> str:
        return f"{self.role} and {self.text}"


SHAREGPT = TurnKeys("from", "value")
OPENAI = TurnKeys("role", "content")
_TEXT_KEYS = {"from": ("value", "content", "text"), "role": ("content", "value", "text")}


def listed(value: Any) -> Any:
    """A list that a cell of a table holds as text, in JSON or as Python writes it (AutoTrain); else the value."""
    if not isinstance(value, str) or value[:1] != "[" or value[-1:] != "]":
        return value
    with suppress(ValueError, RecursionError):
        return json.loads(value)
    with suppress(ValueError, SyntaxError, RecursionError, MemoryError), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python would complain of a `\d` in the text on the screen
        return ast.literal_eval(value)
    return value


def turn_keys(turns: Any) -> TurnKeys | None:
    """The keys that most turns of a list have; None for what is no list of turns."""
    if not isinstance(turns, list):
        return None
    of_objects = [turn for turn in turns if isinstance(turn, dict)]
    role = max(_TEXT_KEYS, key=lambda key: sum(key in turn for turn in of_objects))
    if not 2 * sum(role in turn for turn in of_objects) > len(turns):
        return None
    return TurnKeys(role, max(_TEXT_KEYS[role], key=lambda key: sum(key in turn for turn in of_objects)))


def container(values: Mapping[str, Any]) -> tuple[str, TurnKeys] | None:
    """The field with the turns of a row, and their keys: a usual name first, else any list of turns with a text."""
    for field in CONTAINERS:
        keys = turn_keys(listed(values.get(field)))
        if keys:
            return field, keys
    for field in values:
        keys = None if field in _OTHER_LISTS else turn_keys(values[field])
        if keys and all(isinstance(turn, dict) and keys.text in turn for turn in values[field]):
            return field, keys
    return None


def container_turns(values: Mapping[str, Any]) -> tuple[Turn, ...]:
    """The turns of a row's conversation. Raises PairError."""
    found = container(values)
    if found:
        return read_turns(listed(values[found[0]]), found[0], found[1])
    field = next((name for name in CONTAINERS if name in values), None)
    if field is None:
        raise PairError(f"has no {CONTAINERS[0]} or {CONTAINERS[1]}")
    raise PairError(f"has {field} without turns" if values[field] in (None, []) else f"has {field} that are no turns")


def read_turns(turns: Any, field: str, keys: TurnKeys | None = None) -> tuple[Turn, ...]:
    """A list of turns. Raises PairError naming the field and the turn."""
    keys = keys or turn_keys(turns)
    if not isinstance(turns, list) or not turns or not keys:
        raise PairError(
            f"has {field} without turns" if turns in (None, []) else f"has {field} that is no list of turns"
        )
    return tuple(read_turn(turn, keys, f"turn {place} of {field}") for place, turn in enumerate(turns, 1))


def read_turn(turn: Any, keys: TurnKeys, where: str) -> Turn:
    """One turn; `where` is its name in an error. Raises PairError."""
    if not isinstance(turn, dict):
        raise PairError(f"has {where} that is no object")
    speaker = turn.get(keys.role)
    if not isinstance(speaker, str) or not speaker.strip():
        raise PairError(f"has {where} without {keys.role}")
    role = read_role(speaker)
    if role is None:
        raise PairError(f"has {where} with an unknown {keys.role}")
    extra = {key: value for key, value in turn.items() if key not in _READ and key not in (keys.role, keys.text)}
    if speaker.strip().lower() == "function_call":
        calls = _written_calls(turn.get(keys.text), where)
        return Turn(role, "", calls=calls, weight=_weight(turn, where), extra=extra)
    calls = _listed_calls(turn, where)
    reasoning = next((turn[key] for key in _REASONING if isinstance(turn.get(key), str) and turn[key]), "")
    said = turn.get(keys.text)
    if said is None and not calls and not reasoning:
        raise PairError(f"has {where} without {keys.text}")
    content = read_content(said, where)
    more = tuple(call for written in content.calls for call in _written_calls(written, where))
    return Turn(
        role,
        content.text,
        reasoning + content.reasoning,
        calls + more,
        content.media,
        _weight(turn, where),
        content.shown,
        extra,
    )


def read_role(speaker: str) -> Role | None:
    """Who a usual name of a speaker stands for: "human" is the user."""
    return _ROLES.get(speaker.strip().lower())


def given_turns(value: Any, field: str, role: Role) -> tuple[Turn, ...]:
    """A field that is a text said by `role`, one turn, or a list of turns. Raises PairError."""
    if value is None or value == "" or value == []:
        raise PairError(f"has no {field}")
    found = listed(value)
    if isinstance(value, str) and turn_keys(found) is None:
        return (Turn(role, value),)
    value = found
    return read_turns([value] if isinstance(value, dict) else value, field)


def conversation_of(
    values: Mapping[str, Any],
    turns: tuple[Turn, ...],
    row_number: int,
    preference: Preference | None = None,
    *,
    context: str = "",
) -> Conversation:
    """A row's conversation with the fields that formats share: `system`, `tools`, `images`, `videos`, `audios`.

    The system prompt is the field and the system turns that come first, a blank line between them. Raises PairError.
    """
    first = next((place for place, turn in enumerate(turns) if turn.role != "system"), len(turns))
    parts = (text(values, "system"), *(turn.text for turn in turns[:first]))
    system = "\n\n".join(part for part in parts if part.strip()) or None
    tools = None if values.get("tools") in (None, "", "[]", [], {}) else values["tools"]
    media = tuple(field for field in _MEDIA if values.get(field))
    return Conversation(turns[first:], row_number, system, preference, tools=tools, media=media, context=context)


def _listed_calls(turn: Mapping[str, Any], where: str) -> tuple[ToolCall, ...]:
    calls = turn.get("tool_calls") or []
    if turn.get("function_call"):
        calls = [turn["function_call"]]
    if not isinstance(calls, list):
        raise PairError(f"has {where} with tool_calls that are no list")
    return tuple(_call(call, where) for call in calls)


def _written_calls(written: Any, where: str) -> tuple[ToolCall, ...]:
    """Calls as JSON in a text: one, or a list of them."""
    calls = written
    if isinstance(written, str):
        try:
            calls = json.loads(written)
        except (ValueError, RecursionError) as error:
            raise PairError(f"has {where} with a call that is no JSON") from error
    return tuple(_call(call, where) for call in (calls if isinstance(calls, list) else [calls]))


def _call(call: Any, where: str) -> ToolCall:
    """A call, bare or (OpenAI) inside `function`."""
    named = call.get("function", call) if isinstance(call, dict) else None
    if not isinstance(named, dict) or not isinstance(named.get("name"), str):
        raise PairError(f"has {where} with a call that names no tool")
    call_id = call.get("id")
    return ToolCall(named["name"], named.get("arguments"), call_id if isinstance(call_id, str) else None)


def _weight(turn: Mapping[str, Any], where: str) -> float | None:
    """Axolotl's `train`, OpenAI's `weight`, LLaMA-Factory's `loss_weight`."""
    given = next((turn[key] for key in _WEIGHTS if turn.get(key) is not None), None)
    try:
        return float(given) if isinstance(given, int | float) else None
    except OverflowError as error:
        raise PairError(f"has {where} with a weight that is no usual number") from error
