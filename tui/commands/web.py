"""`burnish --web`: the workbench in a browser."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path

from data.errors import InputError
from tui.literal import literal

LOOPBACK = "127.0.0.1"


def serve_web(workspace: Path, dataset: Path | None, *, host: str = LOOPBACK, port: int = 0) -> int:
    """Serve the workbench until ctrl+c; gives the exit code. Raises InputError where it cannot be served."""
    try:
        import textual_serve  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise InputError("`burnish --web` needs textual-serve: pip install 'burnish[web]'.") from error
    from tui.commands.workbench import check_dataset
    from tui.web.access import Access, is_loopback
    from tui.web.server import WebServer

    check_dataset(dataset)
    with _listening_socket(host, port) as listening:
        listens_on, taken = listening.getsockname()[:2]
        access = Access(listens_on)
        words = [sys.executable, "-P", "-m", "tui.web.screen", str(workspace), *([str(dataset)] if dataset else [])]
        server = WebServer(words, access, title=f"burnish: {workspace.name}", say=_say)

        def started() -> None:
            _say(f"The workbench is at {_address(host, taken)}/?token={access.token}")
            _say("Whoever has this address can use it; ctrl+c ends it, and runs and servers go on.")
            if is_loopback(listens_on):
                _say(f"From another machine: ssh -L {taken}:{LOOPBACK}:{taken} {socket.gethostname()}")
            else:
                _say(
                    "Other machines can reach it, and the line is not encrypted: on a network that is not yours alone, "
                    "leave --host out and use an SSH tunnel."
                )

        asyncio.run(server.serve_on(listening, started))
    return 0


def _listening_socket(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise InputError(f"{port} is no port; a port is a number from 1 to 65535.")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server((address[0], port), family=family)
    except (socket.gaierror, UnicodeError) as error:
        raise InputError(
            f"There is no address {host} to listen on; leave --host out for this machine alone."
        ) from error
    except OSError as error:
        way = "choose another with --port, or leave it out for a free one"
        raise InputError(f"Port {port} of {host} cannot be used ({os.strerror(error.errno or 0)}); {way}.") from error


def _address(host: str, port: int) -> str:
    name = socket.gethostname() if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _say(words: str) -> None:
    print(literal(words), flush=True)
