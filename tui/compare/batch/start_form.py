"""The questions before a batch is started, and what it would ask."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from textual.content import Content

from data.errors import InputError
from engine.chat.arms import parse_arm, read_arms, require_arms
from engine.chat.sampling import Sampling
from engine.evaluation.evaluator import BatchPlan, of_source
from engine.training.runs import run_folders
from tui.dataset.ask_panel import Asked
from tui.literal import literal
from tui.workspace import dataset_files

_ALL = "all"
_SHOWN = 12
"""Runs and files that are named below the questions."""


def questions(workspace: Path) -> list[Asked]:
    """What is asked about a new batch."""
    runs, files = run_folders(workspace), dataset_files(workspace)
    source = runs[0].name if runs else files[0].name if files else ""
    try:
        arms = "; ".join(arm.text for arm in read_arms(workspace))
    except InputError:
        arms = ""
    return [
        Asked(
            "source", "run or file", source, about="Of a run the rows that it held out; of a file all its questions."
        ),
        Asked("rows", "rows", _ALL, about="How many, spread evenly over all; or all."),
        Asked(
            "arms",
            "arms",
            arms,
            about="One to four, as NAME=TARGET with ; between: a server, a run, a model or a URL. Of a run's rows "
            "its own model is asked as tuned. Behind a target: ,examples=4 or ,nearest=4 for dataset rows in its "
            "prompt, ,key_env=VARIABLE for a key.",
        ),
        Asked("max_tokens", "longest answer", "128", about="Tokens; the same for all arms."),
        Asked("temperature", "temperature", "0", about="0 gives the same answer each time."),
        Asked("seed", "seed", "1", about="The same for all arms."),
    ]


def known(workspace: Path) -> Content:
    """The runs and files that can be evaluated."""
    runs = [folder.name for folder in run_folders(workspace)[:_SHOWN]]
    files = [path.name for path in dataset_files(workspace)[:_SHOWN]]
    lines = [
        f"{what}: {', '.join(literal(name, one_line=True) for name in names)}"
        for what, names in (("runs", runs), ("files", files))
        if names
    ]
    return Content.styled("\n".join(lines), "$dim")


def plan(values: Mapping[str, str], workspace: Path) -> BatchPlan:
    """What the answers mean. Raises InputError for what cannot be asked."""
    source = values["source"].strip()
    if not source:
        raise InputError("Type the id of a run, or the name of a file.")
    arms = tuple(parse_arm(text.strip()) for text in values["arms"].split(";") if text.strip())
    require_arms(arms)
    rows = 0 if values["rows"].strip() in ("", _ALL) else int(_number(values["rows"], "rows", whole=True))
    sampling = Sampling(
        temperature=_number(values["temperature"], "temperature"),
        max_tokens=int(_number(values["max_tokens"], "the longest answer", whole=True)),
        seed=int(_number(values["seed"], "the seed", whole=True)),
    )
    sampling.require()
    return BatchPlan(source, rows, of_source(arms, workspace, source), sampling)


def _number(text: str, what: str, *, whole: bool = False) -> float:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        raise InputError(f"{text.strip()!r} is no number for {what}.") from None
