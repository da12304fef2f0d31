"""KTO: a question and an answer of any format, with `label` (or `kto_tag`): whether the answer is a good one.

TRL: `prompt`, `completion`, `label`. LLaMA-Factory: any format with a label beside it. Axolotl: also `instruction` or
`question` for the prompt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from data.formats import alpaca, messages, prompt_completion, sharegpt
from data.formats.conversation import Conversation
from data.formats.format import Format
from data.formats.losses import TURN_LISTS, Feature, without_place
from data.formats.pair import PairError

NAME = "KTO"
NEEDS = "label true or false beside prompt and completion, or beside a conversation"
_LABELS = ("label", "kto_tag")
_LABELLED: tuple[Format, ...] = (prompt_completion, sharegpt, messages, alpaca)
_PROMPTS = ("instruction", "question")
_HOLDS = TURN_LISTS | {Feature.LABEL}


def evidence(values: Mapping[str, Any]) -> str:
    """See `Format`."""
    label, labelled = _label(values), _labelled(values)
    return f"{label} that is true or false, beside {labelled[0].evidence(labelled[1])}" if label and labelled else ""


def conversation(values: Mapping[str, Any], row_number: int) -> Conversation:
    """See `Format`."""
    label, labelled = _label(values), _labelled(values)
    if not label:
        raise PairError("has no label that is true or false")
    if not labelled:
        raise PairError("has no question and answer beside its label")
    form, fields = labelled
    return replace(form.conversation(fields, row_number), label=_truth(values[label]))


def fields(values: Mapping[str, Any]) -> frozenset[str]:
    """See `Format`."""
    label, labelled = _label(values), _labelled(values)
    if not label or not labelled:
        return frozenset()
    form, named = labelled
    renamed = {field for field in _PROMPTS if "prompt" not in values and named.get("prompt") is values.get(field)}
    return form.fields(named) | renamed | {label}


def write(conversation: Conversation) -> dict[str, Any]:
    """See `Format`, as TRL has it."""
    if conversation.label is None:
        raise PairError("does not say whether its answer is a good one")
    return {**prompt_completion.write(replace(conversation, label=None)), "label": conversation.label}


def losses(conversation: Conversation) -> list[str]:
    """See `Format`."""
    return without_place(conversation, NAME, _HOLDS)


def _label(values: Mapping[str, Any]) -> str | None:
    return next((field for field in _LABELS if _truth(values.get(field)) is not None), None)


def _truth(value: Any) -> bool | None:
    """True or false, also as a cell of a table has it in a text."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def _labelled(values: Mapping[str, Any]) -> tuple[Format, Mapping[str, Any]] | None:
    """The format that the row has beside its label, and its fields under the names of that format."""
    asked = next((field for field in _PROMPTS if field in values), None)
    if "completion" in values and "prompt" not in values and asked:
        values = {**values, "prompt": values[asked]}
    return next(((form, values) for form in _LABELLED if form.evidence(values)), None)
