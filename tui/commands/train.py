"""`burnish train JOB.toml`: a run without the screen."""

from __future__ import annotations

import sys
from pathlib import Path

from tui.commands.estimate import print_plan
from tui.commands.parser import Parser, print_json, workspace_option
from tui.commands.progress import LineProgress
from tui.commands.run_follow import exit_code, follow
from tui.commands.run_summary import summary
from tui.literal import literal


def run(words: list[str]) -> int:
    """Start a run and follow it to its end; interrupting this command leaves the run going."""
    parser = Parser(prog="burnish train", description="Start a training run from a job file and follow it.")
    parser.add_argument("job", type=Path, help="the job file (job.toml)")
    parser.add_argument(
        "--set",
        dest="changes",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="another value for a setting of the job, as training.epochs=2 (can be given again)",
    )
    parser.add_argument("--plan", action="store_true", help="only print what it would do and take, as burnish estimate")
    parser.add_argument("--queue", action="store_true", help="start when no run before it is at work")
    parser.add_argument("--launcher", help="what keeps the run alive: systemd, detached or auto (default)")
    parser.add_argument("--detach", action="store_true", help="do not follow: print the run's id and end")
    parser.add_argument(
        "--machine",
        type=int,
        metavar="NUMBER",
        help="take part, as a further machine (1, 2, …), in the run whose folder the job file lies in",
    )
    workspace_option(parser)
    arguments = parser.parse_args(words)
    from engine.jobs.launchers import choose
    from engine.training.changes import job_with
    from engine.training.control import RunControl

    control = RunControl(arguments.workspace)
    if arguments.machine is not None:
        log = control.take_part(arguments.job, arguments.machine, launcher=arguments.launcher)
        print_json({"log": str(log)}) if arguments.json else print(f"machine {arguments.machine} takes part; see {log}")
        return 0
    job = job_with(arguments.job, arguments.changes)
    if arguments.plan:
        return print_plan(job, arguments.workspace, as_json=arguments.json)
    choice = choose(arguments.launcher)
    with LineProgress("train") as progress:
        control.prepare(job, progress.note)
        if job.dataset.unusable == "skip":
            for sentence in control.check(job, queued=arguments.queue).unusable:
                progress.say(literal(f"{sentence}; the run goes on without them", one_line=True))
        if choice.fix:
            progress.say(f"{choice.why} `{choice.fix}` lets a unit outlive that.")
    run_id = control.start(job, queued=arguments.queue, launcher=choice.launcher)
    if arguments.detach:
        print_json({"run": run_id, "launcher": choice.launcher}) if arguments.json else print(run_id)
        return 0
    print(f"run {run_id} ({choice.launcher}); ctrl+c leaves it going", file=sys.stderr)
    snapshot = follow(control.folder(run_id))
    if arguments.json:
        print_json(summary(snapshot))
    else:
        print(f"{run_id}: {snapshot.state}. {snapshot.reason}".rstrip())
    return exit_code(snapshot)
