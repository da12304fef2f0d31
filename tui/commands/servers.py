"""`burnish servers`: what is served from a workspace, and stopping it."""

from __future__ import annotations

import asyncio
from typing import Any

from engine.reports import Report, ServersChanged, ServerStatus
from tui.commands.parser import Parser, print_json, workspace_option
from tui.literal import literal


def run(words: list[str]) -> int:
    """List the servers of a workspace, or stop them all."""
    parser = Parser(prog="burnish servers", description="List the servers of a workspace, or stop them.")
    parser.add_argument("action", nargs="?", choices=["list", "stop"], default="list")
    workspace_option(parser)
    arguments = parser.parse_args(words)
    from engine.serving.supervisor import ServerSupervisor

    seen: list[ServersChanged] = []

    def report(what: Report) -> None:
        if isinstance(what, ServersChanged):
            seen.append(what)

    supervisor = ServerSupervisor(arguments.workspace, report)
    asyncio.run(supervisor.look() if arguments.action == "list" else supervisor.stop_all())
    servers = seen[-1].servers if seen else ()
    if arguments.json:
        print_json([server_json(each) for each in servers])
        return 0
    for each in servers:
        line = (
            f"{each.name:<6} {each.state:<9} {each.model}  {each.engine}  http://127.0.0.1:{each.port}  {each.detail}"
        )
        print(literal(line.rstrip(), one_line=True))
    if not servers:
        print(f"No server runs in {arguments.workspace}.")
    return 0


def server_json(status: ServerStatus) -> dict[str, Any]:
    """A server as JSON."""
    return {
        "name": status.name,
        "state": status.state,
        "detail": status.detail,
        "model": status.model,
        "engine": status.engine,
        "port": status.port,
        "log": str(status.log),
    }
