"""Where the details of an unexpected error go, so that the screen needs to show only a sentence."""

from __future__ import annotations

import os
import platform
import time
import traceback
from pathlib import Path

from data.errors import BurnishError


def state_folder() -> Path:
    """Where burnish keeps what is worth keeping but not settings (XDG base directory specification)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "burnish"


def write_crash(error: BaseException) -> Path:
    """Append an error with its traceback to the crash log; gives the log's path."""
    path = state_folder() / "crash.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as log:
        log.write(f"-- {time.strftime('%Y-%m-%d %H:%M:%S')} Python {platform.python_version()}\n")
        log.write("".join(traceback.format_exception(error)) + "\n")
    return path


def crash_sentence(error: BaseException) -> str:
    """Log an unexpected error and say so in one sentence; one that was meant for a person says its own."""
    if isinstance(error, BurnishError):
        return error.sentence
    try:
        details = f"details: {write_crash(error)}."
    except OSError as refused:
        details = f"its details could not be written ({refused.strerror})."
    return f"{type(error).__name__} inside burnish, which is our mistake; {details}"
