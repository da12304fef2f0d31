"""Whether a server's memory is there, looked at before it is started."""

from __future__ import annotations

import time
from pathlib import Path

from data.errors import BurnishError
from data.wording import byte_size
from engine.hardware.pool import read_pool
from engine.hardware.sampler import read_memory
from engine.serving.backend import Backend, Order
from engine.serving.command import cache_bytes
from engine.serving.registry import list_servers
from engine.serving.sizes import GIB, GPU_OVERHEAD
from engine.training.runs import at_work, run_folders

RESERVE = GIB, 0.1
"""What is left to the machine: at least so much, and so much of all its memory, as before a training run."""
RELEASE_SECONDS = 60.0
"""How long the memory of a server that was stopped may take to come back: a GPU's driver gives it back late."""
_LOOK_EVERY = 0.5
CPU_OVERHEAD = {"vllm": int(1.2 * GIB), "transformers": int(0.8 * GIB)}
"""Of a server's program beside weights and cache (measured: 1.8 GB with a 135M model, 0.65 GB of it those two)."""


def needed_bytes(backend: Backend, order: Order) -> int:
    """What a server will take: weights, the cache of keys and values, its program."""
    cache = cache_bytes(order) if backend.engine == "vllm" else 0
    program = GPU_OVERHEAD if backend.device == "cuda" else CPU_OVERHEAD[backend.engine]
    return order.sizes.weight_bytes + cache + program


def require_room(workspace: Path, name: str, backend: Backend, order: Order, *, patience: float = 0.0) -> None:
    """Raise BurnishError when the server does not fit beside what runs already, naming that.

    Memory of a server that has just ended may come back late: it is waited for up to `patience` seconds. Blocks.
    """
    need = needed_bytes(backend, order)
    deadline = time.monotonic() + patience
    while (room := _room(backend)) < need:
        if time.monotonic() >= deadline:
            raise _shortage(workspace, name, need, room)
        time.sleep(_LOOK_EVERY)  # nothing tells when a driver has given memory back


def _room(backend: Backend) -> int:
    """Bytes that a server may take: what is available less the reserve."""
    pool = read_pool()[0] if backend.device == "cuda" else read_memory()
    least, share = RESERVE
    return max(0, pool.available - max(least, int(share * pool.total)))


def _shortage(workspace: Path, name: str, need: int, room: int) -> BurnishError:
    holders = [server.label for server in list_servers(workspace) if server.name != name and server.alive()]
    holders += [f"run {folder.name}" for folder in run_folders(workspace) if at_work(folder)]
    remedy = f"stop {' or '.join(holders)}" if holders else "end something else that holds memory"
    return BurnishError(
        f"The {name} server needs about {byte_size(need)} of memory and {byte_size(room)} are available (a "
        f"reserve for the machine is left); {remedy}, or start it all the same with `burnish serve … --force`.",
        title="Not enough memory",
    )
