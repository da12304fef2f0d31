"""Theme files (TOML) read, checked and turned into Textual themes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

FOLDER = Path(__file__).parent
"""Where the bundled themes and the shared stylesheet are."""

STYLESHEET = FOLDER / "burnish.tcss"
"""Classes that every pane may use."""

DEFAULT = "burnish-dark"
"""The theme a person sees who chose none."""

ANSI = "ansi"
"""The theme for terminals of 16 colours."""

COLOURS = (
    "background",
    "surface",
    "panel",
    "cursor",
    "cursor-text",
    "line",
    "text",
    "dim",
    "accent",
    "agrees",
    "disagrees",
    "differs",
    "only-here",
    "info",
    "chart-train",
    "chart-held-out",
)
"""Every name a theme file may give a colour to; a stylesheet says `$name` (text is Textual's `$foreground`)."""

_KEYS = {"name", "dark", "ansi", "colours"}
_OPTIONAL = {"cursor-text": "text"}


@dataclass(frozen=True, slots=True)
class ThemeSet:
    """The themes that can be used, and what was wrong with the others."""

    themes: tuple[Theme, ...]
    """Bundled ones first; a person's file replaces the bundled theme of its name."""
    problems: tuple[str, ...]
    """One sentence for each file that could not be used."""


class ThemeFileError(Exception):
    """A theme file cannot be used; the message completes the sentence "Theme FILE …"."""


def load_themes(user_folder: Path | None = None) -> ThemeSet:
    """The bundled themes and those in a person's folder; broken files are told, never raised."""
    palettes: dict[str, dict[str, str]] = {}
    themes: dict[str, Theme] = {}
    problems: list[str] = []
    files = [FOLDER / f"{name}.toml" for name in (DEFAULT, "burnish-light", "high-contrast", ANSI)]
    if user_folder is not None:
        files += sorted(user_folder.glob("*.toml"))
    for file in files:
        try:
            theme, palette = _read(file, palettes)
        except ThemeFileError as problem:
            problems.append(f"Theme {file} {problem}.")
            continue
        if file.parent == FOLDER:
            palettes[theme.name] = palette
        themes[theme.name] = theme
    return ThemeSet(tuple(themes.values()), tuple(problems))


def variable_defaults() -> dict[str, str]:
    """Our `$variables` for themes that do not know them (Textual's own): for `App.get_theme_variable_defaults`.

    Textual parses stylesheets before the app has put on its theme, so without these `$agrees` is an error.
    """
    [theme] = [theme for theme in load_themes().themes if theme.name == DEFAULT]
    return {key: theme.variables[key] for key in COLOURS if key in theme.variables}


def _read(file: Path, bundled: Mapping[str, Mapping[str, str]]) -> tuple[Theme, dict[str, str]]:
    try:
        document: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ThemeFileError(f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ThemeFileError("is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise ThemeFileError(f"is not valid TOML: {error}") from error
    _refuse_unknown(document, _KEYS, "key")
    name = document.get("name")
    if not isinstance(name, str) or not name:
        raise ThemeFileError("has no name")
    dark, ansi = (_flag(document, key, default) for key, default in (("dark", True), ("ansi", False)))
    given = document.get("colours", {})
    if not isinstance(given, dict):
        raise ThemeFileError("needs its colours in a table [colours]")
    _refuse_unknown(given, set(COLOURS), "colour")
    for key, value in given.items():
        _check(key, value, ansi)
    missing = bundled.get(ANSI if ansi else DEFAULT if dark else "burnish-light", {})
    palette = {**missing, **given}
    for key, source in _OPTIONAL.items():
        if key not in given:
            palette[key] = palette.get(source, "")
    if incomplete := [key for key in COLOURS if not palette.get(key)]:
        raise ThemeFileError(f"does not give {incomplete[0]}")
    return _theme(name, dark, ansi, palette), palette


def _refuse_unknown(table: Mapping[str, object], known: set[str], what: str) -> None:
    if unknown := sorted(set(table) - known):
        raise ThemeFileError(f"has the unknown {what} {unknown[0]!r} (known: {', '.join(sorted(known))})")


def _flag(document: Mapping[str, object], key: str, default: bool) -> bool:
    value = document.get(key, default)
    if not isinstance(value, bool):
        raise ThemeFileError(f"has {key} = {value!r}, which is neither true nor false")
    return value


def _check(key: str, value: object, ansi: bool) -> None:
    try:
        colour = Color.parse(value) if isinstance(value, str) else None
    except ColorParseError:
        colour = None
    if colour is None or colour.a < 1:
        raise ThemeFileError(f'gives {key} the value {value!r}, which is not a colour like "#d08a55"')
    if ansi and colour.ansi is None:
        raise ThemeFileError(f'gives {key} the value {value!r}, but with ansi = true only names like "ansi_red" work')
    if not ansi and colour.ansi is not None:
        raise ThemeFileError(f"gives {key} the value {value!r}, which needs ansi = true")


def _theme(name: str, dark: bool, ansi: bool, palette: Mapping[str, str]) -> Theme:
    text, dim, accent, cursor, line = (palette[key] for key in ("text", "dim", "accent", "cursor", "line"))
    own = {key: palette[key] for key in COLOURS if key not in ("background", "surface", "panel", "text", "accent")}
    return Theme(
        name=name,
        primary=accent,
        secondary=palette["info"],
        warning=palette["differs"],
        error=palette["disagrees"],
        success=palette["agrees"],
        accent=accent,
        foreground=text,
        background=palette["background"],
        surface=palette["surface"],
        panel=palette["panel"],
        dark=dark,
        ansi=ansi,
        variables={
            **own,
            **({"ansi-background": "ansi_default", "ansi-foreground": "ansi_default"} if ansi else {}),
            # Textual's own widgets, in the same few colours. Its defaults mix half-transparent tones, which turn
            # muddy when rounded to 256 colours.
            "text-muted": dim,
            "text-disabled": dim,
            "block-cursor-background": cursor,
            "block-cursor-foreground": palette["cursor-text"],
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": cursor,
            "block-cursor-blurred-foreground": palette["cursor-text"],
            "block-hover-background": palette["panel"],
            "border": accent,
            "border-blurred": line,
            "scrollbar": line,
            "scrollbar-hover": dim,
            "scrollbar-active": accent,
            "scrollbar-background": palette["background"],
            "scrollbar-background-hover": palette["background"],
            "scrollbar-background-active": palette["background"],
            "scrollbar-corner-color": palette["background"],
            "footer-foreground": dim,
            "footer-background": palette["background"],
            "footer-item-background": palette["background"],
            "footer-description-foreground": dim,
            "footer-description-background": palette["background"],
            "footer-key-foreground": accent,
            "footer-key-background": palette["background"],
            "input-cursor-background": text if not ansi else palette["background"],
            "input-cursor-foreground": palette["background"],
            "input-cursor-text-style": "none" if not ansi else "reverse",
            "input-selection-background": cursor,
            "input-selection-foreground": palette["cursor-text"],
            "screen-selection-background": cursor,
            "screen-selection-foreground": palette["cursor-text"],
            "link-color": palette["info"],
        },
    )
