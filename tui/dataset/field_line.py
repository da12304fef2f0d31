"""One field in the editor: its name at the left, its text, and under it why it is no JSON."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static, TextArea

from tui.dataset.cells import cut
from tui.dataset.field import FieldArea
from tui.dataset.value_area import ValueArea
from tui.literal import literal


class FieldLine(Vertical):
    """A text, or any other value as JSON."""

    DEFAULT_CSS = """
    FieldLine {
        height: auto;
        & > .field-problem { display: none; height: auto; color: $disagrees; }
        &.-bad > .field-problem { display: block; }
    }
    """

    def __init__(self, name: str, value: Any, label: int) -> None:
        """`label`: cells for the name."""
        super().__init__(name=name)
        self.area = FieldArea(name, value) if isinstance(value, str) else ValueArea(name, value)
        self._label = label
        self._problem = Static(classes="field-problem", markup=False)

    def compose(self) -> ComposeResult:
        """The name beside the text, and room for a sentence."""
        head = Static(cut(self.name or "", self._label - 2), classes="editor-label", markup=False)
        head.styles.width = self._label
        yield Horizontal(head, self.area, classes="editor-line")
        self._problem.styles.padding = (0, 1, 0, self._label + 1)
        yield self._problem

    @property
    def areas(self) -> list[FieldArea]:
        """The one text area."""
        return [self.area]

    @property
    def changed(self) -> bool:
        """Whether the text differs from what was there at first."""
        return self.area.changed

    @property
    def value(self) -> Any:
        """The field's value. Raises InputError when it is no text and no JSON."""
        return self.area.parsed if isinstance(self.area, ValueArea) else self.area.value

    def path_of(self, area: FieldArea) -> tuple[str | int, ...]:
        """Where the field is in the row."""
        return (area.name or "",)

    @on(TextArea.Changed)
    def _check(self) -> None:
        problem = self.area.problem if isinstance(self.area, ValueArea) else ""
        self._problem.update(literal(problem, one_line=True))
        self.set_class(bool(problem), "-bad")
