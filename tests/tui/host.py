"""An app around a single widget or pane, with burnish's colours."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widget import Widget

from themes.loader import DEFAULT, STYLESHEET, load_themes, variable_defaults


class Host(App[None]):
    """Shows the widgets it was given, one below the other."""

    CSS_PATH = STYLESHEET

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self._shown = widgets
        for theme in load_themes().themes:
            self.register_theme(theme)
        self.theme = DEFAULT

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our colours, for the first parse of the stylesheets."""
        return variable_defaults()

    def compose(self) -> ComposeResult:
        """The widgets."""
        yield from self._shown
