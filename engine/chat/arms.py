"""The sides that answer: which they are, as a person writes them and as `.burnish/arms.toml` keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from data.atomic import write_atomically
from data.errors import InputError
from data.settings_files import read_toml
from data.toml_value import toml_value

ARMS_FILE = Path(".burnish") / "arms.toml"
MAX_ARMS = 4
MOST_EXAMPLES = 64
_NAME = re.compile(r"[\w][\w .+-]{0,31}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FORM = "write it as NAME=TARGET, TARGET being a server's name, a run's id, a model's name or a URL"


@dataclass(frozen=True, slots=True)
class Arm:
    """One side of a comparison: who answers, and what stands before the question."""

    name: str
    """Unique among the arms; what the screen calls it."""
    target: str
    """Who answers: the name of a server of the workspace ("base", "tuned"), a run's id, a model's name, or a URL
    (`http://host:port`, with `#MODEL` at its end where it serves several)."""
    key_env: str = ""
    """The environment variable that holds the key of a URL. The key itself is never kept."""
    examples: int = 0
    """How many rows of a dataset stand in the prompt, as earlier turns."""
    nearest: bool = False
    """Whether those are the rows nearest to the question, instead of the first ones."""
    dataset: str = ""
    """File of the rows, relative to the workspace; empty for the one that the tuned model was trained on."""

    @property
    def is_url(self) -> bool:
        """Whether it is asked at an address instead of a server of the workspace."""
        return self.target.startswith(("http://", "https://"))

    @property
    def text(self) -> str:
        """As `parse_arm` reads it."""
        parts = [f"{self.name}={self.target}"]
        if self.examples:
            parts.append(f"{'nearest' if self.nearest else 'examples'}={self.examples}")
        parts += [f"{name}={value}" for name, value in (("dataset", self.dataset), ("key_env", self.key_env)) if value]
        return ",".join(parts)


def default_arms() -> tuple[Arm, ...]:
    """The base model beside the tuned one."""
    return (Arm("base", "base"), Arm("tuned", "tuned"))


def parse_arm(text: str) -> Arm:
    """The arm of `NAME=TARGET`, with `,examples=4` or `,nearest=4`, `,dataset=FILE` and `,key_env=VARIABLE` behind it.

    Raises InputError.
    """
    first, *settings = text.split(",")
    name, equals, target = (part.strip() for part in first.partition("="))
    if not equals:
        raise InputError(f"{text!r} is no arm: {_FORM}.")
    values: dict[str, Any] = {"name": name, "target": target}
    for setting in settings:
        key, equals, value = (part.strip() for part in setting.partition("="))
        if key in ("examples", "nearest") and value.isdecimal():
            values |= {"examples": int(value), "nearest": key == "nearest"}
        elif key in ("dataset", "key_env") and equals:
            values[key] = value
        else:
            raise InputError(
                f"{setting.strip()!r} says nothing about an arm: it can be examples=NUMBER, nearest=NUMBER, "
                "dataset=FILE or key_env=VARIABLE."
            )
    return arm_of(values, f"Arm {name}")


def require_arms(arms: Sequence[Arm]) -> None:
    """Raise InputError for no arm, too many, or two of one name."""
    if not 1 <= len(arms) <= MAX_ARMS:
        raise InputError(f"{len(arms)} arms cannot be compared; name 1 to {MAX_ARMS} of them.")
    names = [arm.name for arm in arms]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"Two arms are called {twice}; give each a name of its own.")


def read_arms(workspace: Path) -> tuple[Arm, ...]:
    """The arms of a workspace; base and tuned where it keeps none. Raises InputError naming the file."""
    path = workspace / ARMS_FILE
    values = read_toml(path)
    if values is None:
        return default_arms()
    tables = values.get("arm")
    if not isinstance(tables, list) or set(values) != {"arm"} or not all(isinstance(each, dict) for each in tables):
        raise InputError(f"{path} must be a list of arms, each written as [[arm]] with a name and a target.")
    arms = tuple(arm_of(table, f"{path}, arm {place}") for place, table in enumerate(tables, start=1))
    require_arms(arms)
    return arms


def write_arms(workspace: Path, arms: Iterable[Arm]) -> None:
    """Keep the arms of a workspace. Raises InputError as `require_arms` does, BurnishError when it is not written."""
    kept = tuple(arms)
    require_arms(kept)
    path = workspace / ARMS_FILE
    path.parent.mkdir(exist_ok=True)
    write_atomically(path, "\n".join(_table(arm) for arm in kept))


def _table(arm: Arm) -> str:
    values = [(each.name, getattr(arm, each.name)) for each in fields(Arm)]
    lines = [f"{key} = {toml_value(value)}" for key, value in values if value or key in ("name", "target")]
    return "\n".join(["[[arm]]", *lines]) + "\n"


def arm_of(values: Mapping[str, Any], where: str) -> Arm:
    """The arm with these fields; `where` begins what is said of a mistake. Raises InputError."""
    kinds = {each.name: type(each.default) for each in fields(Arm) if each.name not in ("name", "target")}
    kinds |= {"name": str, "target": str}
    for key, value in values.items():
        if key not in kinds:
            raise InputError(f"{where}: {key!r} is no setting of an arm; there are {', '.join(sorted(kinds))}.")
        if type(value) is not kinds[key]:
            raise InputError(f"{where}: {key} cannot be {value!r}.")
    if not values.get("name") or not values.get("target"):
        raise InputError(f"{where} needs a name and a target: a server's name, a run's id, a model's name or a URL.")
    arm = Arm(**values)
    if not _NAME.fullmatch(arm.name):
        raise InputError(f"{where}: {arm.name!r} cannot name an arm; use up to 32 letters, digits, spaces and . _ + -")
    if arm.is_url and not urlsplit(arm.target).hostname:
        raise InputError(f"{where}: {arm.target} is no address; write it as http://HOST:PORT.")
    if urlsplit(arm.target).password is not None:
        raise InputError(
            f"{where}: an address must not hold a key; put the key into an environment variable and name that as "
            "key_env."
        )
    if not 0 <= arm.examples <= MOST_EXAMPLES:
        raise InputError(f"{where}: {arm.examples} examples cannot be given; 0 to {MOST_EXAMPLES} can.")
    if arm.key_env and not _VARIABLE.fullmatch(arm.key_env):
        raise InputError(f"{where}: key_env names an environment variable (OPENAI_API_KEY), it does not hold the key.")
    return arm
