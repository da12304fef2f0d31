"""What a launcher needs to start a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class JobSpec:
    """One process to start, and the folder where it leaves its traces.

    Every launcher takes the same spec and leaves the same files in `folder`: `process.json` (identity), `log.txt`
    (stdout and stderr), and whatever the job itself writes.
    """

    name: str
    """Run id or server name, unique in its workspace."""
    folder: Path
    """Where `process.json` and `log.txt` go; also the working directory of the process."""
    command: tuple[str, ...]
    """Argument list, never a shell line. The first item is an absolute path of an executable."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to the caller's environment. Secrets go here, never into `command`."""
    gives_way: bool = False
    """Whether it computes on the processors, and so must yield to whoever types: see `engine.jobs.priority`."""
