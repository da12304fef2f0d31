"""`burnish serve RUN`: a run's base and tuned model, side by side."""

from __future__ import annotations

import asyncio

from engine.jobs.events import Note
from engine.reports import Report, ServersChanged, TaskAdvanced
from tui.commands.parser import Parser, print_json, workspace_option
from tui.commands.progress import LineProgress


def run(words: list[str]) -> int:
    """Start both servers and return when they are ready; they go on until `burnish servers stop`."""
    parser = Parser(prog="burnish serve", description="Serve a run's base model and its tuned model with vLLM.")
    parser.add_argument("run", help="a run's id; `burnish runs` lists them")
    parser.add_argument(
        "--port", type=int, help="port of the base server; the tuned one takes the next (default: free ones)"
    )
    workspace_option(parser)
    arguments = parser.parse_args(words)
    from engine.serving.supervisor import ServerSupervisor
    from engine.training.control import RunControl
    from tui.commands.servers import server_json

    RunControl(arguments.workspace).folder(arguments.run)
    with LineProgress("serve") as progress:

        def report(what: Report) -> None:
            if isinstance(what, TaskAdvanced) and not what.done:
                progress.note(Note(f"{what.name}: {what.text}", what.fraction))
            elif isinstance(what, ServersChanged):
                statuses.append(what)

        statuses: list[ServersChanged] = []
        asyncio.run(ServerSupervisor(arguments.workspace, report).serve_run(arguments.run, port=arguments.port))
    servers = statuses[-1].servers
    if arguments.json:
        print_json([server_json(each) for each in servers])
    else:
        for each in servers:
            print(f"{each.name:<6} {each.state}  {each.model}  {each.engine}  http://127.0.0.1:{each.port}")
    return 0
