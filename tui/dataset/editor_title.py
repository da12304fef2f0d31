"""The rule above the editor: what is being edited, whether it was changed, its tokens, and what is wrong."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from tui.literal import literal


class EditorTitle(Widget):
    """A warning takes the place of the rest until something is typed."""

    DEFAULT_CSS = """
    EditorTitle { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._title = self._warning = self._fault = self._tokens = ""
        self._changed = False
        self._words = Content()

    def open(self, title: str) -> None:
        """Begin with another row."""
        self._title = title
        self._warning = self._fault = self._tokens = ""
        self._changed = False

    def show_state(self, *, changed: bool) -> None:
        """Say whether anything was changed; takes a warning away."""
        self._changed, self._warning = changed, ""
        self._draw()

    def show_tokens(self, said: str) -> None:
        """Say how many tokens there are."""
        self._tokens = said
        self._draw()

    def show_fault(self, sentence: str) -> None:
        """Say what is wrong with the text; nothing when it is empty."""
        self._fault = sentence
        self._draw()

    def warn(self, sentence: str) -> None:
        """Say why something was not done."""
        self._warning = sentence
        self._draw()

    def render(self) -> Content:
        """The words and a line to the edge."""
        return Content.assemble(self._words, ("─" * (self.size.width - self._words.cell_length - 1), "$line"))

    def _draw(self) -> None:
        parts = [Content.styled(" ─", "$line"), Content.styled(f" {self._title} ", "bold $accent")]
        if self._warning:
            parts.append(Content.styled(f"! {literal(self._warning, one_line=True)} ", "$differs"))
        else:
            if self._changed:
                parts.append(Content.styled("● edited ", "$accent"))
            if self._fault:
                parts.append(Content.styled(f"! {literal(self._fault, one_line=True)} ", "$differs"))
            elif self._tokens:
                parts.append(Content.styled(f"· {self._tokens} ", "$dim"))
        words = Content.assemble(*parts)
        if words != self._words:
            self._words = words
            self.refresh()
