"""The Python that trains: the one with torch."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from data.errors import InputError


def training_python() -> Path:
    """This interpreter when it has torch, else the environment that `burnish setup` keeps for training.

    Nothing is imported to find out. Raises InputError that says how to install it.
    """
    if importlib.util.find_spec("torch") is not None:
        return Path(sys.executable)
    own = _data_folder() / "burnish" / "train" / "bin" / "python"
    if own.is_file():
        return own
    raise InputError(
        f"There is no Python with torch: install burnish with its training packages (`pip install 'burnish[train]'`) "
        f"or make an environment in {own.parent.parent}.",
        title="No training packages",
    )


def _data_folder() -> Path:
    data = os.environ.get("XDG_DATA_HOME", "")
    return Path(data) if Path(data).is_absolute() else Path.home() / ".local" / "share"
