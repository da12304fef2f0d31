"""A mapping: which fields of a file are the question, the answer and the rest, where they have names of their own."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from data.errors import InputError
from data.formats.conversation import Conversation, Preference, Role, Turn
from data.formats.fields import needed, text
from data.formats.losses import TURN_LISTS, Feature, without_place
from data.formats.pair import PairError
from data.formats.turns import TurnKeys, conversation_of, given_turns, listed, read_turn, turn_keys
from data.formats.writing import exchange, said, with_system

_PAIR = frozenset((Feature.SPEAKERS,))
_TRUE, _FALSE = (True, 1, "true", "1", "yes"), (False, 0, "false", "0", "no")


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """What each field of a file is; empty where there is no such field. A `Format` like the others.

    One of three shapes: a question with its answer; a list of turns; a better and a worse answer.
    """

    question: str = ""
    input: str = ""
    """Belongs to the question, after it."""
    answer: str = ""
    system: str = ""
    turns: str = ""
    """The field with the list of turns."""
    role: str = ""
    """In a turn, the key that says who speaks; empty: as usual (`role` or `from`)."""
    text: str = ""
    """In a turn, the key of what is said; empty: as usual (`content`, `value` or `text`)."""
    user: str = ""
    """How a turn names the person; empty: as usual (user, human …)."""
    assistant: str = ""
    """How a turn names the model; empty: as usual."""
    chosen: str = ""
    rejected: str = ""
    label: str = ""
    """Says whether the answer is a good one: true or false."""

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    @property
    def NAME(self) -> str:  # noqa: N802
        """See `Format`."""
        return "mapped fields"

    @property
    def NEEDS(self) -> str:  # noqa: N802
        """See `Format`."""
        needed = self._needed()
        return " and ".join(filter(None, (", ".join(needed[:-1]), *needed[-1:])))

    def check(self, where: str) -> None:
        """Raise InputError for a mapping that no row could be read with; `where` is the name of its place."""
        named = [value for each in fields(self) if each.name not in _KEYS and (value := getattr(self, each.name))]
        twice = next((name for place, name in enumerate(named) if name in named[:place]), None)
        shapes = [bool(self.turns), bool(self.answer), bool(self.chosen or self.rejected)]
        problems = (
            (sum(shapes) != 1, "needs question and answer, or turns, or chosen and rejected"),
            (bool(self.answer) and not self.question, "names an answer and no question"),
            (bool(self.chosen) != bool(self.rejected), "needs both chosen and rejected"),
            (bool(self.turns) and bool(self.question or self.input), "names turns, which hold the question already"),
            (not self.turns and any(getattr(self, key) for key in _KEYS), "names keys of turns and no turns"),
            (bool(self.role) != bool(self.text), "needs role and text together"),
            (bool(self.user) != bool(self.assistant), "needs user and assistant together"),
            (bool(self.label and self.chosen), "names a label and a rejected answer, of which a row has one"),
            (twice is not None, f"uses the field {twice} twice"),
        )
        for found, words in problems:
            if found:
                raise InputError(f"{where}: the mapping {words}.")

    def evidence(self, values: Mapping[str, Any]) -> str:
        """See `Format`."""
        if any(field not in values for field in self._needed()):
            return ""
        shown = [f"{getattr(self, name)} as the {name}" for name in _SHOWN if getattr(self, name) in values]
        return ", ".join(shown)

    def conversation(self, values: Mapping[str, Any], row_number: int) -> Conversation:
        """See `Format`."""
        own = {**values, "system": values.get(self.system)} if self.system else values
        if self.turns:
            found = conversation_of(own, self._turns(values), row_number)
        elif self.chosen:
            before = (Turn("user", needed(values, self.question, self.input)),) if self.question else ()
            better = given_turns(values.get(self.chosen), self.chosen, "assistant")
            worse = given_turns(values.get(self.rejected), self.rejected, "assistant")
            context = text(values, self.input)
            found = conversation_of(own, before, row_number, Preference(better, worse), context=context)
        else:
            turns = (
                Turn("user", needed(values, self.question, self.input)),
                Turn("assistant", needed(values, self.answer)),
            )
            found = conversation_of(own, turns, row_number, context=text(values, self.input))
        return self._labelled(found, values)

    def fields(self, values: Mapping[str, Any]) -> frozenset[str]:
        """See `Format`."""
        named = {getattr(self, name) for name in _SHOWN}
        return frozenset(field for field in (*named, "system", "tools") if field in values)

    def write(self, conversation: Conversation) -> dict[str, Any]:
        """See `Format`."""
        row: dict[str, Any] = {}
        if self.turns:
            system = () if self.system else with_system(conversation, ())
            row[self.turns] = [self._turn(turn) for turn in (*system, *said(conversation)) if turn.role != "tool"]
        elif self.chosen:
            both = conversation.preference
            if both is None:
                raise PairError("has no rejected answer")
            if self.question:
                row[self.question] = _last(conversation.turns)
            row |= {self.chosen: _last(both.chosen), self.rejected: _last(both.rejected)}
        else:
            found = exchange(conversation)
            row[self.question] = found.question if self.input else found.asked
            row |= {self.input: found.context} if self.input else {}
            row[self.answer] = found.answer
        if self.system and conversation.system is not None:
            row[self.system] = conversation.system
        if self.label:
            row[self.label] = conversation.label
        return row

    def losses(self, conversation: Conversation) -> list[str]:
        """See `Format`."""
        holds = TURN_LISTS & {Feature.HISTORY, Feature.ORDER, Feature.SYSTEM, Feature.SPEAKERS} if self.turns else _PAIR
        also = ((self.system, Feature.SYSTEM), (self.input, Feature.CONTEXT), (self.label, Feature.LABEL))
        more = {feature for named, feature in (*also, (self.chosen, Feature.REJECTED)) if named}
        return without_place(conversation, "the mapping", holds | more)

    def _needed(self) -> tuple[str, ...]:
        if self.turns:
            return (self.turns,)
        answers = (self.chosen, self.rejected) if self.chosen else (self.answer,)
        return tuple(field for field in (self.question, *answers) if field)

    def _turns(self, values: Mapping[str, Any]) -> tuple[Turn, ...]:
        turns = listed(values.get(self.turns))
        keys = TurnKeys(self.role, self.text) if self.role else turn_keys(turns)
        if not isinstance(turns, list) or not turns or keys is None:
            raise PairError(f"has no {self.turns} that are turns")
        named: dict[object, Role] = {self.user: "user", self.assistant: "assistant"} if self.user else {}
        read: list[Turn] = []
        for place, turn in enumerate(turns, 1):
            speaker = turn.get(keys.role) if isinstance(turn, dict) else None
            own = named.get(speaker) if isinstance(speaker, str) else None
            read.append(read_turn({**turn, keys.role: own} if own else turn, keys, f"turn {place} of {self.turns}"))
        return tuple(read)

    def _turn(self, turn: Turn) -> dict[str, Any]:
        speaker = {"user": self.user, "assistant": self.assistant}.get(turn.role) or turn.role
        return {self.role or "role": speaker, self.text or "content": turn.text}

    def _labelled(self, found: Conversation, values: Mapping[str, Any]) -> Conversation:
        if not self.label:
            return found
        value = values.get(self.label)
        known = value.strip().lower() if isinstance(value, str) else value
        if not isinstance(known, str | int) or known not in (*_TRUE, *_FALSE):
            raise PairError(f"has {self.label} that is neither true nor false")
        return replace(found, label=known in _TRUE)


_KEYS = ("role", "text", "user", "assistant")
"""The names that stand for keys of a turn and names of speakers."""
_SHOWN = ("turns", "question", "input", "answer", "chosen", "rejected", "system", "label")


def mapping_from(values: Mapping[str, Any], where: str) -> FieldMapping:
    """A mapping from what a TOML table holds. Raises InputError naming `where` and the setting."""
    known = [each.name for each in fields(FieldMapping)]
    for name, value in values.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}."
            raise InputError(f"{where}: a mapping has no setting {name}; {hint}")
        if not isinstance(value, str):
            raise InputError(f"{where}: {name} of the mapping must be the name of a field, in quotes.")
    mapping = FieldMapping(**values)
    mapping.check(where)
    return mapping


def _last(turns: tuple[Turn, ...]) -> str:
    return turns[-1].text if turns else ""
