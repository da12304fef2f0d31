"""What the terminal, the line to it and the person ask of the whole screen: colours, and how much may move."""

from __future__ import annotations

import os
from collections.abc import Mapping

from tui.display.line_app import LineApp
from tui.settings import Settings
from tui.themes import choose_theme


def suit_terminal(app: LineApp[int], settings: Settings) -> tuple[str, ...]:
    """Let an app fit the terminal, before it runs; gives a sentence for each setting that cannot be used."""
    if quiet_wanted(settings):
        app.be_quiet()
    app.no_color = bool(os.environ.get("NO_COLOR"))
    problems = choose_theme(app, settings)
    if app.no_color:
        app.without_colour()
    return problems


def quiet_wanted(settings: Settings, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether nothing is to blink, hover or be animated: as the settings say, otherwise over SSH."""
    if settings.quiet is not None:
        return settings.quiet
    return any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY"))
