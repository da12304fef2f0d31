"""Writing a chart and its numbers into a workspace's `exports/`."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from pathlib import Path

from data.atomic import write_atomically
from data.errors import BurnishError
from engine.reports import RunSnapshot
from tui.literal import literal
from tui.training.curves import RunCurves
from tui.training.export.chart_drawing import chart_drawing
from tui.training.export.drawing import Drawing
from tui.training.export.svg import svg
from tui.training.measures import MEASURES
from tui.widgets.chart import ChartContent
from tui.widgets.plot import View

FOLDER = "exports"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def drawing_of(content: ChartContent, view: View, runs: Sequence[RunSnapshot]) -> tuple[Drawing, str]:
    """The picture of a chart, and its title. Reads series that grow, so it is for the thread that lets them."""
    names = ", ".join(literal(run.run_id, one_line=True) for run in runs[:3])
    more = f" and {len(runs) - 3} more" if len(runs) > 3 else ""
    title = f"{content.title}{' (log)' if view.log else ''}: {names}{more}"
    return chart_drawing(content, view, title), title


def export_chart(workspace: Path, drawing: Drawing, title: str, runs: Sequence[RunSnapshot]) -> list[Path]:
    """Write a chart's picture and the numbers of its runs, under a name that is free; gives the files.

    The PNG is left out where Pillow is not installed. Raises BurnishError when a file cannot be written.
    """
    measure = title.partition(":")[0].partition(",")[0]
    label = _UNSAFE.sub("-", f"{runs[0].run_id}-{measure}").strip("-.")[:80] or "chart"
    folder = workspace / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        stem = _free(folder, label)
    except OSError as error:
        raise BurnishError(f"{folder} cannot be written: {error.strerror}.", title="Not exported") from error
    files: dict[str, str | bytes | None] = {
        "svg": svg(drawing, title),
        "png": png_of(drawing),
        "csv": table_of(runs),
    }
    written: list[Path] = []
    for ending, content in files.items():
        if content is not None:
            written.append(folder / f"{stem}.{ending}")
            write_atomically(written[-1], content)
    return written


def png_of(drawing: Drawing) -> bytes | None:
    """The picture as PNG; None where Pillow is not installed."""
    try:
        from tui.training.export.png import png

        return png(drawing)
    except ImportError:
        return None


def table_of(runs: Sequence[RunSnapshot]) -> str:
    """CSV with every value of every step and evaluation: run, step, epoch, seconds of training, then one column each.

    A value that was not measured at a step, or is no number, is left empty.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["run", "step", "epoch", "seconds", *(each.name.replace(" ", "_") for each in MEASURES)])
    for run in runs:
        curves = RunCurves(run)
        seconds = curves.places("time")
        evaluations = {each.step: each for each in run.evaluations}
        rows = {each.step: index for index, each in enumerate(run.progress)}
        for at in sorted(rows.keys() | evaluations.keys()):
            index = rows.get(at)
            step = run.progress[index] if index is not None else None
            evaluation = evaluations.get(at)
            values: list[float | None] = []
            for measure in MEASURES:
                if measure.of_step is not None:
                    values.append(measure.of_step(step) if step is not None else None)
                elif measure.of_evaluation is not None:
                    values.append(measure.of_evaluation(evaluation) if evaluation is not None else None)
            epoch = f"{step.epoch:.4f}" if step is not None else ""
            trained = f"{seconds[index]:.2f}" if index is not None else ""
            writer.writerow([literal(run.run_id, one_line=True), at, epoch, trained, *map(_cell, values)])
    return file.getvalue()


def _cell(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else f"{value:.8g}"


def _free(folder: Path, label: str) -> str:
    """The name, with a number where it is taken."""
    taken = {path.stem for path in folder.iterdir()}
    if label not in taken:
        return label
    number = 2
    while f"{label}-{number}" in taken:
        number += 1
    return f"{label}-{number}"
