"""The keys at the foot of the screen, composed anew only when they are others."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer

Key = tuple[str, str, str, bool, str]
"""The key as it is shown, its description, its action, whether it can be pressed, its tooltip."""


class FooterLine(Footer):
    """Textual's footer, without what it costs to sit under a run for hours.

    Textual composes it with every change of the bindings, though they be the same ones, and never lets go of the keys
    that it showed before: 10 KB each, 240 MB in an hour of steps.
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self._shown: list[Key] | None = None

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Compose where other keys are to be shown."""
        if self.is_attached and screen is self.screen and self._shown is not None and self._keys() == self._shown:
            return
        super().bindings_changed(screen)

    def compose(self) -> ComposeResult:
        """The keys as Textual shows them."""
        if self._bindings_ready:
            self._shown = self._keys()
        yield from super().compose()

    async def recompose(self) -> None:
        """Compose, and forget the keys of before: they follow the footer's `compact`, whose change lets go of them."""
        await super().recompose()
        self.mutate_reactive(Footer.compact)

    def _keys(self) -> list[Key]:
        display = self.app.get_key_display
        return [
            (display(binding), binding.description, binding.action, enabled, tooltip)
            for _, binding, enabled, tooltip in self.screen.active_bindings.values()
            if binding.show
        ]
