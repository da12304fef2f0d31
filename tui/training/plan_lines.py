"""What a run will do and take, in words: the last lines of the form."""

from __future__ import annotations

from data.wording import counted
from engine.training.job import TrainingJob
from engine.training.plan import Plan, count_steps, steps_an_epoch
from tui.literal import literal
from tui.widgets.figures import count, size
from tui.widgets.lines import Line, cut


def steps_line(job: TrainingJob, plan: Plan, width: int) -> Line:
    """Rows and steps. The steps are counted anew: the plan was made before the last change to the job."""
    processes = job.parallel.world_size
    steps = count_steps(plan.units, job.training, processes)
    each = steps_an_epoch(plan.units, job.training, processes)
    about = "about " if plan.estimated else ""
    held_out = f"{count(plan.held_out_rows)} held out · " if plan.held_out_rows else ""
    text = f"{count(plan.rows)} rows · {held_out}{about}{count(steps)} steps, {count(each)} an epoch"
    return ((cut(f"✓ {text}", width), "agrees"),)


def costs_line(plan: Plan, width: int) -> Line:
    """What is read and lost of the rows, and the memory that the run takes, as far as they can be told beforehand."""
    parts: list[str] = []
    lost = False
    if plan.tokens is not None:
        tokens = plan.tokens
        about = "about " if tokens.estimated else ""
        parts.append(f"{about}{count(tokens.epoch)} tokens an epoch, longest row {count(tokens.longest)}")
        parts += [f"{counted(tokens.cut, 'row')} cut"] if tokens.cut else []
        parts += [f"{counted(tokens.dropped, 'row')} left out as too long"] if tokens.dropped else []
        lost = bool(tokens.cut or tokens.dropped)
    if plan.memory is not None:
        where = " on each machine" if plan.memory.machines > 1 else ""
        parts.append(f"about {size(plan.memory.total)} of memory{where}")
    sign, style = ("!", "differs") if lost else (" ", "dim")
    return ((cut(f"{sign} {' · '.join(parts)}", width), style),) if parts else ()


def at_work_line(runs: tuple[str, ...], width: int) -> Line:
    """Which runs are at work or wait already."""
    if not runs:
        return ()
    first, *rest = runs
    others = f" and {len(rest)} more" if rest else ""
    text = f"{literal(first, one_line=True)}{others} at work: ^n starts this one after it"
    return ((cut(f"▶ {text}", width), "dim"),)
