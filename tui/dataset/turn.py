"""One turn of a conversation in the editor: its role, its text, and what else it has, which stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from data.formats.turns import TurnKeys
from data.rows.style import Style
from tui.dataset.cells import cut
from tui.dataset.field import FieldArea

_PAIR_ROLES = ("user", "assistant")
"""Who speaks in an earlier question and answer of an Alpaca row."""
_TEXT_PARTS = ("text", "input_text", "output_text", "reasoning", "thinking")
_PART_KEYS = ("text", "value", "content", "thinking", "reasoning")
_REASONING = ("reasoning_content", "reasoning", "thinking")
"""Keys of a turn whose text is edited beside what is said."""
_LONGEST_REST = 400
_LONGEST_SHOWN = 2000


class TurnBlock(Vertical):
    """The role at the left of the text; a list of content parts has an area for each."""

    DEFAULT_CSS = """
    TurnBlock {
        height: auto;
        & .turn-line { height: auto; }
        & .turn-rest { color: $dim; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & FieldArea.-locked { color: $dim; }
    }
    """

    def __init__(self, turn: Any, keys: TurnKeys | None, label: int) -> None:
        """`keys`: None for an earlier question and answer, a list of two texts. `label`: cells for the role."""
        super().__init__()
        self.given = turn
        """The turn as it was."""
        self._keys = keys
        self._label = label
        self.role: str | None = turn.get(keys.role) if keys is not None else None
        """Who speaks; None where that cannot be changed."""
        self.areas: list[FieldArea] = list(self._made())
        """The areas of its texts; one that cannot be edited is read-only."""

    def compose(self) -> ComposeResult:
        """A line for each part, and one for what cannot be edited."""
        for place, area in enumerate(self.areas):
            words = _PAIR_ROLES[place] if self._keys is None else (self.role if place == 0 else area.name) or ""
            head = Static(cut(words, self._label - 2), classes="editor-label", markup=False)
            head.styles.width = self._label
            yield Horizontal(head, area, classes="turn-line editor-line")
        if rest := self._rest():
            line = Static(rest, classes="turn-rest", markup=False)
            line.styles.margin = (0, 1, 0, self._label + 1)
            yield line

    @property
    def changed(self) -> bool:
        """Whether a text or the role differs from what was given."""
        return self._role_changed or any(area.changed for area in self.areas)

    @property
    def empty(self) -> bool:
        """Whether nothing would be lost with it."""
        return not any(area.text.strip() for area in self.areas) and not self._rest()

    @property
    def value(self) -> Any:
        """The turn as it is now; what was not touched is the very object that was given."""
        turn = self.given
        for area in self.areas:
            if area.changed:
                turn = _with(turn, area.path, area.value)
        return _with(turn, (self._keys.role,), self.role) if self._keys is not None and self._role_changed else turn

    def set_role(self, role: str) -> None:
        """Let somebody else say it."""
        self.role = role
        self.query(Static).first(Static).update(cut(role, self._label - 2))

    @property
    def _role_changed(self) -> bool:
        return self._keys is not None and self.role != self.given.get(self._keys.role)

    def _made(self) -> Iterator[FieldArea]:
        if self._keys is None:
            yield from (FieldArea(_PAIR_ROLES[place], said, path=(place,)) for place, said in enumerate(self.given))
            return
        key = self._keys.text
        content = self.given.get(key)
        if isinstance(content, str):
            yield FieldArea(key, content, path=(key,))
        elif isinstance(content, list) and content:
            for place, part in enumerate(content):
                yield _part_area(part, (key, place))
        else:
            yield _locked("nothing" if content is None else key, "" if content is None else content, (key,))
        for name in _REASONING:
            if isinstance(self.given.get(name), str):
                yield FieldArea(name, self.given[name], path=(name,))

    def _rest(self) -> str:
        """The other keys of the turn, in a line."""
        if self._keys is None or not isinstance(self.given, Mapping):
            return ""
        known = {self._keys.role, *(area.path[0] for area in self.areas)}
        others = {name: value for name, value in self.given.items() if name not in known}
        line = "  ".join(f"{name}: {Style().encode(value)[:_LONGEST_REST]}" for name, value in others.items())
        return cut(line, min(len(line), _LONGEST_REST)) if line else ""


def _part_area(part: Any, path: tuple[str | int, ...]) -> FieldArea:
    if isinstance(part, str):
        return FieldArea("text", part, path=path)
    kind = str(part.get("type", "part")) if isinstance(part, Mapping) else "part"
    if isinstance(part, Mapping) and kind in _TEXT_PARTS:
        key = next((key for key in _PART_KEYS if isinstance(part.get(key), str)), None)
        if key is not None:
            return FieldArea(kind, part[key], path=(*path, key))
    return _locked(kind, part, path)


def _locked(kind: str, value: Any, path: tuple[str | int, ...]) -> FieldArea:
    """Something that is shown and left alone."""
    shown = value if isinstance(value, str) else Style().encode(value)
    area = FieldArea(kind, shown[:_LONGEST_SHOWN], path=path, read_only=True)
    area.add_class("-locked")
    return area


def _with(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """A copy of a value with one part of it replaced."""
    if not path:
        return new
    key, *rest = path
    if isinstance(value, list):
        return [_with(each, tuple(rest), new) if place == key else each for place, each in enumerate(value)]
    return {name: _with(each, tuple(rest), new) if name == key else each for name, each in value.items()}
