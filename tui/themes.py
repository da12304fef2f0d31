"""Which theme the screen wears."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from textual.app import App

from themes.loader import ANSI, DEFAULT, load_themes
from tui.settings import Settings, config_folder

_LOOK_EVERY = 2.0
"""Seconds between looks at a person's themes."""


def choose_theme(app: App[int], settings: Settings) -> tuple[str, ...]:
    """Register all themes and put on the one that fits the terminal; gives a sentence for each theme that is broken.

    A terminal of 16 colours, or of none, gets the theme that follows its own palette. The settings name another, and
    BURNISH_THEME one before them.
    """
    loaded = load_themes(config_folder() / "themes")
    for theme in loaded.themes:
        app.register_theme(theme)
    names = {theme.name for theme in loaded.themes}
    few_colours = app.no_color or app.console.color_system == "standard"
    wanted = os.environ.get("BURNISH_THEME") or settings.theme or (ANSI if few_colours else DEFAULT)
    app.theme = wanted if wanted in names else DEFAULT
    unknown = () if wanted in names else (f"There is no theme {wanted}; known: {', '.join(sorted(names))}.",)
    return (*loaded.problems, *unknown)


def watch_themes(app: App[int], tell: Callable[[str], None]) -> None:
    """Read a person's themes again whenever one of their files changes, and say what is wrong with them."""
    folder = config_folder() / "themes"
    seen = _state(folder)

    def look() -> None:
        nonlocal seen
        now = _state(folder)
        if now == seen:
            return
        seen = now
        loaded = load_themes(folder)
        for theme in loaded.themes:
            app.register_theme(theme)
        app.mutate_reactive(App.theme)
        for problem in loaded.problems:
            tell(problem)

    app.set_interval(_LOOK_EVERY, look)


def _state(folder: Path) -> dict[str, int]:
    """Names and times of the files of a folder; nothing where there is none."""
    try:
        return {file.name: file.stat().st_mtime_ns for file in folder.glob("*.toml")}
    except OSError:
        return {}
