"""`burnish serve RUN`: a run's base and tuned model, side by side."""

from __future__ import annotations

import argparse
import asyncio
import sys

from engine.jobs.events import Note
from engine.reports import Failed, Report, ServersChanged, TaskAdvanced
from tui.commands.parser import Parser, print_json, workspace_option
from tui.commands.progress import LineProgress
from tui.literal import literal


def run(words: list[str]) -> int:
    """Start both servers and return when they are ready; they go on until `burnish servers stop`."""
    arguments = _parser().parse_args(words)
    from engine.serving.supervisor import ServerSupervisor, Wish
    from engine.training.control import RunControl
    from tui.commands.servers import server_json, server_line

    RunControl(arguments.workspace).folder(arguments.run)
    wish = Wish(arguments.layout, arguments.backend, arguments.image, arguments.port, arguments.force)
    with LineProgress("serve") as progress:

        def report(what: Report) -> None:
            if isinstance(what, TaskAdvanced) and not what.done:
                progress.note(Note(f"{what.name}: {what.text}", what.fraction))
            elif isinstance(what, ServersChanged):
                statuses.append(what)
            elif isinstance(what, Failed):
                print(literal(f"serve: {what.sentence}", one_line=True), file=sys.stderr, flush=True)

        statuses: list[ServersChanged] = []
        asyncio.run(ServerSupervisor(arguments.workspace, report).serve_run(arguments.run, wish))
    servers = statuses[-1].servers
    if arguments.json:
        print_json([server_json(each) for each in servers])
    else:
        for each in servers:
            print(server_line(each))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="burnish serve", description="Serve a run's base model and its tuned model.")
    parser.add_argument("run", help="a run's id; `burnish runs` lists them")
    parser.add_argument(
        "--layout",
        choices=["auto", "two", "one"],
        default="auto",
        help="two servers (default), or one that serves the base and loads the run's adapter beside it (on a GPU)",
    )
    parser.add_argument(
        "--backend",
        choices=["auto", "vllm", "transformers", "container"],
        default="auto",
        help="what serves: vLLM or `transformers serve` of the serving environment, or vLLM in a container (docker)",
    )
    parser.add_argument("--image", default="", help="the container's image (default: NVIDIA's vLLM)")
    parser.add_argument(
        "--port", type=int, help="port of the base server; the tuned one takes the next (default: free ones)"
    )
    parser.add_argument("--force", action="store_true", help="start also where the memory does not seem to suffice")
    workspace_option(parser)
    return parser
