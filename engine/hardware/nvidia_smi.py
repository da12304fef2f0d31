"""NVIDIA's tool `nvidia-smi`, asked by everything here that wants to know something of the graphics processors."""

from __future__ import annotations

import shutil
import subprocess

_SECONDS = 20.0
"""The tool starts the driver where nothing keeps it running, which takes seconds for each GPU."""


def ask_driver(*words: str, seconds: float = _SECONDS) -> str | None:
    """What the tool prints for these arguments; None where it is not there, fails or takes longer. Blocks."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return None
    try:
        asked = subprocess.run((tool, *words), capture_output=True, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.decode("utf-8", "replace") if asked.returncode == 0 else None


def ask_gpus(*fields: str, seconds: float = _SECONDS) -> str | None:
    """The named fields of all graphics processors, a line each ("81559, 80995"); None as `ask_driver` gives it."""
    return ask_driver(f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits", seconds=seconds)
