"""Whether a name can be a model, found out without loading anything."""

from __future__ import annotations

import re
from pathlib import Path

from data.errors import InputError
from engine.models.catalog import EMBEDDED, missing_part

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


def check_model(name: str, *, workspace: Path | None = None) -> None:
    """Accept an embedded model's name, a usable model directory or something that can be a hub id.

    Relative directories count from the workspace (the working directory without one). Raises InputError: a directory
    that lacks its config, weights or tokenizer, or a name that is none of the three. The hub is not asked.
    """
    if name in EMBEDDED:
        return
    directory = local_directory(name, workspace)
    if directory is not None:
        missing = missing_part(directory)
        if missing is not None:
            raise InputError(f"The model directory {directory} has {missing}; choose a complete one.")
        return
    if is_hub_id(name):
        return
    if _looks_like_path(name):
        raise InputError(f"There is no model directory {_absolute(name, workspace)}.")
    raise InputError(
        f"There is no model {name!r}; give {', '.join(EMBEDDED)}, a directory, or a hub id such as owner/model."
    )


def local_directory(name: str, workspace: Path | None = None) -> Path | None:
    """The directory that a name means, or None when it means none."""
    if name in EMBEDDED or not name:
        return None
    directory = _absolute(name, workspace)
    return directory if directory.is_dir() else None


def is_hub_id(name: str) -> bool:
    """Whether a name has the shape of a hub id (`owner/model`)."""
    return _HUB_ID.fullmatch(name) is not None and ".." not in name


def _looks_like_path(name: str) -> bool:
    return name.startswith((".", "~", "/")) or name.count("/") > 1


def _absolute(name: str, workspace: Path | None) -> Path:
    return ((workspace or Path.cwd()) / Path(name).expanduser()).absolute()
