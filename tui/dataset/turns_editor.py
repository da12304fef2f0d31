"""A field that holds a conversation, shown as turns that can be added, removed, moved and given to another speaker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from data.formats.turns import TurnKeys, turn_keys
from data.wording import counted
from tui.dataset.cells import cut
from tui.dataset.field import FieldArea
from tui.dataset.turn import TurnBlock

_ROLES = {"from": ("human", "gpt", "system"), "role": ("user", "assistant", "system", "tool")}
"""Who may speak, by the key that says so."""
_OASST_ROLES = ("prompter", "assistant")
_ANSWERS = {"user": "assistant", "human": "gpt", "prompter": "assistant"}
"""Who speaks after whom."""


class TurnsField(Vertical):
    """One list of turns, or a single turn, or the history of an Alpaca row."""

    DEFAULT_CSS = """
    TurnsField { height: auto; & > .turns-head { color: $dim; height: 1; padding: 0 1; } }
    """

    def __init__(self, name: str, value: Any, keys: TurnKeys | None, label: int) -> None:
        """`keys`: None for a history of [question, answer]."""
        super().__init__(name=name)
        self._given = value
        self._keys = keys
        self._label = label
        self._single = isinstance(value, Mapping)
        turns = [value] if self._single else value
        self.blocks = [TurnBlock(turn, keys, label) for turn in turns]
        """The turns in their order."""
        self._given_roles = [block.role for block in self.blocks if block.role is not None]

    @classmethod
    def for_value(cls, name: str, value: Any, label: int) -> TurnsField | None:
        """The field of a value that is a conversation; None for any other."""
        if name == "history" and isinstance(value, list) and value and all(map(_is_pair, value)):
            return cls(name, value, None, label)
        turns = [value] if isinstance(value, Mapping) else value
        keys = turn_keys(turns)
        if keys is None or not all(_is_turn(turn, keys) for turn in turns):
            return None
        return cls(name, value, keys, label)

    def compose(self) -> ComposeResult:
        """A line with the field's name, then the turns."""
        yield Static(self._head(), classes="turns-head", markup=False)
        yield from self.blocks

    @property
    def areas(self) -> list[FieldArea]:
        """The areas of all turns, from top to bottom."""
        return [area for block in self.blocks for area in block.areas]

    @property
    def value(self) -> Any:
        """The conversation as it is now; turns that were not touched are the very objects that were given."""
        turns = [block.value for block in self.blocks]
        return turns[0] if self._single else turns

    @property
    def changed(self) -> bool:
        """Whether a turn was changed, added, removed or moved."""
        given = [self._given] if self._single else self._given
        same = len(given) == len(self.blocks) and all(
            block.given is turn for block, turn in zip(self.blocks, given, strict=True)
        )
        return not same or any(block.changed for block in self.blocks)

    def block_of(self, area: FieldArea) -> TurnBlock | None:
        """The turn that an area belongs to."""
        return next((block for block in self.blocks if area in block.areas), None)

    def path_of(self, area: FieldArea) -> tuple[str | int, ...]:
        """Where the text of an area is in the row."""
        block = self.block_of(area)
        place = () if self._single or block is None else (self.blocks.index(block),)
        return (self.name or "", *place, *area.path)

    @property
    def can_change(self) -> bool:
        """Whether turns can be added, removed and moved."""
        return not self._single

    async def add_turn(self, beside: TurnBlock, *, above: bool) -> TurnBlock:
        """Add an empty turn next to one, of whoever would speak there."""
        place = self.blocks.index(beside) + (not above)
        block = TurnBlock(self._empty_turn(place), self._keys, self._label)
        self.blocks.insert(place, block)
        await self.mount(block, before=beside if above else None, after=None if above else beside)
        self._show_head()
        return block

    async def remove_turn(self, block: TurnBlock) -> FieldArea | None:
        """Take a turn out; the area to go on in, None when it is the last turn, which stays."""
        if len(self.blocks) == 1:
            return None
        place = self.blocks.index(block)
        self.blocks.remove(block)
        await block.remove()
        self._show_head()
        return self.blocks[min(place, len(self.blocks) - 1)].areas[0]

    def move_turn(self, block: TurnBlock, step: int) -> bool:
        """Put a turn one place up (-1) or down (1); whether there is such a place."""
        place = self.blocks.index(block)
        if not 0 <= place + step < len(self.blocks):
            return False
        other = self.blocks[place + step]
        self.blocks[place], self.blocks[place + step] = other, block
        if step > 0:
            self.move_child(block, after=other)
        else:
            self.move_child(block, before=other)
        return True

    def next_role(self, block: TurnBlock) -> str | None:
        """Give a turn to the next speaker, round and round; None where turns have no speakers."""
        if self._keys is None or block.role is None:
            return None
        roles = self._roles()
        role = roles[(roles.index(block.role) + 1) % len(roles)]
        block.set_role(role)
        return role

    def _roles(self) -> list[str]:
        """Those that speak in this list, and those that usually do."""
        assert self._keys is not None
        usual = _OASST_ROLES if "prompter" in self._given_roles else _ROLES[self._keys.role]
        return list(dict.fromkeys([*usual, *self._given_roles]))

    def _empty_turn(self, place: int) -> Any:
        if self._keys is None:
            return ["", ""]
        before = self.blocks[place - 1].role if place else None
        usual = self._roles()[0]
        role = _ANSWERS.get(before or "", usual)
        turn = {self._keys.role: role, self._keys.text: ""}
        # Written in the order in which the other turns have the two.
        example = self.blocks[0].given
        return (
            turn
            if list(example).index(self._keys.role) < _index(example, self._keys.text)
            else dict(reversed(list(turn.items())))
        )

    def _head(self) -> str:
        unit = "earlier question" if self._keys is None else "turn"
        return cut(f"{self.name} · {counted(len(self.blocks), unit)}", 60).rstrip()

    def _show_head(self) -> None:
        self.query_one(".turns-head", Static).update(self._head())


def roles_in(value: Any) -> list[str]:
    """Who speaks in a value, if it is a conversation, and who may."""
    keys = turn_keys(value)
    if keys is None:
        return []
    return [*_ROLES[keys.role], *(turn[keys.role] for turn in value if _is_turn(turn, keys))]


def _index(turn: Mapping[str, Any], key: str) -> int:
    return list(turn).index(key) if key in turn else len(turn)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(each, str) for each in value)


def _is_turn(turn: Any, keys: TurnKeys) -> bool:
    return isinstance(turn, Mapping) and isinstance(turn.get(keys.role), str)
