"""Theme files: the bundled ones can be read and read easily; a broken one is told in a sentence."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import Theme
from textual.widgets import Input, OptionList, Static

from themes.loader import ANSI, COLOURS, DEFAULT, STYLESHEET, load_themes, variable_defaults

BACKGROUNDS = ("background", "surface", "panel", "cursor")
HUES = ("accent", "agrees", "disagrees", "differs", "only-here", "info")
BUNDLED = load_themes().themes
IN_COLOUR = [theme for theme in BUNDLED if not theme.ansi]


def by_name(theme: Theme) -> str:
    return theme.name


def quantised(theme: Theme, name: str) -> tuple[int, int, int]:
    """The colour as a terminal of 256 colours shows it, which is what most people have over SSH."""
    own = {"background": theme.background, "surface": theme.surface, "panel": theme.panel, "text": theme.foreground}
    value = own.get(name) or (theme.accent if name == "accent" else theme.variables[name])
    assert value is not None
    red, green, blue = RichColor.parse(value).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
    return red, green, blue


def contrast(first: tuple[int, int, int], second: tuple[int, int, int]) -> float:
    """WCAG 2.2's contrast ratio, 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""

    def luminance(colour: tuple[int, int, int]) -> float:
        red, green, blue = (
            share / 12.92 if (share := value / 255) <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for value in colour
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_bundled_themes_load_without_problems():
    assert [theme.name for theme in BUNDLED] == [DEFAULT, "burnish-light", "high-contrast", ANSI]
    assert load_themes().problems == ()


@pytest.mark.parametrize("theme", IN_COLOUR, ids=by_name)
@pytest.mark.parametrize("colour", ["text", "dim", *HUES, "chart-train", "chart-held-out"])
def test_words_can_be_read_on_every_background(theme: Theme, colour: str):
    """WCAG 2.2, level AA: 4.5 for text; the row at the cursor has a colour of its own for all its words."""
    for background in ("background", "surface", "panel"):
        assert contrast(quantised(theme, colour), quantised(theme, background)) >= 4.5, background


@pytest.mark.parametrize("theme", IN_COLOUR, ids=by_name)
def test_words_at_the_cursor_can_be_read(theme: Theme):
    for colour in ("cursor-text", "text"):
        assert contrast(quantised(theme, colour), quantised(theme, "cursor")) >= 4.5
    assert contrast(quantised(theme, "background"), quantised(theme, "accent")) >= 4.5


@pytest.mark.parametrize("theme", IN_COLOUR, ids=by_name)
def test_colours_that_mean_different_things_stay_different_in_256_colours(theme: Theme):
    for first, second in combinations([*HUES, "text", "dim"], 2):
        assert quantised(theme, first) != quantised(theme, second), (first, second)
    for first, second in combinations(BACKGROUNDS, 2):
        assert quantised(theme, first) != quantised(theme, second), (first, second)
    assert quantised(theme, "chart-train") != quantised(theme, "chart-held-out")


def test_the_ansi_theme_leaves_the_background_to_the_terminal():
    [theme] = [theme for theme in BUNDLED if theme.ansi]
    assert theme.background == "ansi_default"
    assert all(Color.parse(theme.variables[key]).ansi is not None for key in COLOURS if key in theme.variables)


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_persons_theme_takes_what_it_leaves_out_from_the_bundled_one(tmp_path: Path):
    write(tmp_path, 'name = "mine"\n[colours]\naccent = "#00ff00"\n')
    loaded = load_themes(tmp_path)
    [mine] = [theme for theme in loaded.themes if theme.name == "mine"]
    [dark] = [theme for theme in loaded.themes if theme.name == DEFAULT]
    assert mine.accent == "#00ff00"
    assert mine.background == dark.background
    assert mine.variables["agrees"] == dark.variables["agrees"]
    assert loaded.problems == ()


def test_a_persons_theme_replaces_the_bundled_one_of_its_name(tmp_path: Path):
    write(tmp_path, f'name = "{DEFAULT}"\n[colours]\nbackground = "#000001"\n')
    loaded = load_themes(tmp_path)
    assert [theme.background for theme in loaded.themes if theme.name == DEFAULT] == ["#000001"]
    assert len(loaded.themes) == len(BUNDLED)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = ", "not valid TOML"),
        ("[colours]\n", "has no name"),
        ('name = "x"\nfont = "big"\n', "unknown key 'font'"),
        ('name = "x"\n[colours]\nbackgruond = "#000000"\n', "unknown colour 'backgruond'"),
        ('name = "x"\n[colours]\naccent = "copperish"\n', "accent the value 'copperish'"),
        ('name = "x"\n[colours]\naccent = 7\n', "accent the value 7"),
        ('name = "x"\n[colours]\naccent = "#d08a5540"\n', "not a colour"),
        ('name = "x"\ndark = "yes"\n', "neither true nor false"),
        ('name = "x"\ncolours = 3\n', "table [colours]"),
        ('name = "x"\nansi = true\n[colours]\naccent = "#ff0000"\n', "only names like"),
        ('name = "x"\n[colours]\naccent = "ansi_red"\n', "needs ansi = true"),
    ],
)
def test_a_broken_theme_is_told_in_one_sentence_and_the_others_work(tmp_path: Path, text: str, says: str):
    file = write(tmp_path, text)
    loaded = load_themes(tmp_path)
    assert loaded.themes == BUNDLED
    [problem] = loaded.problems
    assert problem.startswith(f"Theme {file} ")
    assert problem.endswith(".")
    assert says in problem


def test_a_theme_that_is_not_text_is_told(tmp_path: Path):
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in load_themes(tmp_path).problems[0]


def test_a_folder_that_is_not_there_is_no_problem(tmp_path: Path):
    assert load_themes(tmp_path / "none").problems == ()


class Everything(App[None]):
    CSS_PATH = STYLESHEET

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults()

    def compose(self) -> ComposeResult:
        yield Static("agrees", classes="agrees")
        yield Input()
        yield OptionList("one", "two")


@pytest.mark.parametrize("theme", BUNDLED, ids=by_name)
async def test_every_theme_can_be_put_on(theme: Theme):
    app = Everything()
    async with app.run_test() as pilot:
        app.register_theme(theme)
        app.theme = theme.name
        await pilot.pause()
        assert app.query_one(".agrees").styles.color == Color.parse(theme.variables["agrees"])
