"""A person's own themes: worn, and read again when their files change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.color import Color

from engine.demo.files import copy_demo
from tests.tui.test_app import opened, screen_text, until
from themes.loader import FOLDER
from tui import themes
from tui.app import BurnishApp
from tui.settings import config_folder


async def test_a_theme_file_that_changes_changes_the_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("BURNISH_THEME", "mine")
    monkeypatch.setattr(themes, "_LOOK_EVERY", 0.05)
    file = config_folder() / "themes" / "mine.toml"
    file.parent.mkdir(parents=True)

    def paint(background: str) -> None:
        dark = (FOLDER / "burnish-dark.toml").read_text()
        lines = [
            f'background = "{background}"' if line.startswith("background") else line for line in dark.splitlines()
        ]
        file.write_text("\n".join(lines).replace('name = "burnish-dark"', 'name = "mine"'))
        # Two writes within one tick of the file system's clock have the same time.
        os.utime(file, ns=(len(background), int(background[1:], 16)))

    paint("#101010")
    copy_demo(tmp_path)
    app = BurnishApp(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert app.theme == "mine"
        assert app.screen.styles.background == Color.parse("#101010")
        paint("#203040")
        await until(pilot, lambda: app.screen.styles.background == Color.parse("#203040"), "the other colour")
        file.write_text("name = 5")
        # How long the path of the temporary folder is decides where the line breaks.
        await until(
            pilot,
            lambda: "mine.toml" in "".join(line.strip() for line in screen_text(app).splitlines()),
            "what is wrong with it",
        )
        assert app.theme == "mine"
