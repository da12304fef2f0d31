"""How questions are asked in a workspace: the sampling and the system prompt, kept in `.burnish/chat.toml`."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from data.atomic import write_atomically
from data.errors import InputError
from data.settings_files import read_toml
from data.toml_value import toml_value
from engine.chat.sampling import Sampling

SETTINGS_FILE = Path(".burnish") / "chat.toml"
NO_SEED = "none"
"""How a missing seed is written."""


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What all arms of a question share."""

    sampling: Sampling = field(default_factory=Sampling)
    system: str = ""
    """The system prompt; empty for that of the model's own template."""


def read_settings(workspace: Path) -> ChatSettings:
    """The settings of a workspace; the defaults where it keeps none. Raises InputError naming the file."""
    path = workspace / SETTINGS_FILE
    values = read_toml(path)
    if values is None:
        return ChatSettings()
    return _settings(values, path)


def write_settings(workspace: Path, settings: ChatSettings) -> None:
    """Keep the settings of a workspace. Raises InputError for values that cannot be used, BurnishError for a disk."""
    settings.sampling.require()
    path = workspace / SETTINGS_FILE
    path.parent.mkdir(exist_ok=True)
    values = {each.name: getattr(settings.sampling, each.name) for each in fields(Sampling)}
    values["seed"] = NO_SEED if settings.sampling.seed is None else settings.sampling.seed
    values["system"] = settings.system
    write_atomically(path, "".join(f"{name} = {toml_value(value)}\n" for name, value in values.items()))


def _settings(values: dict[str, Any], path: Path) -> ChatSettings:
    kinds = {each.name: type(getattr(Sampling(), each.name)) for each in fields(Sampling)} | {"system": str}
    for name, value in values.items():
        if name not in kinds:
            raise InputError(f"{path}: {name!r} is no setting; there are {', '.join(sorted(kinds))}.")
        number = kinds[name] is float and type(value) is int
        if type(value) is not kinds[name] and not number and (name, value) != ("seed", NO_SEED):
            raise InputError(f"{path}: {name} cannot be {value!r}.")
    system = values.pop("system", "")
    if values.get("seed") == NO_SEED:
        values["seed"] = None
    sampling = Sampling(**values)
    sampling.require()
    return ChatSettings(sampling, system)
