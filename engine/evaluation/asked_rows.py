"""What a batch asks: the rows of a file, or those that a run held out, each with the turns before its answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.errors import InputError
from data.formats.conversation import Conversation
from data.formats.detect import Misfit
from data.formats.mapping_file import mapping_of
from data.formats.reading import each_conversation
from data.rendered_row import messages_of
from data.templates import Message
from engine.training.job import read_job
from engine.training.rows import load_rows
from engine.training.runs import JOB_FILE, RUNS, run_folder


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One row as it is asked."""

    number: int
    """Its place in the batch, from 1."""
    row: int
    """Its row of the dataset file, from 1."""
    messages: tuple[Message, ...]
    """The conversation up to the answer, with its system prompt; the last one is the question."""
    reference: str | None
    """The dataset's answer; None where it has none, or only a bad one."""

    @property
    def text(self) -> str:
        """What is asked last."""
        return self.messages[-1]["content"]


@dataclass(frozen=True, slots=True)
class AskedRows:
    """What is to be asked, and where it comes from."""

    source: str
    """How a person calls it: "pairs.jsonl", or "the held-out rows of demo-001"."""
    name: str
    """What the batch is called after: the run, or the file without its ending."""
    dataset: Path
    questions: tuple[AskedRow, ...]
    passed_over: int
    """Rows that cannot be asked: plain text, tools, media, no question."""
    examples: Path
    """The file from which arms with examples take them: what the run was trained on, or the file itself."""


def questions_of(workspace: Path, source: str, most: int = 0) -> AskedRows:
    """The questions of a run (what it held out) or of a file, `most` of them at most, spread evenly; 0 for all.

    Raises InputError when it is neither, when a run held nothing out, and when no row can be asked.
    """
    if is_run(workspace, source):
        return _of_run(workspace, source, most)
    path = workspace / Path(source).expanduser()
    if not path.is_file():
        raise InputError(f"There is neither a run nor a file {source} in {workspace}; `burnish runs` lists the runs.")
    asked, passed_over = _askable(each_conversation(path, mapping_of(path)))
    if not asked:
        raise InputError(f"{path.name} has no row with a question that can be asked.")
    return AskedRows(path.name, path.name.split(".")[0], path, _numbered(asked, most), passed_over, path)


def is_run(workspace: Path, source: str) -> bool:
    """Whether a source is the id of a run, and not a file."""
    return Path(source).name == source and (workspace / RUNS / source / JOB_FILE).is_file()


def _of_run(workspace: Path, run_id: str, most: int) -> AskedRows:
    job = read_job(run_folder(workspace, run_id) / JOB_FILE)
    if job.stage == "text":
        raise InputError(f"The run {run_id} learns from plain text, which asks nothing; evaluate a file of questions.")
    rows = load_rows(job.dataset, workspace, job.stage)
    asked, passed_over = _askable(rows.held_out)
    if not asked:
        raise InputError(
            f"The run {run_id} held out no row that can be asked; give a file instead, or train with "
            "dataset.held_out or dataset.held_out_fraction."
        )
    trained = workspace / Path(job.dataset.path).expanduser()
    source = f"the held-out rows of {run_id}"
    return AskedRows(source, run_id, rows.held_out_path, _numbered(asked, most), passed_over, trained)


def _askable(rows: Iterable[Conversation | Misfit]) -> tuple[list[AskedRow], int]:
    """The rows that ask something, not yet numbered, and how many do not."""
    found: list[AskedRow] = []
    passed_over = 0
    for row in rows:
        question = None if isinstance(row, Misfit) else question_of(row)
        if question is None:
            passed_over += 1
        else:
            found.append(question)
    return found, passed_over


def question_of(row: Conversation) -> AskedRow | None:
    """The last question of a conversation with what comes before it; None where nothing can be asked."""
    try:
        messages, _ = messages_of(row)
    except InputError:
        return None
    last = next((place for place in reversed(range(len(messages))) if messages[place]["role"] == "user"), None)
    if last is None or not messages[last]["content"].strip():
        return None
    answers = [each["content"] for each in messages[last + 1 :] if each["role"] == "assistant"]
    reference = answers[-1] if answers and answers[-1].strip() and row.label is not False else None
    return AskedRow(0, row.row_number, tuple(messages[: last + 1]), reference)


def _numbered(asked: Sequence[AskedRow], most: int) -> tuple[AskedRow, ...]:
    chosen = range(len(asked))
    if 0 < most < len(asked):
        chosen = [place * len(asked) // most for place in range(most)]
    return tuple(
        AskedRow(number, asked[place].row, asked[place].messages, asked[place].reference)
        for number, place in enumerate(chosen, 1)
    )
