"""What the web server takes for granted of textual-serve. Red means: read its source again, before pinning another."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from textual.drivers._input_reader import InputReader
from textual.drivers.web_driver import WebDriver
from textual_serve.app_service import AppService
from textual_serve.server import Server

from tests.tui.display.test_contract import digest

ROOT = Path(__file__).parents[3]

READ: dict[Callable[..., Any], str] = {
    Server.__init__: "da3c4e9d853371b0",
    Server.handle_download: "2c67b1b21710f040",
    AppService.__init__: "3ff00859bd93f083",
    AppService._build_environment: "5b78bd5d496b43c0",
    AppService._open_app_process: "d0bb44adad20fa67",
    AppService.start: "35fdc8b880b667f4",
    AppService.stop: "861c22d68e0e6df5",
    AppService.run: "43c1c0a44ebee9f4",
    AppService.on_meta: "b5b7dbccc2a82291",
    WebDriver: "dc02f19cc0a1d734",
    InputReader: "9e64e908d1aa6748",
}
"""What was read, and the SHA-256 of its source without indentation, its first 16 digits."""


def test_the_version_is_pinned_exactly() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert f"textual-serve=={version('textual-serve')}" in extras["web"]


@pytest.mark.parametrize("source", READ, ids=lambda each: each.__qualname__)
def test_textual_serve_is_as_it_was_read(source: Callable[..., Any]) -> None:
    assert digest(source) == READ[source], f"{source.__qualname__} is not what tui/web was written for"
