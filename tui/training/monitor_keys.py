"""The keys of the monitor."""

from __future__ import annotations

from textual.binding import Binding, BindingType


def _hidden(
    key: str, action: str, description: str, identity: str, tooltip: str, display: str | None = None
) -> Binding:
    return Binding(key, action, description, show=False, key_display=display, id=identity, tooltip=tooltip)


MONITOR_BINDINGS: list[BindingType] = [
    Binding("s", "stop", "Stop", id="train.stop", tooltip="Finish this step, save the model, and stop"),
    Binding("K", "kill", "Kill", id="train.kill", tooltip="End the run now; what it saved stays"),
    Binding("r", "resume", "Resume", id="train.resume", tooltip="Go on from where this run had saved"),
    Binding("v", "serve", "Serve", id="train.serve", tooltip="Serve the base and this run's model"),
    Binding(
        "space", "mark", "Overlay", id="train.mark", tooltip="Keep this run in the chart beside others, or take it out"
    ),
    Binding("c", "measure(1)", "Series", id="train.series", tooltip="Loss, held-out, rate, grad norm, speed, memory"),
    Binding("t", "table", "Table", id="train.table", tooltip="All runs in a table: sort, filter, open, delete"),
    _hidden(
        "d", "differences", "Differences", "train.differences", "This job beside those of marked runs, or the next"
    ),
    _hidden("e", "notes", "Notes and tags", "train.notes", "Write a note about the run, give it tags"),
    _hidden("D", "delete", "Delete", "train.delete", "Delete the run with all it saved; tells the size and asks first"),
    _hidden("x", "export", "Export", "train.export", "Write the chart as SVG and PNG, its numbers as CSV, to exports/"),
    _hidden("C", "measure(-1)", "Series before", "train.series-before", "The series before this one"),
    Binding("f", "log", "Log", id="train.log", tooltip="Read and search the whole log of the run"),
    _hidden("y,l", "log_scale", "Log scale", "train.log-scale", "Linear or logarithmic value axis"),
    _hidden(
        "m", "smoothing", "Smoothing", "train.smoothing", "How much the curve is smoothed: no, light, normal, strong"
    ),
    _hidden("a", "unit", "Along", "train.unit", "Steps, epochs or training time along the chart"),
    _hidden("u", "unmark", "Clear overlay", "train.unmark", "Take all runs out of the chart but the chosen one"),
    _hidden("plus,equals_sign", "zoom(1)", "Zoom in", "train.zoom-in", "Look closer at the curve", "+"),
    _hidden("minus", "zoom(-1)", "Zoom out", "train.zoom-out", "See more of the curve"),
    _hidden("0", "zoom(0)", "Whole curve", "train.zoom-reset", "See all steps"),
    _hidden("j,down", "choose(1)", "Older run", "train.next-run", "Look at the next older run"),
    _hidden("k,up", "choose(-1)", "Newer run", "train.previous-run", "Look at the next newer run"),
    _hidden("enter", "chart", "Read the curve", "train.read", "Move to the curve and read values off it"),
    _hidden("escape", "list", "To the runs", "train.list", "Back from the curve to the runs"),
    _hidden("o", "question(1)", "Next question", "train.question", "Sample answers to the next question"),
    _hidden("O", "question(-1)", "Question before", "train.question-before", "Sample answers to the question before"),
    _hidden("p", "samples", "Answers", "train.samples", "Move to the sample answers and go through their steps"),
]
