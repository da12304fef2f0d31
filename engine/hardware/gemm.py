"""How many operations a second this machine does in matrix products: what a training run is measured against.

The measuring needs torch and belongs to the worker; the rate is kept beside the prepared models, so that a moment in
which something else had the processors does not lower the bar: the highest rate ever seen counts.
"""

from __future__ import annotations

import json
import math
import os
import time
from pathlib import Path
from typing import Any, Literal

from data.atomic import write_atomically
from data.errors import BurnishError
from engine.models.catalog import models_folder

_FILE = "gemm.json"
_SIDE = {"cpu": 1536, "cuda": 8192}
"""Rows and columns of the matrices: large enough that nothing but the arithmetic counts, small enough to be quick."""
_SECONDS = 0.5
"""How long is measured."""


def gemm_rate(device: Literal["cpu", "cuda"], dtype: Literal["bf16", "fp32"]) -> float:
    """The highest rate measured on this machine, this one included, FLOP/s (2 n³ a product of n × n matrices)."""
    path = models_folder().parent / _FILE
    key = f"{_device_name(device)}, {dtype}, {_threads(device)} threads"
    rates = _known(path)
    rate = max(measure_gemm(device, dtype), rates.get(key, 0.0))
    if rate > rates.get(key, 0.0):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, json.dumps(rates | {key: rate}, indent=2) + "\n")
        except (BurnishError, OSError):
            # Measured again by the next run.
            pass
    return rate


def measure_gemm(device: Literal["cpu", "cuda"], dtype: Literal["bf16", "fp32"], side: int = 0) -> float:
    """The rate now, FLOP/s: the quickest of the products that fit into half a second, after one that warms up."""
    import torch

    side = side or _SIDE[device]
    kind = torch.bfloat16 if dtype == "bf16" else torch.float32
    with torch.no_grad():
        left, right = (torch.ones((side, side), dtype=kind, device=device) for _ in range(2))
        product = left @ right
        _wait(torch, device)
        quickest, deadline = math.inf, time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            began = time.perf_counter()
            torch.matmul(left, right, out=product)
            _wait(torch, device)
            quickest = min(quickest, time.perf_counter() - began)
    return 2 * side**3 / quickest


def _wait(torch: Any, device: str) -> None:
    """A GPU is given work and goes on with it alone."""
    if device == "cuda":
        torch.cuda.synchronize()


def _known(path: Path) -> dict[str, float]:
    try:
        return {str(key): float(value) for key, value in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _device_name(device: str) -> str:
    if device == "cuda":
        import torch

        return torch.cuda.get_device_name(0)
    for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip() in ("model name", "CPU implementer"):
            return value.strip()
    return os.uname().machine


def _threads(device: str) -> int:
    if device == "cuda":
        return 0
    import torch

    return torch.get_num_threads()
