"""`burnish [WORKSPACE|FILE|OWNER/NAME]`: the workbench."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

from data.errors import InputError
from tui.cli import COMMANDS
from tui.commands.parser import Parser

FRAMES = 120
"""A second, at most."""


def run(words: list[str]) -> int:
    """Open the workbench on a folder, or on one dataset file (its folder is the workspace then)."""
    arguments = _parser().parse_args(words)
    if arguments.version:
        from importlib.metadata import version

        print(f"burnish {version('burnish')}")
        return 0
    path = Path(arguments.path or ".")
    show = open_workbench
    if arguments.web:
        from tui.commands.web import LOOPBACK, serve_web

        show = partial(serve_web, host=arguments.host or LOOPBACK, port=arguments.port or 0)
    elif arguments.host is not None or arguments.port is not None:
        raise InputError("--host and --port say where `burnish --web` is found; give --web too.")
    if not path.exists() and _on_hub(path):
        if not arguments.web:
            check_terminal()
        from tui.commands.data.opening import dataset_file

        return show(Path().resolve(), dataset_file(str(path)).resolve())
    if not path.exists():
        raise InputError(f"There is no file or folder {path}; a workspace is any folder, a dataset any file with rows.")
    folder, dataset = (path, None) if path.is_dir() else (path.parent, path)
    return show(folder.resolve(), dataset.resolve() if dataset else None)


def open_workbench(workspace: Path, dataset: Path | None, *, guided: bool = False, model: str | None = None) -> int:
    """Show the workbench until the person quits it; gives the exit code."""
    check_terminal()
    check_dataset(dataset)
    # Textual reads this when it is imported. With its 60 a second, a change waits up to 16 ms for its frame; frames are
    # drawn for changes only, so more of them cost nothing while nothing changes.
    os.environ.setdefault("TEXTUAL_FPS", str(FRAMES))
    from tui.app import BurnishApp

    app = BurnishApp(workspace, dataset=dataset, guided=guided, model=model)
    app.run()
    return app.return_code or 0


def check_dataset(dataset: Path | None) -> None:
    """Raise InputError where a file cannot be opened: that is said on the command line, before there is a screen."""
    if dataset is not None:
        from data.store import RowStore

        RowStore.open(dataset).close()


def _on_hub(path: Path) -> bool:
    from engine.datasets.files import named_by

    return named_by(path.absolute(), Path.cwd()) is not None


def check_terminal() -> None:
    """Raise InputError where no screen can be shown."""
    # Textual draws on stderr, so that one must be the terminal too.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise InputError("The workbench needs a terminal; `burnish --help` lists the commands that do not.")
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise InputError("The workbench needs a terminal that can move the cursor; TERM is 'dumb' or not set.")


def _parser() -> Parser:
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  burnish {name:<{width}}  {what}" for name, what in COMMANDS.items())
    import argparse

    parser = Parser(
        prog="burnish",
        description="A terminal workbench for fine-tuning language models: edit question-answer pairs, watch the\n"
        "training, compare the base model with the tuned one.",
        epilog=f"commands:\n{commands}\n\n`burnish COMMAND --help` explains each. Exit codes: 0 done, 1 failed, 2 bad "
        "usage or input.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "path",
        nargs="?",
        help="a workspace folder, a dataset file, or a dataset of the hub (owner/name); default: this folder",
    )
    parser.add_argument("--web", action="store_true", help="show the same screen in a browser; prints its address")
    parser.add_argument("--port", type=int, help="with --web: the port of the address (default: a free one)")
    parser.add_argument(
        "--host", help="with --web: listen on this address of the machine, not on 127.0.0.1 (see docs/web.md)"
    )
    parser.add_argument("--version", action="store_true", help="print the version and end")
    return parser
