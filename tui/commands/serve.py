"""`burnish serve RUN`: a run's base and tuned model, side by side; or one more model, or an address."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import replace

from data.errors import InputError
from engine.jobs.events import Note
from engine.reports import Failed, Report, ServersChanged, TaskAdvanced
from tui.commands.parser import Parser, print_json, workspace_option
from tui.commands.progress import LineProgress
from tui.literal import literal

KEPT = ("layout", "backend", "image")
"""What is kept for the workspace when it is given: the screen then serves in the same way."""


def run(words: list[str]) -> int:
    """Start the servers and return when they are ready; they go on until `burnish servers stop`."""
    arguments = _parser().parse_args(words)
    if arguments.url:
        return _keep_address(arguments)
    if not arguments.target:
        raise InputError("`burnish serve` needs a run's id (`burnish runs` lists them), or --url NAME=URL.")
    from engine.serving.registry import SHARED
    from engine.serving.supervisor import ServerSupervisor
    from engine.serving.wish import read_wish, write_wish
    from engine.training.control import RunControl
    from tui.commands.servers import server_json, server_line

    if not arguments.name:
        RunControl(arguments.workspace).folder(arguments.target)
    asked = {name: value for name in KEPT if (value := getattr(arguments, name)) is not None}
    if asked.get("backend", "container") != "container":
        asked.setdefault("image", "")
    wish = replace(read_wish(arguments.workspace), **asked, port=arguments.port, force=arguments.force)
    with LineProgress("serve") as progress:

        def report(what: Report) -> None:
            if isinstance(what, TaskAdvanced) and not what.done:
                progress.note(Note(f"{what.name}: {what.text}", what.fraction))
            elif isinstance(what, ServersChanged):
                statuses.append(what)
            elif isinstance(what, Failed):
                progress.say(literal(what.sentence, one_line=True))

        statuses: list[ServersChanged] = []
        supervisor = ServerSupervisor(arguments.workspace, report)
        if arguments.name:
            asyncio.run(supervisor.serve_alone(arguments.target, arguments.name, wish))
        else:
            asyncio.run(supervisor.serve_run(arguments.target, wish))
            if asked:
                # A layout that was refused is not tried again with every run.
                shared = any(each.server == SHARED for each in statuses[-1].servers)
                refused = wish.layout == "one" and not shared
                write_wish(arguments.workspace, replace(wish, layout="auto") if refused else wish)
    servers = statuses[-1].servers
    if arguments.json:
        print_json([server_json(each) for each in servers])
    else:
        for each in servers:
            print(server_line(each))
    return 0


def _keep_address(arguments: argparse.Namespace) -> int:
    """Ask an address what it serves, and keep it as an arm of the comparison; nothing is started."""
    from engine.chat.arm_endpoint import arm_endpoint
    from engine.chat.arms import Arm, parse_arm, read_arms, write_arms

    named = parse_arm(arguments.url)
    if not named.is_url:
        raise InputError(f"{named.target} is no address; write it as --url NAME=http://HOST:PORT.")
    target = f"{named.target.partition('#')[0]}#{arguments.model}" if arguments.model else named.target
    arm = Arm(named.name, target, key_env=arguments.key_env or named.key_env)
    endpoint = asyncio.run(arm_endpoint(arguments.workspace, arm))
    others = [each for each in read_arms(arguments.workspace) if each.name != arm.name]
    write_arms(arguments.workspace, (*others, arm))
    if arguments.json:
        print_json({"name": arm.name, "url": endpoint.url, "model": endpoint.model, "engine": endpoint.engine})
    else:
        print(literal(f"{arm.name}  {endpoint.model}  {endpoint.url}  is compared from now on", one_line=True))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="burnish serve", description="Serve a run's base model and its tuned model.")
    parser.add_argument("target", nargs="?", help="a run's id (`burnish runs` lists them); with --name also a model")
    parser.add_argument("--name", help="serve this run or model alone, as a further server of this name")
    parser.add_argument("--url", metavar="NAME=URL", help="compare with what answers at an address; starts nothing")
    parser.add_argument("--model", default="", help="which model of that address (default: its first)")
    parser.add_argument("--key-env", default="", metavar="VARIABLE", help="environment variable with its key")
    parser.add_argument(
        "--layout",
        choices=["auto", "two", "one"],
        help="two servers (default), or one that serves the base and loads the run's adapter beside it (on a GPU)",
    )
    parser.add_argument(
        "--backend",
        choices=["auto", "vllm", "transformers", "container"],
        help="what serves: vLLM or `transformers serve` of the serving environment, or vLLM in a container (docker)",
    )
    parser.add_argument("--image", help="the container's image (default: NVIDIA's vLLM)")
    parser.add_argument(
        "--port", type=int, help="port of the base server; the tuned one takes the next (default: free ones)"
    )
    parser.add_argument("--force", action="store_true", help="start also where the memory does not seem to suffice")
    workspace_option(parser)
    return parser
