"""From a model's name to a directory that can be loaded."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from data.errors import BurnishError
from engine.jobs.events import Note, RunState, StateChanged, decode
from engine.models.catalog import EMBEDDED, models_folder, prepared
from engine.models.check import check_model, local_directory
from engine.training.environment import training_python


def resolve(name: str, *, report: Callable[[Note], None], workspace: Path | None = None) -> Path:
    """The directory of a model: config, weights and tokenizer.

    A local directory is used as it is (relative ones count from the workspace). An embedded model is prepared in the
    cache when it is not there yet, and a hub id is downloaded: that happens in a process of its own, because it needs
    torch, and is reported as it goes on. Blocks meanwhile. Raises InputError for a name or directory that cannot be a
    model, and BurnishError when it cannot be fetched or converted.
    """
    check_model(name, workspace=workspace)
    directory = local_directory(name, workspace) or (prepared(name) if name in EMBEDDED else None)
    return directory or _prepare(name, report)


def _prepare(name: str, report: Callable[[Note], None]) -> Path:
    command = [str(training_python()), "-m", "engine.models.convert", name]
    folder = models_folder()
    log = folder / f"{name.replace('/', '--')}.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as errors:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, "PYTHONSAFEPATH": "1"},
            )
    except OSError as error:
        raise BurnishError(f"The model {name} cannot be prepared in {folder}: {error.strerror}.") from error
    result: Path | None = None
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            match decode(line):
                case Note() as note:
                    report(note)
                case StateChanged(state=RunState.FINISHED, reason=path):
                    result = Path(path)
                case StateChanged(state=RunState.FAILED, reason=sentence):
                    process.wait()
                    raise BurnishError(sentence, title="No model")
    code = process.wait()
    if result is None:
        raise BurnishError(f"Preparing the model {name} ended early (code {code}); see {log}.", title="No model")
    log.unlink(missing_ok=True)
    return result
