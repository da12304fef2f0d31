"""`burnish demo`: the whole loop on the bundled model and dataset, guided on the screen or as lines without one."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from data.errors import InputError
from engine.demo.files import MODEL, copy_demo
from tui.commands.parser import Parser, print_json
from tui.commands.progress import LineProgress
from tui.workspace import remember_dataset

FOLDER = "burnish-demo"


def run(words: list[str]) -> int:
    """Show the guided workbench where there is a terminal; else train, serve, ask, and print what came out."""
    parser = Parser(prog="burnish demo", description="Go around the whole loop: dataset, training, serving, comparing.")
    parser.add_argument("-C", "--workspace", type=Path, default=Path(FOLDER), help=f"where to work (default: {FOLDER})")
    parser.add_argument(
        "--headless", action="store_true", help="no screen: progress as lines (also without a terminal)"
    )
    parser.add_argument("--json", action="store_true", help="headless, and the result as one JSON object on stdout")
    parser.add_argument("--model", default=MODEL, help="a model's name, a local directory or a hub id")
    parser.add_argument("--dataset", type=Path, help="a dataset of your own (headless)")
    parser.add_argument("--keep-servers", action="store_true", help="leave both servers running (headless)")
    arguments = parser.parse_args(words)
    workspace: Path = arguments.workspace.resolve()
    if workspace.exists() and not workspace.is_dir():
        raise InputError(f"{workspace} is a file; the demo needs a folder: give one with --workspace.")
    headless = arguments.headless or arguments.json or not (sys.stdin.isatty() and sys.stdout.isatty())
    if not headless:
        from tui.commands.workbench import open_workbench

        return open_workbench(workspace, copy_demo(workspace), guided=True, model=arguments.model)
    from engine.models.check import check_model
    from engine.serving.environment import build_environment

    check_model(arguments.model)
    from engine.demo.loop import DemoLoop, DemoPlan

    plan = DemoPlan(workspace, arguments.model, arguments.dataset, keep_servers=arguments.keep_servers)
    with LineProgress("demo") as progress:
        build_environment(progress.note)
        result = asyncio.run(DemoLoop(plan, progress.say, progress.note).run())
    remember_dataset(workspace, workspace / result["dataset"])
    if arguments.json:
        print_json(result)
    else:
        _print(result)
    return 0


def _print(result: dict[str, Any]) -> None:
    from tui.literal import literal

    train, accuracy = result["train"], result["accuracy"]
    for each in result["questions"][:5]:
        print(f"\n  {literal(each['question'], one_line=True)}")
        print(f"    dataset  {literal(each['reference'], one_line=True)}")
        for side in ("base", "tuned"):
            sign = {"right": "✓", "wrong": "✗"}.get(each[side]["verdict"], "·")
            print(f"    {side:<7}{sign} {literal(each[side]['answer'], one_line=True)}")
    count = len(result["questions"])
    print(f"\n  trained in {train['seconds']:.0f} s: {train['steps']} steps, {train['tokens']} tokens,", end=" ")
    print(f"{train['tokens_per_second']:.0f} tokens/s, loss {train['final_loss']:.3f}")
    print(f"  right on {count} trained questions: base {accuracy['base']:.0%}, tuned {accuracy['tuned']:.0%}")
    print(f"  `burnish {FOLDER}` opens the workbench on it.")
