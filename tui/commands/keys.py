"""`burnish keys`: every key binding with the id by which the settings file names it."""

from __future__ import annotations

import sys

from tui.commands.parser import Parser, print_json


def run(words: list[str]) -> int:
    """List the bindings as they hold with the settings file; 2 when that has mistakes."""
    parser = Parser(
        prog="burnish keys",
        description="List all key bindings. To give one another key, write its id into the table [keys] of the "
        'settings file, as in: "compare.prompt" = "i,enter"',
    )
    parser.add_argument("--json", action="store_true", help="one JSON value on stdout, for machines")
    arguments = parser.parse_args(words)
    from tui.keymap import known_bindings, mistakes, remapped, written
    from tui.settings import read_settings, settings_file

    settings = read_settings()
    known = known_bindings()
    problems = [*settings.problems, *mistakes(settings.keys)]
    rows = [(name, remapped(each.binding, settings.keys)) for name, each in known.items()]
    if arguments.json:
        listed = [
            {
                "id": name,
                "keys": binding.key,
                "what": binding.description,
                "explanation": binding.tooltip,
                "own": name in settings.keys,
            }
            for name, binding in rows
        ]
        print_json({"settings": str(settings_file()), "bindings": listed, "problems": problems})
    else:
        wide = max(len(name) for name in known)
        keys = {name: written(binding.key) for name, binding in rows}
        room = max(map(len, keys.values()))
        for name, binding in rows:
            own = "*" if name in settings.keys else " "
            print(f"{own} {name:<{wide}}  {keys[name]:<{room}}  {binding.tooltip or binding.description}")
        print(f"\n* from {settings_file()}")
        for problem in problems:
            print(problem, file=sys.stderr)
    return 2 if problems else 0
