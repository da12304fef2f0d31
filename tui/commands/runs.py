"""`burnish runs`: what ran in a workspace, ending what still runs, and going on with what ended early."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import InputError
from engine.training.runs import at_work, run_folder, run_folders
from tui.commands.parser import Parser, print_json, workspace_option
from tui.commands.run_summary import shown, snapshot_of, summary, table
from tui.literal import literal
from tui.widgets.figures import size

if TYPE_CHECKING:
    from engine.training.control import RunControl

_RUNS_WANTED: dict[str, tuple[int, int | None]] = {
    "list": (0, 0),
    "show": (1, 1),
    "follow": (1, 1),
    "compare": (2, None),
    "stop": (1, None),
    "kill": (1, None),
    "resume": (1, 1),
    "delete": (1, None),
}
"""The actions, and how many runs each takes: at least, and at most."""
_OPTIONS = {
    "--sort": "list",
    "--filter": "list",
    "--set": "resume",
    "--queue": "resume",
    "--launcher": "resume",
    "--yes": "delete",
}
_FILTERS = ("state", "method", "model", "dataset")
_SORTS: dict[str, tuple[str, bool]] = {
    "name": ("run", False),
    "state": ("state", False),
    "method": ("method", False),
    "model": ("model", False),
    "loss": ("loss", False),
    "held-out": ("held_out_loss", False),
    "duration": ("trained_seconds", True),
    "speed": ("tokens_per_second", True),
}
"""What a list is sorted by, and whether the largest comes first."""


def run(words: list[str]) -> int:
    """List, show, follow or compare runs; ask one to save and stop, end it now, resume or delete it; or draw some."""
    if words[:1] == ["export"]:
        from tui.commands import runs_export

        return runs_export.run(words[1:])
    parser = Parser(
        prog="burnish runs",
        description="List the runs of a workspace, newest first, or act on some; `runs export` draws them.",
    )
    parser.add_argument("action", nargs="?", choices=list(_RUNS_WANTED), default="list")
    parser.add_argument("runs", nargs="*", metavar="run", help="ids of runs, as the list shows them")
    parser.add_argument("--sort", choices=list(_SORTS), help="list by this instead of newest first")
    parser.add_argument(
        "--filter",
        metavar="KEY=TEXT",
        action="append",
        help=f"list only runs with this in their {', '.join(_FILTERS)}",
    )
    parser.add_argument("--set", dest="changes", metavar="KEY=VALUE", action="append", help="resume with another value")
    parser.add_argument("--queue", action="store_true", help="resume when no run before it is at work")
    parser.add_argument("--launcher", help="resume with this launcher: systemd, detached or auto")
    parser.add_argument("--yes", action="store_true", help="delete without asking")
    workspace_option(parser)
    arguments = parser.parse_intermixed_args(words)
    workspace: Path = arguments.workspace
    action, ids, as_json = arguments.action, tuple(dict.fromkeys(arguments.runs)), arguments.json
    _refuse_misuse(parser, action, ids, words)
    if action == "list":
        return _list(workspace, arguments.sort, arguments.filter or [], as_json)
    folders = [run_folder(workspace, each) for each in ids]
    if action == "show":
        return _show(folders[0], _place(workspace, ids[0]), as_json)
    if action == "compare":
        from tui.commands.run_compare import print_comparison

        print_comparison([snapshot_of(folder) for folder in folders], as_json=as_json)
        return 0
    if action == "follow":
        from tui.commands.run_follow import exit_code, stream

        return exit_code(stream(folders[0], as_json=as_json))
    if action == "delete":
        return _delete(workspace, folders, yes=arguments.yes, as_json=as_json)
    from engine.training.control import RunControl

    control = RunControl(workspace)
    if action == "resume":
        return _resume(control, ids[0], arguments.changes or [], arguments.queue, arguments.launcher, as_json)
    return _end(control, folders, action, as_json)


def _refuse_misuse(parser: Parser, action: str, ids: Sequence[str], words: Sequence[str]) -> None:
    for option, goes_with in _OPTIONS.items():
        if action != goes_with and any(word.split("=")[0] == option for word in words):
            parser.error(f"{option} goes with `{goes_with}`")
    least, most = _RUNS_WANTED[action]
    if len(ids) < least:
        parser.error(f"`{action}` needs " + ("the ids of two runs" if least > 1 else "a run's id"))
    if most is not None and len(ids) > most:
        parser.error(f"`{action}` takes {'no run' if most == 0 else 'one run'}, not {len(ids)}")


def _place(workspace: Path, run_id: str) -> int | None:
    """Where a run stands in the queue, from 1."""
    from engine.training.queueing import queue

    waiting = queue(workspace)
    return waiting.index(run_id) + 1 if run_id in waiting else None


def _end(control: RunControl, folders: Sequence[Path], action: str, as_json: bool) -> int:
    """Stop or kill what is at work, and say of the others that they are not."""
    working = [folder.name for folder in folders if at_work(folder)]
    for each in working:
        control.stop(each) if action == "stop" else control.kill(each)
    others = [folder.name for folder in folders if folder.name not in working]
    if as_json:
        print_json({"stopping" if action == "stop" else "killed": working, "not_at_work": others})
        return 0
    said = "will finish its step, save a checkpoint and stop" if action == "stop" else "was ended; what it saved stays"
    for name, words in (*((each, said) for each in working), *((each, "is not at work") for each in others)):
        print(literal(f"{name} {words}.", one_line=True))
    return 0


def _resume(
    control: RunControl, run_id: str, changes: list[str], queued: bool, launcher: str | None, as_json: bool
) -> int:
    step = control.resume(run_id, changes, queued=queued, launcher=launcher)
    if as_json:
        print_json({"run": run_id, "step": step})
    else:
        what = f"goes on from step {step}" if step else "starts over: it had saved no checkpoint"
        print(f"{run_id} waits for its turn; then it {what}." if queued else f"{run_id} {what}.")
    return 0


def _list(workspace: Path, sort: str | None, filters: list[str], as_json: bool) -> int:
    from engine.training.queueing import queue

    waiting = queue(workspace)
    places = {run_id: place for place, run_id in enumerate(waiting, start=1)}
    wanted = [_filter(each) for each in filters]
    every = [summary(snapshot_of(folder), place=places.get(folder.name)) for folder in run_folders(workspace)]
    runs = [each for each in every if all(text in str(each[key] or "").lower() for key, text in wanted)]
    if sort is not None:
        name, largest = _SORTS[sort]
        known = sorted((each for each in runs if each[name] is not None), key=lambda each: each[name], reverse=largest)
        runs = known + [each for each in runs if each[name] is None]
    if as_json:
        print_json(runs)
        return 0
    if not every:
        print(f"No run in {workspace} yet; `burnish` and then 2, n starts one.")
    elif not runs:
        print(f"None of the {len(every)} runs is like that.")
    else:
        heading = ("run", "state", "step", "loss", "held-out", "took", "method", "model")
        print(*table(heading, [_cells(each) for each in runs]), sep="\n")
    return 0


def _cells(run: dict[str, Any]) -> tuple[str, ...]:
    state = str(run["state"]) if run["place_in_queue"] is None else f"{run['state']} ({run['place_in_queue']})"
    step = f"{run['step']}/{run['total_steps'] or '?'}"
    names = ("loss", "held_out_loss", "trained_seconds", "method", "model")
    return (shown("run", run["run"]), state, step, *(shown(name, run[name]) for name in names))


def _filter(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or key not in _FILTERS:
        raise InputError(f"{text} is no filter; write one of {', '.join(_FILTERS)}, as state=finished.")
    return key, value.lower()


def _show(folder: Path, place: int | None, as_json: bool) -> int:
    run = summary(snapshot_of(folder), place=place)
    if as_json:
        print_json(run)
        return 0
    labels = {"trained_seconds": "took"}
    for name, value in run.items():
        print(f"{labels.get(name, name.replace('_', ' ')):<18} {shown(name, value)}")
    return 0


def _delete(workspace: Path, folders: list[Path], *, yes: bool, as_json: bool) -> int:
    from engine.training.deleting import delete_run, run_size

    if not yes and (as_json or not sys.stdin.isatty()):
        raise InputError("`delete` asks before it deletes; give --yes where nobody can answer.")
    deleted: list[dict[str, Any]] = []
    for folder in folders:
        name = literal(folder.name, one_line=True)
        if not yes and input(f"Delete {name} ({size(run_size(folder))})? [y/N] ").strip().lower() not in ("y", "yes"):
            print(f"{name} stays.")
            continue
        deleted.append({"run": folder.name, "bytes": delete_run(workspace, folder.name)})
        if not as_json:
            print(f"{name} is deleted: {size(deleted[-1]['bytes'])} are free again.")
    if as_json:
        print_json(deleted)
    return 0
