"""`burnish servers`: what is served from a workspace, how it speaks, and stopping it."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from data.errors import InputError
from engine.jobs.log_tail import plain
from engine.reports import Report, ServersChanged, ServerStatus
from tui.commands.parser import Parser, print_json, workspace_option
from tui.literal import literal

LINES = 40
_LOOK_EVERY = 0.2
_BLOCK = 1 << 20
"""Bytes from the end in which the last lines are looked for, when a log is followed."""


def run(words: list[str]) -> int:
    """List the servers of a workspace, stop one or all of them, or print the log of one."""
    parser = Parser(prog="burnish servers", description="List the servers of a workspace, stop them, read their logs.")
    parser.add_argument("action", nargs="?", choices=["list", "stop", "logs"], default="list")
    parser.add_argument("name", nargs="?", help="a server, or the side that it answers for; stop: all without one")
    parser.add_argument("--lines", type=int, default=LINES, help=f"logs: how many of the last ones (default: {LINES})")
    parser.add_argument("--follow", action="store_true", help="logs: go on with what is written, until Ctrl+C")
    workspace_option(parser)
    arguments = parser.parse_args(words)
    if arguments.name and arguments.action == "list":
        raise InputError("`burnish servers list` lists all of them; a name goes with stop and logs.")
    if arguments.action == "logs":
        return _logs(arguments.workspace, arguments.name, arguments.lines, follow=arguments.follow, json=arguments.json)
    stopped, servers = asyncio.run(_look_or_stop(arguments.workspace, arguments.action, arguments.name))
    if arguments.json:
        print_json([server_json(each) for each in servers])
        return 0
    if stopped:
        print(f"Stopped {' and '.join(stopped)}.")
    for each in servers:
        print(server_line(each))
    if not servers and not stopped:
        print(f"No server runs in {arguments.workspace}.")
    return 0


async def _look_or_stop(workspace: Path, action: str, name: str | None) -> tuple[list[str], tuple[ServerStatus, ...]]:
    """The names of the servers that were stopped, and what there is then."""
    from engine.serving.registry import list_servers
    from engine.serving.supervisor import ServerSupervisor

    seen: list[ServersChanged] = []

    def report(what: Report) -> None:
        if isinstance(what, ServersChanged):
            seen.append(what)

    supervisor = ServerSupervisor(workspace, report)
    stopped: list[str] = []
    if action == "list":
        await supervisor.look()
    elif name:
        stopped = [await supervisor.stop(name)]
    else:
        stopped = [server.name for server in list_servers(workspace)]
        await supervisor.stop_all()
    return stopped, seen[-1].servers if seen else ()


def _logs(workspace: Path, name: str | None, lines: int, *, follow: bool, json: bool) -> int:
    from engine.serving.servers import server_log

    if not name:
        raise InputError("`burnish servers logs` needs the name of a server; `burnish servers` lists them.")
    if lines < 0:
        raise InputError(f"{lines} lines cannot be shown; give 0 or more.")
    if follow and json:
        raise InputError("--follow prints text without end, which is no JSON; leave one of the two out.")
    log = server_log(workspace, name)
    if follow:
        _follow(log, lines)
    from tui.training.log_file import LogFile

    file = LogFile(log)
    file.grow()
    shown = file.window(max(0, file.lines - lines), lines)
    if json:
        print_json({"name": name, "log": str(log), "lines": list(shown)})
        return 0
    for line in shown:
        print(literal(line, one_line=True))
    return 0


def _follow(log: Path, lines: int) -> NoReturn:
    """Print the last lines of a log and then each that is added, whole; ends with the person's Ctrl+C."""
    at, rest = max(0, log.stat().st_size - _BLOCK), b""
    first = True
    while True:
        with log.open("rb") as file:
            if file.seek(0, 2) < at:
                at, rest = 0, b""  # a log that got shorter belongs to a new start
            file.seek(at)
            block = file.read()
            at = file.tell()
        *whole, rest = (rest + block).split(b"\n")
        for line in whole[max(0, len(whole) - lines) :] if first else whole:
            print(literal(plain(line.decode("utf-8", "replace")), one_line=True))
        sys.stdout.flush()
        first = False
        time.sleep(_LOOK_EVERY)  # this process has nothing else to wait on: the log is a file


def server_line(status: ServerStatus) -> str:
    """A server as a line for a person."""
    shared = f" (one server, {status.server})" if status.server not in ("", status.name) else ""
    line = (
        f"{status.name:<6} {status.state:<9} {status.model}  {status.engine}  http://127.0.0.1:{status.port}{shared}  "
        f"{status.detail}"
    )
    return literal(line.rstrip(), one_line=True)


def server_json(status: ServerStatus) -> dict[str, Any]:
    """A server as JSON."""
    return {
        "name": status.name,
        "server": status.server or status.name,
        "state": status.state,
        "detail": status.detail,
        "model": status.model,
        "engine": status.engine,
        "port": status.port,
        "log": str(status.log),
    }
