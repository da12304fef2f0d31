"""Which checks a person has turned off in a workspace."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from data.atomic import write_atomically

_FILE = Path(".burnish") / "checks.toml"


def turned_off(workspace: Path) -> frozenset[str]:
    """The names of the checks that are off; none where the file is missing or cannot be read."""
    try:
        names = tomllib.loads((workspace / _FILE).read_text(encoding="utf-8")).get("off", [])
    except (OSError, ValueError):
        return frozenset()
    return frozenset(map(str, names)) if isinstance(names, list) else frozenset()


def turn_off(workspace: Path, names: frozenset[str]) -> None:
    """Remember which checks are off. Raises BurnishError when that cannot be written."""
    listed = ", ".join(json.dumps(name) for name in sorted(names))
    path = workspace / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, f"off = [{listed}]\n")
