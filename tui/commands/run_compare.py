"""Runs side by side: how their jobs differ, and what came out."""

from __future__ import annotations

from collections.abc import Sequence

from engine.reports import RunSnapshot
from engine.training.job_changes import differing_settings, setting_text
from tui.commands.parser import print_json
from tui.commands.run_summary import shown, summary, table
from tui.literal import literal
from tui.widgets.lines import cut

_FIGURES = {
    "state": "state",
    "step": "steps done",
    "held_out_loss": "best held-out loss",
    "held_out_step": "  at step",
    "loss": "final loss",
    "accuracy": "accuracy",
    "trained_seconds": "took",
    "tokens_per_second": "speed",
}
"""What is compared, by its name in a summary."""
_WIDEST = 40


def print_comparison(runs: Sequence[RunSnapshot], *, as_json: bool) -> None:
    """Print the settings that differ and the figures of two runs or more."""
    jobs = [run.job for run in runs]
    readable = [job for job in jobs if job is not None]
    differing = differing_settings(readable) if len(readable) == len(jobs) else None
    summaries = [summary(run) for run in runs]
    if as_json:
        settings = None if differing is None else [{"setting": path, "values": values} for path, values in differing]
        print_json({"runs": summaries, "differing_settings": settings})
        return
    names = [literal(run.run_id, one_line=True) for run in runs]
    if differing is None:
        print("The job file of one of these runs cannot be read, so the settings are not compared.")
    elif not differing:
        print("The jobs do not differ.")
    else:
        print(
            *_side_by_side("setting", names, [(path, [setting_text(each) for each in v]) for path, v in differing]),
            sep="\n",
        )
    print()
    figures = [(label, [shown(name, each[name]) for each in summaries]) for name, label in _FIGURES.items()]
    print(*_side_by_side("result", names, figures), sep="\n")


def _side_by_side(what: str, names: list[str], rows: list[tuple[str, list[str]]]) -> list[str]:
    lines = [[label, *(cut(literal(each, one_line=True), _WIDEST) for each in values)] for label, values in rows]
    return table([what, *names], lines)
