"""Memory and processor load, read from the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_STAT = Path("/proc/stat")


@dataclass(frozen=True, slots=True)
class Memory:
    """The machine's memory in bytes, as the kernel counts it.

    On a machine with unified memory (DGX Spark) this is the graphics processor's memory too, and `MemAvailable` the
    only figure that can be trusted there; `cudaMemGetInfo` and NVML report page cache as used, or nothing at all.
    """

    total: int
    available: int

    @property
    def used(self) -> int:
        """Total less available."""
        return self.total - self.available


def read_memory() -> Memory:
    """The machine's memory now (proc(5): MemTotal, MemAvailable; the file counts in KiB)."""
    values: dict[str, int] = {}
    with _MEMINFO.open() as file:
        for line in file:
            name, _, rest = line.partition(":")
            if name in ("MemTotal", "MemAvailable"):
                values[name] = int(rest.split()[0]) * 1024
                if len(values) == 2:
                    break
    return Memory(values["MemTotal"], values["MemAvailable"])


class LoadMeter:
    """The busy share of all processors between two readings."""

    def __init__(self) -> None:
        self._busy, self._all = _ticks()

    def read(self) -> float:
        """Busy share since the last call, 0 to 1; 0 when no time has passed."""
        busy, total = _ticks()
        share = (busy - self._busy) / (total - self._all) if total > self._all else 0.0
        self._busy, self._all = busy, total
        return min(1.0, max(0.0, share))


def _ticks() -> tuple[int, int]:
    """Busy and total clock ticks of all processors since boot (first line of /proc/stat; idle and iowait are idle)."""
    with _STAT.open() as file:
        ticks = [int(each) for each in file.readline().split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)
