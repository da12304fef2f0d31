"""`burnish presets`: the job files of the package, to be copied and changed."""

from __future__ import annotations

import textwrap
from pathlib import Path

from tui.commands.parser import Parser, print_json, workspace_option


def run(words: list[str]) -> int:
    """List the presets, print one, or copy one into the workspace."""
    parser = Parser(prog="burnish presets", description="List the presets, or act on one. A preset is a job file.")
    parser.add_argument("action", nargs="?", choices=["list", "show", "copy"], default="list")
    parser.add_argument("preset", nargs="?", help="its name, as the list shows it")
    parser.add_argument("file", nargs="?", type=Path, help="copy: the job file to write (default: NAME.toml)")
    workspace_option(parser)
    arguments = parser.parse_args(words)
    if arguments.action == "list":
        return _list(as_json=arguments.json)
    if arguments.preset is None:
        parser.error(f"`{arguments.action}` needs the name of a preset")
    from engine.training.presets import copy_preset, preset_path

    if arguments.action == "show":
        text = preset_path(arguments.preset).read_text(encoding="utf-8")
        print_json({"name": arguments.preset, "text": text}) if arguments.json else print(text, end="")
        return 0
    target: Path = arguments.workspace / (arguments.file or f"{arguments.preset}.toml")
    written = copy_preset(arguments.preset, target)
    if arguments.json:
        print_json({"written": [str(path) for path in written]})
        return 0
    for path in written:
        print(path)
    return 0


def _list(*, as_json: bool) -> int:
    from engine.training.presets import preset_names, read_preset

    presets = [read_preset(name) for name in preset_names()]
    if as_json:
        print_json(
            [
                {
                    "name": each.name,
                    "description": each.description,
                    "model": each.job.model,
                    "method": each.job.method.kind,
                }
                for each in presets
            ]
        )
        return 0
    for each in presets:
        print(each.name)
        print(textwrap.indent(textwrap.fill(each.description, 100), "    "))
    return 0
