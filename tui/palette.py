"""The command palette: everything that a key does, found by its words, with the pane that it works in before it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input, TextArea

from tui.keymap import own_bindings, remapped, written
from tui.pane import Pane

if TYPE_CHECKING:
    from tui.app import BurnishApp

_TEXTUAL = ("Theme", "Screenshot")
"""Commands of Textual's own that have no key here."""


def commands(app: BurnishApp, screen: Screen[Any], textual: Iterator[SystemCommand]) -> Iterator[SystemCommand]:
    """What can be done now on the screen that the palette was opened on; on the workbench, in all of its panes."""
    if screen is not app.screen_stack[0]:
        yield from _of(app, screen, screen.BINDING_GROUP_TITLE or "This screen", lambda: None)
        return
    for pane in screen.query(Pane):
        for node in (pane, *pane.walk_children()):
            if not isinstance(node, Input | TextArea):
                yield from _of(app, node, pane.TITLE, _goer(app, pane))
    yield from _of(app, app, "burnish", lambda: None)
    for command in textual:
        if command.title in _TEXTUAL:
            yield SystemCommand(f"burnish: {command.title}", command.help, command.callback)


def _goer(app: BurnishApp, pane: Pane) -> Callable[[], None]:
    return lambda: app.action_pane(pane.id or "")


def _of(app: BurnishApp, node: DOMNode, place: str, go: Callable[[], None]) -> Iterator[SystemCommand]:
    """The bindings of a screen, pane or widget that can be used now, each thing once."""
    told: set[str] = set()
    for binding in (remapped(each, app.own_keys) for each in own_bindings(type(node))):
        if binding.description and binding.action not in told and _possible(node, binding):
            told.add(binding.action)
            keys = app.get_key_display(binding) if binding.key_display else written(binding.key)
            yield SystemCommand(
                f"{place}: {binding.description}", f"{binding.tooltip}  ({keys})", _doer(app, node, binding, go)
            )


def _possible(node: DOMNode, binding: Binding) -> bool:
    name, brackets, arguments = binding.action.partition("(")
    parameters: tuple[object, ...] = ()
    if brackets:
        from ast import literal_eval

        parsed = literal_eval(f"({arguments.removesuffix(')')},)")
        parameters = tuple(parsed)
    return bool(node.check_action(name, parameters))


def _doer(app: BurnishApp, node: DOMNode, binding: Binding, go: Callable[[], None]) -> Callable[[], Awaitable[None]]:
    async def do() -> None:
        go()
        await app.run_action(binding.action, node)

    return do
