"""`burnish runs`: what ran in a workspace, ending what still runs, and going on with what ended early."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.reports import RunSnapshot
from engine.training.history import RunHistory
from engine.training.runs import run_folders
from tui.commands.parser import Parser, print_json, workspace_option
from tui.literal import literal
from tui.widgets.figures import duration

if TYPE_CHECKING:
    from engine.training.control import RunControl


def run(words: list[str]) -> int:
    """List the runs, show one, ask one to save and stop, end one now, or resume one; or draw some (`runs export`)."""
    if words[:1] == ["export"]:
        from tui.commands import runs_export

        return runs_export.run(words[1:])
    parser = Parser(
        prog="burnish runs",
        description="List the runs of a workspace, newest first, or act on one; `runs export` draws them.",
    )
    parser.add_argument("action", nargs="?", choices=["list", "show", "stop", "kill", "resume"], default="list")
    parser.add_argument("run", nargs="?", help="a run's id, as the list shows it")
    parser.add_argument(
        "--set", dest="changes", metavar="KEY=VALUE", action="append", default=[], help="resume with another value"
    )
    workspace_option(parser)
    arguments = parser.parse_args(words)
    workspace: Path = arguments.workspace
    if arguments.action == "list":
        return _list(workspace, arguments.json)
    if arguments.run is None:
        parser.error(f"`{arguments.action}` needs a run's id")
    if arguments.changes and arguments.action != "resume":
        parser.error("--set goes with `resume`")
    from engine.training.control import RunControl

    control = RunControl(workspace)
    folder = control.folder(arguments.run)
    if arguments.action == "show":
        return _show(folder, arguments.json)
    if arguments.action == "resume":
        return _resume(control, arguments.run, arguments.changes, arguments.json)
    if arguments.action == "stop":
        control.stop(arguments.run)
        print(f"{arguments.run} will finish its step, save a checkpoint and stop.")
    else:
        control.kill(arguments.run)
        print(f"{arguments.run} was ended; what it had saved stays.")
    return 0


def _resume(control: RunControl, run_id: str, changes: list[str], as_json: bool) -> int:
    step = control.resume(run_id, changes)
    if as_json:
        print_json({"run": run_id, "step": step})
    else:
        print(f"{run_id} goes on from step {step}." if step else f"{run_id} starts over: it had saved no checkpoint.")
    return 0


def snapshot_of(folder: Path) -> RunSnapshot:
    """How a run stands now."""
    history = RunHistory(folder)
    while history.refresh(with_log=True):
        continue
    return history.snapshot()


def summary(run: RunSnapshot) -> dict[str, Any]:
    """A run as JSON."""
    last = run.last
    held_out = [each.loss for each in run.evaluations]
    return {
        "run": run.run_id,
        "state": run.state,
        "reason": run.reason,
        "model": run.job.model if run.job else None,
        "method": run.job.method.kind if run.job else None,
        "dataset": run.job.dataset.path if run.job else None,
        "step": last.step if last else 0,
        "total_steps": last.total_steps if last else None,
        "loss": last.loss if last else None,
        "held_out_loss": min(held_out) if held_out else None,
        "tokens": last.tokens if last else 0,
        "tokens_per_second": last.tokens_per_second if last else None,
        "resumes_at": run.resumes_at,
        "started": run.started,
        "ended": run.ended,
    }


def _list(workspace: Path, as_json: bool) -> int:
    runs = [summary(snapshot_of(folder)) for folder in run_folders(workspace)]
    if as_json:
        print_json(runs)
        return 0
    if not runs:
        print(f"No run in {workspace} yet; `burnish` and then 2, n starts one.")
    for each in runs:
        loss = "–" if each["loss"] is None else f"{each['loss']:.3f}"
        steps = f"{each['step']}/{each['total_steps'] or '?'}"
        took = duration(each["ended"] - each["started"]) if each["ended"] and each["started"] else ""
        print(literal(f"{each['run']:<28}  {each['state']:<9}  step {steps:<9}  loss {loss:<6}  {took}", one_line=True))
    return 0


def _show(folder: Path, as_json: bool) -> int:
    run = snapshot_of(folder)
    if as_json:
        print_json(summary(run))
        return 0
    for name, value in summary(run).items():
        print(literal(f"{name:<18} {value if value is not None else '–'}", one_line=True))
    return 0
