"""Fetches a dataset from the hub: `python -m engine.datasets.worker NAME FOLDER`, a process of its own.

The hub's client is slow to import and draws progress bars, and can only be stopped by ending its process. Says what it
does on stdout, one event a line (`engine.jobs.events`): notes, and at the end `finished` with a JSON list of paths as
its reason, or `failed` with one sentence. Details go to stderr.
"""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path

from data.errors import BurnishError
from engine.datasets.files import hub_dataset
from engine.jobs.events import Event, RunState, StateChanged, encode


def main(arguments: list[str]) -> int:
    """Fetch the dataset named on the command line; 0 when its files are there."""
    out = sys.stdout.buffer

    def say(event: Event) -> None:
        out.write(encode(event))
        out.flush()

    name, folder = arguments
    dataset = hub_dataset(name)
    assert dataset is not None
    try:
        from engine.datasets.hub import download

        paths = download(dataset, Path(folder), say)
    except BurnishError as error:
        traceback.print_exc()
        say(StateChanged(RunState.FAILED, error.sentence))
        return 1
    except Exception as error:  # noqa: BLE001 - the seam of this process: whatever happened becomes its one sentence
        traceback.print_exc()
        say(StateChanged(RunState.FAILED, f"The dataset {name} could not be fetched: {type(error).__name__}: {error}."))
        return 1
    say(StateChanged(RunState.FINISHED, json.dumps([str(path) for path in paths])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
