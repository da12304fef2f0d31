"""From the name of a hub dataset to files in a workspace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from data.errors import BurnishError
from engine.datasets.files import HubDataset
from engine.jobs.events import Note, RunState, StateChanged, decode

DATASETS = "datasets"
"""The folder of a workspace for datasets of the hub."""
_LOG = ".fetch.log"


def fetch(dataset: HubDataset, workspace: Path, *, report: Callable[[Note], None]) -> list[Path]:
    """The files of a dataset, in `datasets/owner/name` of the workspace, fetched where they are not there yet.

    A process of its own fetches them, and what it does is reported as it goes on. Blocks meanwhile; an exception that
    `report` raises ends it. Raises BurnishError with one sentence: no network, no such dataset, no room.
    """
    folder = workspace / DATASETS / dataset.hub_id
    name = f"{dataset.hub_id}:{dataset.part}" if dataset.part else dataset.hub_id
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / _LOG).open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "engine.datasets.worker", name, str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, "PYTHONSAFEPATH": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"},
            )
    except OSError as error:
        raise BurnishError(f"The dataset {name} cannot be fetched into {folder}: {error.strerror}.") from error
    try:
        paths = _listen(process, name, report)
    except BaseException:
        process.kill()
        raise
    finally:
        code = process.wait()
    if paths is None:
        raise BurnishError(f"Fetching the dataset {name} ended early (code {code}); see {folder / _LOG}.")
    (folder / _LOG).unlink(missing_ok=True)
    return paths


def _listen(process: subprocess.Popen[bytes], name: str, report: Callable[[Note], None]) -> list[Path] | None:
    """What the process found; None when it ended without a word. Raises BurnishError with its sentence."""
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            match decode(line):
                case Note() as note:
                    report(note)
                case StateChanged(state=RunState.FINISHED, reason=paths):
                    return [Path(path) for path in json.loads(paths)]
                case StateChanged(state=RunState.FAILED, reason=sentence):
                    raise BurnishError(sentence, title=f"{name} was not fetched")
    return None
