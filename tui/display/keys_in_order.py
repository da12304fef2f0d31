"""Keys that take effect one after the other, also where they arrive at once: over SSH, a packet holds several.

Textual hands a key to the focused widget, from where it goes up to the app, which then does what it is bound to. A key
that was handed over before that would still go to the widget that has lost the focus: of `i` and a question behind
it, the letters would be taken for keys of the pane.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from textual.app import ReturnType
from textual.dom import DOMNode
from textual.events import Event, Key

from tui.display.line_app import LineApp

LATEST = 0.3
"""Seconds after which the next key is handed over although nobody knows what became of the one before."""
_TICK = 0.05
"""They are counted in ticks: while the loop stands still, nothing can become of a key, and one tick passes."""


class KeysInOrder(LineApp[ReturnType]):
    """An app that hands a key over when the one before has been everywhere that it goes."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._held: deque[Key] = deque()
        self._going: Key | None = None
        self._late: asyncio.TimerHandle | None = None

    async def on_event(self, event: Event) -> None:
        """Hold a key while another is on its way."""
        if not isinstance(event, Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._going is not None:
            self._held.append(event)
        else:
            await self._hand_over(event)

    async def _hand_over(self, key: Key) -> None:
        self._going = key
        self._wait(key, round(LATEST / _TICK))
        widget = self.focused or self.screen
        await super().on_event(key)
        if key.is_forwarded:
            self._follow(key, widget)
        else:
            self.call_later(self._arrived, key)

    def _wait(self, key: Key, ticks: int) -> None:
        if ticks:
            self._late = asyncio.get_running_loop().call_later(_TICK, self._wait, key, ticks - 1)
        else:
            self.call_later(self._arrived, key)

    def _follow(self, key: Key, node: DOMNode) -> None:
        """Go the way of a key: behind it in the queue of each widget from the focused one up to the app."""
        above = node.parent
        if above is None or not node.call_later(self._follow, key, above):
            # Behind the key in the app's own queue, and then behind the focus that its action may have asked for there.
            self.call_later(self.call_later, self._arrived, key)

    async def _arrived(self, key: Key) -> None:
        if self._going is not key:
            return
        if self._late is not None:
            self._late.cancel()
        self._going = None
        if self._held:
            await self._hand_over(self._held.popleft())
