"""`burnish data COMMAND FILE`: what can be done with a dataset file without the screen.

Each command is a module of this folder named as the command, with `add_parser(subparsers)`: it adds its own parser and
sets `run`, a function of the parsed arguments that gives the exit code. A module is imported only when it is called.
"""

from __future__ import annotations

import argparse
from importlib import import_module

from data.errors import InputError
from tui.commands.parser import Parser

COMMANDS: dict[str, str] = {
    "show": "what a file holds: its format, its rows, or one row",
    "check": "what looks wrong in it: which rows, and why",
    "edit": "set fields of a row, delete it, or add rows",
    "convert": "write it in another format or as another kind of file",
    "split": "rows to train on and rows to hold out, so that no fact is in both",
    "leakage": "what two files have in common, row by row",
    "stats": "rows, lengths in tokens, turns, different questions",
    "render": "a row as the model sees it: text, token ids, loss mask",
}
"""Every command of the group and what it does, in the order of the help."""


def run(words: list[str]) -> int:
    """Do what the first word says to the file named after it."""
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  burnish data {name:<{width}}  {what}" for name, what in COMMANDS.items())
    parser = Parser(
        prog="burnish data",
        description="Look into a dataset file, or change it, without the screen. Rows count from 1.",
        epilog=f"commands:\n{commands}\n\n`burnish data COMMAND --help` explains each; all take --json.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    name = words[0] if words else ""
    if name and not name.startswith("-"):
        if name not in COMMANDS:
            raise InputError(f"There is no command `burnish data {name}`; there are {', '.join(COMMANDS)}.")
        import_module(f"tui.commands.data.{name}").add_parser(subparsers)
    arguments = parser.parse_args(words)
    return arguments.run(arguments)
