"""The end of a server's processes, wherever they run."""

from __future__ import annotations

from engine.jobs.process import end_group
from engine.serving.container import remove_container
from engine.serving.registry import Server

_GRACE_SECONDS = 5.0


def end_processes(server: Server) -> None:
    """End every process of a server, and its container, whatever became of the program that started it.

    Blocks, at most some 5 s, for a container 20 s. Raises BurnishError when docker cannot remove the container.
    """
    if server.container:
        remove_container(server.container)
    identity = server.identity()
    if identity is not None:
        # Its children can outlive it, with all their memory.
        end_group(identity, grace_seconds=_GRACE_SECONDS)
