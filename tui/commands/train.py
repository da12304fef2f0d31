"""`burnish train JOB.toml`: a run without the screen."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from engine.jobs.events import RunState
from engine.reports import RunSnapshot
from tui.commands.parser import Parser, print_json, workspace_option
from tui.commands.progress import LineProgress
from tui.commands.runs import summary
from tui.literal import literal


def run(words: list[str]) -> int:
    """Start a run and follow it to its end; interrupting this command leaves the run going."""
    parser = Parser(prog="burnish train", description="Start a training run from a job file and follow it.")
    parser.add_argument("job", type=Path, help="the job file (job.toml)")
    parser.add_argument("--detach", action="store_true", help="do not follow: print the run's id and end")
    workspace_option(parser)
    arguments = parser.parse_args(words)
    from engine.training.control import RunControl
    from engine.training.job import read_job

    control = RunControl(arguments.workspace)
    job = read_job(arguments.job)
    with LineProgress("train") as progress:
        control.prepare(job, progress.note)
        if job.dataset.unusable == "skip":
            for sentence in control.check(job).unusable:
                progress.say(literal(f"{sentence}; the run goes on without them", one_line=True))
    run_id = control.start(job)
    if arguments.detach:
        print_json({"run": run_id}) if arguments.json else print(run_id)
        return 0
    print(f"run {run_id}; ctrl+c leaves it going", file=sys.stderr)
    snapshot = follow(control.folder(run_id))
    if arguments.json:
        print_json(summary(snapshot))
    else:
        print(f"{run_id}: {snapshot.state}. {snapshot.reason}".rstrip())
    return 0 if snapshot.state in (RunState.FINISHED, RunState.STOPPED) else 1


def follow(folder: Path) -> RunSnapshot:
    """Print a run's steps to stderr as they come, a line every few seconds, until it ends."""
    from engine.training.history import RunHistory

    history = RunHistory(folder)
    said_at, said = 0.0, ""
    while True:
        history.refresh()
        snapshot = history.snapshot(with_progress=False)
        line = _line(snapshot)
        ended = not history.active
        if line != said and (ended or time.monotonic() - said_at >= 2):
            said_at, said = time.monotonic(), line
            print(f"{folder.name}: {line}", file=sys.stderr, flush=True)
        if ended:
            return snapshot
        time.sleep(0.2)  # this process has nothing else to wait on: the log is a file


def _line(run: RunSnapshot) -> str:
    last = run.last
    if last is None or not run.state.active or run.state is RunState.MEASURING:
        return f"{run.state} {run.reason}".rstrip()
    held_out = f"  held-out {run.evaluations[-1].loss:.3f}" if run.evaluations else ""
    left = f"  {last.eta_seconds:.0f} s left" if last.eta_seconds is not None else ""
    speed = f"{last.tokens_per_second:.0f} tokens/s"
    return f"step {last.step}/{last.total_steps}  loss {last.loss:.3f}{held_out}  {speed}{left}"
