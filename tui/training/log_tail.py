"""The last lines of a run's log, below its chart."""

from __future__ import annotations

from engine.reports import RunSnapshot
from tui.literal import literal
from tui.widgets.figures import clock
from tui.widgets.lines import Line, Lines, cut

_HEAD = "log     "


class LogTail(Lines):
    """As many of the newest lines as there is room for; the newest warning stays in sight above them."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._run: RunSnapshot | None = None

    def show_run(self, run: RunSnapshot | None) -> None:
        """Show this run's log from now on."""
        self._run = run
        self._draw()

    def on_resize(self) -> None:
        """Another size has room for more or fewer lines."""
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        if self._run is None or width < 12 or height < 1:
            self.show_lines(())
            return
        room = width - len(_HEAD)
        bodies: list[Line] = []
        if self._run.warnings:
            warning = self._run.warnings[-1]
            text = f"! {clock(warning.t)} {literal(warning.text, one_line=True)}"
            bodies.append(((cut(text, room), "differs"),))
        lines = self._run.log_tail[-(height - len(bodies)) :] if height > len(bodies) else ()
        bodies += [((cut(literal(line, one_line=True), room), "dim"),) for line in lines]
        if not bodies:
            bodies = [(("nothing yet", "dim"),)]
        self.show_lines(
            tuple(((_HEAD, "title") if not y else (" " * len(_HEAD), ""), *body) for y, body in enumerate(bodies))
        )
