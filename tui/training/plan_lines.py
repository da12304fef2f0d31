"""What a run will do and take, in words: the last lines of the form."""

from __future__ import annotations

from engine.training.job import TrainingJob
from engine.training.plan import Plan, count_steps, steps_an_epoch
from tui.literal import literal
from tui.widgets.figures import count, size
from tui.widgets.lines import Line, cut


def steps_line(job: TrainingJob, plan: Plan, width: int) -> Line:
    """Rows and steps. The steps are counted anew: the plan was made before the last change to the job."""
    processes = job.parallel.world_size
    steps = count_steps(plan.rows, job.training, processes)
    each = steps_an_epoch(plan.rows, job.training, processes)
    held_out = f"{count(plan.held_out_rows)} held out · " if plan.held_out_rows else ""
    text = f"{count(plan.rows)} rows · {held_out}{count(steps)} steps, {count(each)} an epoch"
    return ((cut(f"✓ {text}", width), "agrees"),)


def costs_line(plan: Plan, width: int) -> Line:
    """The memory that the run takes on each machine, as far as it can be told beforehand."""
    if plan.memory is None:
        return ()
    where = " on each machine" if plan.memory.machines > 1 else ""
    largest = plan.memory.largest[0]
    text = f"about {size(plan.memory.total)} of memory{where}, most of it for {largest.name} ({size(largest.size)})"
    return ((cut(f"  {literal(text, one_line=True)}", width), "dim"),)


def at_work_line(runs: tuple[str, ...], width: int) -> Line:
    """Which runs are at work or wait already."""
    if not runs:
        return ()
    first, *rest = runs
    others = f" and {len(rest)} more" if rest else ""
    text = f"{literal(first, one_line=True)}{others} at work: ^n starts this one after it"
    return ((cut(f"▶ {text}", width), "dim"),)
