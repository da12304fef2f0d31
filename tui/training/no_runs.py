"""The training pane of a workspace without a run."""

from __future__ import annotations

from tui.widgets.lines import Line, Lines, cut


class NoRuns(Lines, can_focus=True):
    """What to do while the workspace has no run."""

    DEFAULT_CSS = """
    NoRuns { height: 1fr; padding: 1 2; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._dataset = ""

    def show_dataset(self, dataset: str) -> None:
        """Name the file that would be trained on; empty for none."""
        self._dataset = dataset
        self._draw()

    def on_resize(self) -> None:
        """Cut the name to the width."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width
        on_what: Line = (
            (("It would be trained on ", "dim"), (cut(self._dataset, max(width - 24, 1)), ""), (".", "dim"))
            if self._dataset
            else (("Open a dataset first (1), or name one in the form.", "dim"),)
        )
        self.show_lines(
            (
                (("No run yet", "title"),),
                (),
                (("Press ", "dim"), ("n", "accent"), (" for a new run: model, data and method are filled in.", "dim")),
                on_what,
                (),
                (("A run goes on when you leave burnish, and is found again by the next one.", "dim"),),
            )
        )
