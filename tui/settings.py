"""What a person has set for every workspace: `settings.toml` in burnish's configuration folder."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

_NO_KEYS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings file, or what holds without one."""

    theme: str = ""
    """Name of a theme; empty for the one that fits the terminal. BURNISH_THEME comes first."""
    quiet: bool | None = None
    """Whether nothing blinks, hovers or is animated; None for only over SSH."""
    keys: Mapping[str, str] = field(default_factory=lambda: _NO_KEYS)
    """Other keys by the id of a binding (`burnish keys` lists them): "compare.prompt" → "i,enter"."""
    problems: tuple[str, ...] = ()
    """One sentence for each thing in the file that cannot be used; the rest of it holds."""


def config_folder() -> Path:
    """Where a person's settings are (XDG base directory specification)."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "burnish"


def settings_file() -> Path:
    """The file itself; it need not be there."""
    return config_folder() / "settings.toml"


def read_settings() -> Settings:
    """Read the settings file. Raises nothing: a mistake in it must not keep a person from the work."""
    path = settings_file()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        return Settings(problems=(f"{path} cannot be read: {error.strerror}.",))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Settings(problems=(f"{path} is not a TOML file: {error}; its settings do not hold.",))
    return _settings(values, path)


def _settings(values: dict[str, Any], path: Path) -> Settings:
    problems = [
        f"{path}: {name!r} is no setting; there are theme, quiet and the table [keys]."
        for name in values
        if name not in ("theme", "quiet", "keys")
    ]
    theme, keys = values.get("theme", ""), values.get("keys", {})
    if not isinstance(theme, str):
        problems.append(f"{path}: theme must be the name of a theme in quotes.")
        theme = ""
    quiet = values.get("quiet", "auto")
    if not isinstance(quiet, bool):
        if quiet != "auto":
            problems.append(f'{path}: quiet must be true, false or "auto", which is quiet over SSH.')
        quiet = None
    if not isinstance(keys, dict):
        problems.append(f'{path}: keys must be a table, written [keys], with lines such as "app.help" = "f1".')
        keys = {}
    for name, each in keys.items():
        if not isinstance(each, str) or not each.strip(", "):
            problems.append(f'{path}: the keys of {name} must be a text such as "f1" or "j,down".')
    usable = {name: each for name, each in keys.items() if isinstance(each, str) and each.strip(", ")}
    return Settings(theme, quiet, MappingProxyType(usable), tuple(problems))
