"""A text area that leaves the application its function keys."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import TextArea

_NOT_FOR_TEXT = {"f6", "f7"}
"""Keys by which Textual's area selects a line or everything, and burnish jumps and shows its messages everywhere."""


class TextBox(TextArea, inherit_bindings=False):
    """Textual's area with all its other keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        each for each in TextArea.BINDINGS if not (isinstance(each, Binding) and each.key in _NOT_FOR_TEXT)
    ]
