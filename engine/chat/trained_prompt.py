"""The prompt as training rendered it: from the job of the run that a server serves, never from what the server says."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from data.errors import BurnishError
from data.templates import Message, Template, chosen_template
from engine.chat.endpoint import Endpoint
from engine.models.tokenizer import tokenizer_directory
from engine.serving.registry import endpoint_of, list_servers
from engine.training.job import read_job
from engine.training.runs import JOB_FILE, RUNS


def run_behind(workspace: Path, endpoint: Endpoint) -> Path | None:
    """The folder of the run whose model or adapter answers at an endpoint; None where it is no run of the workspace."""
    for server in list_servers(workspace):
        for role in server.roles:
            found = endpoint_of(server, role)
            if (found.url, found.model) == (endpoint.url, endpoint.model):
                return _run_of(workspace, server.served(role).path)
    return None


def load_templates(workspace: Path) -> None:
    """Load the templates of the runs that are served: read while answers stream, a tokenizer would hold them up.

    What cannot be read is told when it is needed.
    """
    for server in list_servers(workspace):
        for role in server.roles:
            run = _run_of(workspace, server.served(role).path)
            if run is not None:
                with suppress(BurnishError):
                    trained_ids(workspace, run, ({"role": "user", "content": ""},))


def trained_ids(workspace: Path, run: Path, messages: Sequence[Message]) -> tuple[int, ...] | None:
    """The ids that training made of the messages, up to where the answer begins.

    None for a run on plain text, which has no prompt. Blocks (it reads a tokenizer). Raises InputError when the run's
    job or the tokenizer of its base model cannot be read, or its template refuses the messages.
    """
    job = read_job(run / JOB_FILE)
    if job.stage == "text":
        return None
    directory = tokenizer_directory(job.model, workspace)
    times = tuple(_time(path) for path in (directory / "tokenizer.json", workspace / job.template))
    template = _template(job.template, directory, workspace, times)
    return template.encode(messages, add_generation_prompt=True).token_ids


@lru_cache(maxsize=4)
def _template(name: str, directory: Path, workspace: Path, _times: tuple[int, ...]) -> Template:
    """The template of a job, kept: reading a tokenizer takes up to a second. The times tell when it has changed."""
    return chosen_template(name, directory, workspace)


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _run_of(workspace: Path, path: Path) -> Path | None:
    runs = (workspace / RUNS).resolve()
    run = path.resolve().parent
    return run if run.parent == runs and (run / JOB_FILE).is_file() else None
