"""Which checks a person has turned off in a workspace."""

from __future__ import annotations

import tomllib
from pathlib import Path

from data.atomic import write_atomically
from data.quality.registry import NAMES

_FILE = Path(".burnish") / "checks.toml"


def turned_off(workspace: Path) -> frozenset[str]:
    """The names of the checks that are off; none where the file is missing or cannot be read."""
    try:
        names = tomllib.loads((workspace / _FILE).read_text(encoding="utf-8")).get("off", [])
    except (OSError, ValueError):
        return frozenset()
    return frozenset(name for name in names if name in NAMES) if isinstance(names, list) else frozenset()


def turn_off(workspace: Path, names: frozenset[str]) -> None:
    """Remember which checks are off. Raises BurnishError when that cannot be written."""
    listed = ", ".join(f'"{name}"' for name in NAMES if name in names)
    path = workspace / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, f"off = [{listed}]\n")
