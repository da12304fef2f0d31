"""Which theme the screen wears."""

from __future__ import annotations

import os
from pathlib import Path

from textual.app import App

from themes.loader import ANSI, DEFAULT, load_themes


def config_folder() -> Path:
    """Where a person's settings are (XDG base directory specification)."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "burnish"


def choose_theme(app: App[int]) -> tuple[str, ...]:
    """Register all themes and put on the one that fits the terminal; gives a sentence for each theme that is broken.

    A terminal of 16 colours gets the theme that follows its own palette. BURNISH_THEME names another.
    """
    loaded = load_themes(config_folder() / "themes")
    for theme in loaded.themes:
        app.register_theme(theme)
    names = {theme.name for theme in loaded.themes}
    few_colours = app.console.color_system == "standard"
    wanted = os.environ.get("BURNISH_THEME") or (ANSI if few_colours else DEFAULT)
    app.theme = wanted if wanted in names else DEFAULT
    unknown = () if wanted in names else (f"There is no theme {wanted}; known: {', '.join(sorted(names))}.",)
    return (*loaded.problems, *unknown)
