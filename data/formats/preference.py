"""Preference: a better and a worse answer to the same prompt.

TRL: `chosen` and `rejected`, after a `prompt` or with the prompt in both; texts or lists of turns. LLaMA-Factory: one
turn each after `conversations`, texts after `instruction` and `input`, or whole `chosen_messages` and
`rejected_messages`. Axolotl and H2O: `chosen_response` and `rejected_response`, `question` or `input` as the prompt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.conversation import Conversation, Preference, Turn
from data.formats.fields import needed
from data.formats.losses import TURN_LISTS, Feature, without_place
from data.formats.pair import PairError
from data.formats.turns import SHARED, container, container_turns, conversation_of, given_turns
from data.formats.writing import is_single, openai_turns, tools_list, with_system

NAME = "preference"
NEEDS = "chosen and rejected"
_ANSWERS = (
    ("chosen_messages", "rejected_messages"),
    ("chosen", "rejected"),
    ("chosen_response", "rejected_response"),
)
_PROMPTS = ("prompt", "instruction", "question", "input")
_HOLDS = TURN_LISTS | {Feature.REJECTED}


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    answers = _answers(values)
    if not answers or not any(isinstance(values[field], str | list | dict) for field in answers):
        return ""
    before = _prompt_field(values)
    return f"{answers[0]} and {answers[1]} {f'after {before}' if before else 'with the prompt in both'}"


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    answers = _answers(values)
    if not answers:
        raise PairError(f"has no {NEEDS}")
    before = _prompt(values)
    without_speaker = before is None and all(isinstance(values[field], str) for field in answers)
    role = "text" if without_speaker else "assistant"
    chosen, rejected = (given_turns(values[field], field, role) for field in answers)
    try:
        shared = _shared(chosen, rejected)
        count = 0 if before is None else min(len(before), len(shared))
        # UltraFeedback has a prompt, and `messages` that end in the chosen answer, and repeats them in both lists.
        if before is None or (count and before[:count] == shared[:count]):
            before, chosen, rejected = shared, chosen[len(shared) :], rejected[len(shared) :]
    except RecursionError as error:
        raise PairError("is nested too deeply to be read") from error
    return conversation_of(values, before, row_number, Preference(chosen, rejected))


def fields(values: Mapping[str, Any]) -> frozenset[str]:
    """See `Format`."""
    before = _prompt_field(values)
    asked = {"instruction", "input"} if before == "instruction" else {before} if before else set[str]()
    return SHARED | asked | set(_answers(values) or ())


def write(conversation: Conversation) -> dict[str, Any]:
    """See `Format`, as TRL has it: three texts where those say it all, else lists of turns."""
    both = conversation.preference
    if both is None:
        raise PairError("has no rejected answer")
    before = with_system(conversation, conversation.turns)
    if not before and is_single(both.chosen, "text") and is_single(both.rejected, "text"):
        return {"chosen": both.chosen[0].text, "rejected": both.rejected[0].text}
    row: dict[str, Any]
    answers = {"chosen": both.chosen, "rejected": both.rejected}
    if is_single(before, "user") and all(is_single(answer, "assistant") for answer in answers.values()):
        row = {"prompt": before[0].text, **{name: answer[0].text for name, answer in answers.items()}}
    else:
        row = {"prompt": openai_turns(before)} if before else {}
        row |= {name: openai_turns(answer) for name, answer in answers.items()}
    return row | ({"tools": tools_list(conversation.tools)} if conversation.tools else {})


def losses(conversation: Conversation) -> list[str]:
    """See `Format`."""
    return without_place(conversation, NAME, _HOLDS)


def _answers(values: Mapping[str, Any]) -> tuple[str, str] | None:
    return next((names for names in _ANSWERS if names[0] in values and names[1] in values), None)


def _prompt_field(values: Mapping[str, Any]) -> str | None:
    found = container(values)
    return found[0] if found else next((field for field in _PROMPTS if values.get(field)), None)


def _prompt(values: Mapping[str, Any]) -> tuple[Turn, ...] | None:
    """What comes before the two answers; None where they hold it themselves."""
    if container(values):
        return container_turns(values)
    field = _prompt_field(values)
    if field == "instruction":
        return (Turn("user", needed(values, "instruction", "input")),)
    return given_turns(values[field], field, "user") if field else None


def _shared(chosen: tuple[Turn, ...], rejected: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The turns with which both begin; each keeps its last one."""
    most = min(len(chosen), len(rejected)) - 1
    count = next((place for place in range(most) if chosen[place] != rejected[place]), max(most, 0))
    return chosen[:count]
