"""The memory that a training run takes its share of: that of the GPU, or the machine's where the two are one."""

from __future__ import annotations

from engine.hardware.nvidia_smi import ask_gpus
from engine.hardware.sampler import Memory, read_memory

_SECONDS = 5.0


def read_pool() -> tuple[Memory, bool]:
    """The memory that training uses, and whether a GPU computes. Blocks for the driver's tool.

    A DGX Spark's GPU has no memory of its own and its driver says "[N/A]": then it is the machine's. Of several GPUs it
    is the one with the least free memory.
    """
    text = ask_gpus("memory.total", "memory.free", seconds=_SECONDS)
    if text is None or not text.strip():
        return read_memory(), False
    return parse_memory(text) or read_memory(), True


def parse_memory(text: str) -> Memory | None:
    """That of the GPU with the least free memory, a line each in MiB ("81559, 80995"); None where it is not told."""
    found: list[Memory] = []
    for line in text.splitlines():
        fields = [field.strip() for field in line.split(",")]
        if len(fields) == 2 and all(field.isdecimal() for field in fields) and int(fields[0]):
            found.append(Memory(int(fields[0]) << 20, int(fields[1]) << 20))
    return min(found, key=lambda memory: memory.available, default=None)
