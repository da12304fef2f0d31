"""A container that scrolls and leaves the keys to whoever holds it."""

from __future__ import annotations

from textual.containers import VerticalScroll


class Scroll(VerticalScroll, inherit_bindings=False):
    """Textual's own takes the arrows before those around it see them, but only where there is something to scroll."""
