"""How a workspace's runs are served: as a person asked for last, kept in `.burnish/serving.toml` for the screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from data.atomic import write_atomically
from data.errors import InputError
from data.settings_files import read_toml
from data.toml_value import toml_value
from engine.serving.backend import BackendName

WISH_FILE = Path(".burnish") / "serving.toml"

LayoutName = Literal["auto", "two", "one"]
"""Two servers, or one with the adapter; auto keeps to one server where one is up and trusted, else takes two."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a run is to be served; the first three are kept."""

    layout: LayoutName = "auto"
    backend: BackendName = "auto"
    image: str = ""
    """Of the container; empty for NVIDIA's."""
    port: int | None = None
    """Of the base server, a tuned one taking the next; None for free ones."""
    force: bool = False
    """Whether it is started also where the memory does not seem to suffice."""


_KEPT = {"layout": get_args(LayoutName), "backend": get_args(BackendName)}


def read_wish(workspace: Path) -> Wish:
    """What the workspace keeps, or the defaults. Raises InputError naming the file and what cannot be used in it."""
    path = workspace / WISH_FILE
    values = read_toml(path)
    if values is None:
        return Wish()
    for name, value in values.items():
        allowed = _KEPT.get(name, ())
        if name not in (*_KEPT, "image") or not isinstance(value, str) or (allowed and value not in allowed):
            known = f"it can be {', '.join(allowed)}" if allowed else "there are layout, backend and image"
            raise InputError(f"{path}: {name} = {value!r} cannot be used; {known}.")
    return Wish(**values)


def write_wish(workspace: Path, wish: Wish) -> None:
    """Keep how runs are served. Raises BurnishError when it cannot be written."""
    path = workspace / WISH_FILE
    path.parent.mkdir(exist_ok=True)
    values = {"layout": wish.layout, "backend": wish.backend, "image": wish.image}
    write_atomically(path, "".join(f"{name} = {toml_value(value)}\n" for name, value in values.items()))
