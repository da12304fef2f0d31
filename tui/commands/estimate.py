"""`burnish estimate JOB.toml`: what a run would do and what it would take, before it is started."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tui.commands.parser import Parser, print_json, workspace_option
from tui.literal import literal

if TYPE_CHECKING:
    from engine.training.job import TrainingJob
    from engine.training.plan import TokenPlan


def run(words: list[str]) -> int:
    """Print the plan of a job file; the model need not be on this machine."""
    parser = Parser(
        prog="burnish estimate",
        description="Print what a job would do and take: rows, steps, tokens, and memory by its parts. Nothing is "
        "started, and the model need not be on this machine when it is one of the presets'.",
    )
    parser.add_argument("job", type=Path, help="the job file (job.toml)")
    workspace_option(parser)
    arguments = parser.parse_args(words)
    from engine.training.job import read_job

    return print_plan(read_job(arguments.job), arguments.workspace, as_json=arguments.json)


def print_plan(job: TrainingJob, workspace: Path, *, as_json: bool) -> int:
    """Print what a job would do; gives the exit code, which is 0 also when there is too little memory for it."""
    from engine.training.check import check_job
    from engine.training.memory import shortage

    plan = check_job(job, workspace, queued=True)
    memory = plan.memory
    missing = shortage(memory, job) if memory else ""
    if as_json:
        print_json(
            {
                "model": job.model,
                "method": job.method.kind,
                "rows": plan.rows,
                "held_out_rows": plan.held_out_rows,
                "steps": plan.steps,
                "tokens": asdict(plan.tokens) if plan.tokens else None,
                "unusable": list(plan.unusable),
                "memory": memory
                and {
                    "total_bytes": memory.total,
                    "parts": {part.name: part.size for part in memory.parts},
                    "loading_bytes": memory.load,
                    "saving_bytes": memory.save,
                    "machines": memory.machines,
                },
                "shortage": missing,
            }
        )
        return 0
    print(literal(f"{job.label}: {job.method.kind} on {job.model}", one_line=True))
    about = "about " if plan.estimated else ""
    print(f"{plan.rows} rows, {plan.held_out_rows} held out; {about}{plan.steps} steps")
    if plan.tokens is not None:
        print(_tokens(plan.tokens))
    for sentence in plan.unusable:
        print(literal(f"{sentence}; the run would go on without them", one_line=True))
    if memory is None:
        print("memory: not known before the model is on this machine")
        return 0
    print("memory, estimated:")
    for line in memory.lines():
        print(f"  {line}")
    print(missing or "It fits.")
    return 0


def _tokens(tokens: TokenPlan) -> str:
    about = "about " if tokens.estimated else ""
    said = f"{about}{tokens.epoch:,} tokens an epoch, {tokens.targets:,} of them learnt; longest row {tokens.longest:,}"
    lost = [f"{tokens.cut:,} rows cut"] if tokens.cut else []
    lost += [f"{tokens.dropped:,} rows left out as too long"] if tokens.dropped else []
    return "; ".join((said, *lost)) + (" (from their characters: the tokenizer is not here)" if about else "")
