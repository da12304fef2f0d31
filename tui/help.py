"""Every key of every pane on one screen, read from the bindings themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from textwrap import wrap
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.keymap import own_bindings, remapped
from tui.pane import Pane

_KEYS = 16
_WHAT = 18
"""Cells of the first two columns."""


@dataclass(frozen=True, slots=True)
class HelpRow:
    """One thing that can be done."""

    keys: str
    what: str
    explanation: str

    def matches(self, words: Iterable[str]) -> bool:
        """Whether each of some lower-case words is in it."""
        text = f"{self.keys} {self.what} {self.explanation}".lower()
        return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class HelpGroup:
    """The keys of one place."""

    title: str
    rows: tuple[HelpRow, ...]


def help_groups(app: App[Any]) -> tuple[HelpGroup, ...]:
    """The keys that work everywhere, then those of each pane and of the widgets in it; the focused pane comes first."""
    screen = app.screen_stack[0]
    here = () if screen.focused is None else screen.focused.ancestors_with_self
    groups = [_group("Everywhere", [type(app), type(screen)], app)]
    for pane in sorted(screen.query(Pane), key=lambda pane: pane not in here):
        places: dict[str, list[type[DOMNode]]] = {pane.TITLE: [type(pane)]}
        for kind in _kinds(pane):
            place = kind.BINDING_GROUP_TITLE
            places.setdefault(f"{pane.TITLE}: {place}" if place else pane.TITLE, []).append(kind)
        groups += [_group(title, kinds, app) for title, kinds in places.items()]
        explained = [row for kind in _kinds(pane) for row in getattr(kind, "EXPLAINED", ())]
        groups.append(HelpGroup(f"{pane.TITLE}: figures", tuple(HelpRow("", what, text) for what, text in explained)))
    if app.ENABLE_COMMAND_PALETTE:
        palette = Binding(app.COMMAND_PALETTE_BINDING, "command_palette")
        row = HelpRow(app.get_key_display(palette), "Commands", "Find what can be done by its name")
        groups[0] = HelpGroup(groups[0].title, (*groups[0].rows, row))
    return tuple(group for group in groups if group.rows)


def _kinds(pane: Pane) -> Iterator[type[DOMNode]]:
    """The widgets of a pane, and those that it mounts only when they are needed (`LATER`: their modules and names)."""
    for node in (pane, *pane.walk_children()):
        if node is not pane:
            yield type(node)
        for module, name in getattr(node, "LATER", ()):
            yield getattr(import_module(module), name)


def _group(title: str, kinds: Iterable[type[DOMNode]], app: App[Any]) -> HelpGroup:
    """One row for each thing that can be done, with all its keys."""
    keys: dict[tuple[str, str], list[str]] = {}
    explanations: dict[tuple[str, str], str] = {}
    own_keys = getattr(app, "own_keys", {})
    for binding in (remapped(binding, own_keys) for kind in kinds for binding in own_bindings(kind)):
        if binding.description:
            what = binding.action, binding.description
            explanations.setdefault(what, binding.tooltip)
            shown = keys.setdefault(what, [])
            shown += [key for key in _displays(binding, app) if key not in shown]
    return HelpGroup(title, tuple(HelpRow(" ".join(keys[what]), what[1], explanations[what]) for what in keys))


def _displays(binding: Binding, app: App[Any]) -> Iterator[str]:
    """How each key of a binding is written; a name that the binding gives itself is that of its first key."""
    for index, single in enumerate(Binding.make_bindings([binding])):
        yield app.get_key_display(replace(single, key_display=single.key_display if index == 0 else None))


class HelpFilter(Input):
    """The line to narrow the keys down in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "drop", "All keys", id="help.drop-filter", tooltip="Show all keys again"),
        Binding(
            "down,up", "submit", "To the keys", show=False, id="help.keep-filter", tooltip="Back to the keys found"
        ),
    ]

    class Dropped(Message):
        """The filter is not wanted any more."""

    def action_drop(self) -> None:
        """Give the filter up."""
        self.post_message(self.Dropped())


class HelpScreen(ModalScreen[None]):
    """The keys, grouped by pane, to scroll and to filter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,q,question_mark,f1", "leave", "Back", key_display="esc", id="help.leave", tooltip="Close the help"
        ),
        Binding("slash", "filter", "Filter", id="help.filter", tooltip="Show only keys with some words"),
        Binding("j", "scroll(1)", "Down", show=False, id="help.down", tooltip="A line down"),
        Binding("k", "scroll(-1)", "Up", show=False, id="help.up", tooltip="A line up"),
        Binding("g", "edge(-1)", "Top", show=False, id="help.top", tooltip="To the first key"),
        Binding("G", "edge(1)", "End", show=False, id="help.end", tooltip="To the last key"),
    ]

    DEFAULT_CSS = """
    HelpScreen {
        background: $background;
    }
    HelpScreen #help-title {
        height: 3;
        padding: 1 2;
    }
    HelpScreen #help-keys {
        height: 1fr;
        padding: 0 2;
        scrollbar-size-vertical: 1;
    }
    HelpScreen #help-keys > Static {
        width: 1fr;
        height: auto;
    }
    HelpScreen HelpFilter {
        display: none;
        padding: 0 2;
    }
    HelpScreen HelpFilter.-shown {
        display: block;
    }
    HelpScreen #help-foot {
        height: 2;
        padding: 1 2 0 2;
        color: $text-muted;
    }
    """

    def compose(self) -> ComposeResult:
        """A title, the keys, and how to get away."""
        told = ("   each works in its pane, whether the footer shows it or not", "$text-muted")
        yield Static(Content.assemble(("Keys", "bold $accent"), told), id="help-title")
        with VerticalScroll(id="help-keys"):
            yield Static(id="help-text")
        yield HelpFilter(placeholder="words to look for …", compact=True)
        yield Static("/ filter   ↑ ↓ scroll   esc back", id="help-foot", markup=False)

    def on_mount(self) -> None:
        """Read the bindings."""
        self.query_one(HelpFilter).cursor_blink = False
        self._groups = help_groups(self.app)
        self.query_one("#help-keys").focus()

    def on_resize(self) -> None:
        """Wrap the explanations anew."""
        self.call_after_refresh(self._draw)

    @on(Input.Changed)
    def _draw(self) -> None:
        words = self.query_one(HelpFilter).value.lower().split()
        width = max(40, self.query_one("#help-keys").content_size.width - 1)
        found = [
            HelpGroup(group.title, rows)
            for group in self._groups
            if (rows := tuple(row for row in group.rows if row.matches([*words]) or _in(group.title, words)))
        ]
        parts = [_written(group, width) for group in found]
        self.query_one("#help-text", Static).update(
            Content("\n\n").join(parts) if parts else Content.styled("No key has these words.", "$text-muted")
        )

    @on(Input.Submitted)
    def _to_keys(self) -> None:
        self.query_one("#help-keys").focus()

    @on(HelpFilter.Dropped)
    def _drop_filter(self) -> None:
        field = self.query_one(HelpFilter)
        field.value = ""
        field.remove_class("-shown")
        self.query_one("#help-keys").focus()

    def action_filter(self) -> None:
        """Type words to look for."""
        self.query_one(HelpFilter).add_class("-shown").focus()

    def action_leave(self) -> None:
        """Take the filter away first, then close."""
        if self.query_one(HelpFilter).has_class("-shown"):
            self._drop_filter()
        else:
            self.dismiss()

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one("#help-keys").scroll_relative(y=lines, animate=False)

    def action_edge(self, direction: int) -> None:
        """Scroll to an end."""
        keys = self.query_one("#help-keys")
        keys.scroll_to(y=0 if direction < 0 else keys.max_scroll_y, animate=False)


def _in(title: str, words: list[str]) -> bool:
    return bool(words) and all(word in title.lower() for word in words)


def _written(group: HelpGroup, width: int) -> Content:
    """A heading, and for each row its keys, what they do, and the explanation beside it."""
    lines: list[Content] = [Content.styled(group.title, "bold")]
    room = max(16, width - _KEYS - _WHAT)
    for row in group.rows:
        explanation = wrap(row.explanation, room) or [""]
        head = Content.assemble((f"{row.keys:>{_KEYS - 2}}  ", "$accent"), f"{row.what:<{_WHAT}}")
        lines.append(Content.assemble(head, (explanation[0], "$text-muted")))
        lines += [Content.styled(f"{'':{_KEYS + _WHAT}}{rest}", "$text-muted") for rest in explanation[1:]]
    return Content("\n").join(lines)
