"""A port for a server: one that was asked for, or the first that is free."""

from __future__ import annotations

import socket
from collections.abc import Collection, Sequence

from data.errors import BurnishError, InputError
from engine.serving.registry import Server

PORTS = range(8401, 8500)
"""Tried one after the other; below the range from which the kernel takes ports for outgoing connections."""


def choose_port(asked: int | None, servers: Sequence[Server], claimed: Collection[int] = ()) -> int:
    """A port that nobody has, `servers` included; `claimed` are those of servers in other workspaces.

    Raises InputError when the one that was asked for is none for a server or in use, BurnishError when none is free.
    """
    if asked is not None and not 1024 <= asked <= 65535:
        raise InputError(f"{asked} is not a port for a server; give one between 1024 and 65535, or none.")
    taken = {server.port: server for server in servers}
    if asked is not None:
        if asked in taken or asked in claimed or not _free(asked):
            by = f" by {taken[asked].label}" if asked in taken else ""
            raise InputError(
                f"Port {asked} is in use{by}; give another one, or none to have a free one chosen.", title="Port in use"
            )
        return asked
    port = next((each for each in PORTS if each not in taken and each not in claimed and _free(each)), None)
    if port is None:
        raise BurnishError(f"No port from {PORTS[0]} to {PORTS[-1]} is free; stop a server, or name a port.")
    return port


def answers(port: int) -> bool:
    """Whether anybody listens on a port of this machine. Takes at most a second."""
    with socket.socket() as probing:
        probing.settimeout(1.0)
        return probing.connect_ex(("127.0.0.1", port)) == 0


def _free(port: int) -> bool:
    with socket.socket() as trying:
        # A connection that has just ended does not count as use; vLLM binds in the same way.
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
