"""The settings that all arms share, and whether they got the same prompt, in one line beside the prompt."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from engine.chat.settings import ChatSettings
from engine.reports import AnswersAdvanced
from tui.widgets.figures import count

SHORT_BELOW = 100
"""Cells of the pane's width below which only the first settings are named."""


class SettingsLine(Widget):
    """As wide as what it says."""

    DEFAULT_CSS = """
    SettingsLine {
        width: auto;
        height: 1;
        padding-left: 2;
        text-wrap: nowrap;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._said = Content("")

    def show(self, settings: ChatSettings, report: AnswersAdvanced | None, width: int) -> None:
        """Show settings, and what is known of the prompt of a question; `width` is the pane's."""
        said = _said(settings, report, short=width < SHORT_BELOW)
        if not said.is_same(self._said):
            wider = said.cell_length != self._said.cell_length
            self._said = said
            self.refresh(layout=wider)

    def render(self) -> Content:
        """The settings, the prompt."""
        return self._said


def _said(settings: ChatSettings, report: AnswersAdvanced | None, *, short: bool) -> Content:
    sampling = settings.sampling
    parts = [f"temperature {sampling.temperature:g}"]
    if sampling.top_p != 1.0:
        parts.append(f"top-p {sampling.top_p:g}")
    parts.append("no seed" if sampling.seed is None else f"seed {sampling.seed}")
    if sampling.n > 1:
        parts.append(f"{sampling.n} samples")
    if not short:
        parts.append(f"up to {count(sampling.max_tokens)} tokens")
        if settings.system:
            parts.append("system prompt")
    said = Content.styled(" · ".join(parts), "$text-muted")
    if report is None or not (report.prompt_checked or report.prompt_warning):
        return said
    if report.prompt_warning:
        return Content.assemble(said, (" · ", "$text-muted"), ("prompt differs ✗" if not short else "✗", "$disagrees"))
    both = "both" if len(report.answers) == 2 else "all"
    words = "✓" if short else f"prompt identical on {both} ✓"
    return Content.assemble(said, (" · ", "$text-muted"), (words, "$agrees"))
