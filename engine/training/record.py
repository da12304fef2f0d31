"""`env.json`: with what a run was made (worker side)."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

from data.atomic import write_atomically
from engine.training.loading import Arithmetic

RECORD_FILE = "env.json"
_PACKAGES = ("burnish", "torch", "transformers", "trl", "peft", "accelerate", "datasets", "tokenizers", "safetensors")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def write_record(run_folder: Path, model: Path, datasets: list[Path], arithmetic: Arithmetic) -> None:
    """Write the versions, the machine and the hashes of the data of a run. Raises BurnishError."""
    record: dict[str, Any] = {
        "python": sys.version.split()[0],
        "executable": sys.executable,
        "packages": {name: _version(name) for name in _PACKAGES},
        "platform": platform.platform(),
        "boot_id": _BOOT_ID.read_text().strip(),
        "pid": os.getpid(),
        "device": torch.cuda.get_device_name(0) if arithmetic.device == "cuda" else "cpu",
        "cuda": torch.version.cuda,
        "bf16": arithmetic.bf16,
        "torch_threads": torch.get_num_threads(),
        "model": str(model),
        "datasets": {str(path): {"sha256": sha256(path), "bytes": path.stat().st_size} for path in datasets},
    }
    write_atomically(run_folder / RECORD_FILE, json.dumps(record, indent=2, ensure_ascii=False) + "\n")


def recorded_hashes(run_folder: Path) -> dict[str, str] | None:
    """The hashes of the data that a run was last started with, by path; None when it never came that far."""
    try:
        datasets = json.loads((run_folder / RECORD_FILE).read_bytes())["datasets"]
        return {path: str(each["sha256"]) for path, each in datasets.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def sha256(path: Path) -> str:
    """The hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
