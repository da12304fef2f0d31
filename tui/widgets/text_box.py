"""A text area that leaves the application its function keys."""

from __future__ import annotations

from typing import Any

from textual.widgets import TextArea

_NOT_FOR_TEXT = ("f6", "f7")
"""Keys by which Textual's area selects a line or everything, and burnish jumps and shows its messages everywhere."""


class TextBox(TextArea):
    """Textual's area with all its other keys."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        for key in _NOT_FOR_TEXT:
            self._bindings.key_to_bindings.pop(key, None)
