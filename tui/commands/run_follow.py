"""Following a run from the command line; leaving off leaves the run going."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from engine.jobs.events import EVENTS_FILE, EventReader, Progress, RunState, encode
from engine.reports import RunSnapshot
from engine.training.history import RunHistory
from engine.training.reporter import described
from tui.commands.parser import print_json
from tui.literal import literal

_LOOK_EVERY = 0.2
_SAY_EVERY = 2.0


def follow(folder: Path) -> RunSnapshot:
    """Print a run's steps to stderr as they come, a line every few seconds, until it ends."""
    history = RunHistory(folder)
    said_at, said = 0.0, ""
    while True:
        history.refresh()
        snapshot = history.snapshot(with_progress=False)
        line = _line(snapshot)
        ended = not history.active
        if line != said and (ended or time.monotonic() - said_at >= _SAY_EVERY):
            said_at, said = time.monotonic(), line
            print(f"{folder.name}: {line}", file=sys.stderr, flush=True)
        if ended:
            return snapshot
        time.sleep(_LOOK_EVERY)  # this process has nothing else to wait on: the log is a file


def stream(folder: Path, *, as_json: bool) -> RunSnapshot:
    """Print what a run says to stdout as it says it, until it ends; gives how it ended.

    For machines everything since its start, one JSON object a line, and one of the kind "end" at last. For a person
    how it stands, and then what is new.
    """
    history, reader = RunHistory(folder), EventReader(folder / EVENTS_FILE)
    while history.refresh():
        continue
    if not as_json:
        while reader.read():
            continue
        print(f"{folder.name}: {_line(history.snapshot(with_progress=False))}", flush=True)
    while True:
        # Looked at before its words: what a run says last is still read.
        history.refresh()
        ended = not history.active
        while events := reader.read():
            for event in events:
                if as_json:
                    print_json(json.loads(encode(event)))
                elif not isinstance(event, Progress):
                    print(literal(described(event), one_line=True))
                else:
                    print(described(event))
            sys.stdout.flush()
        if ended:
            break
        time.sleep(_LOOK_EVERY)  # this process has nothing else to wait on: the log is a file
    run = history.snapshot()
    if as_json:
        print_json({"t": run.spoken, "kind": "end", "run": run.run_id, "state": run.state, "reason": run.reason})
    elif run.state is RunState.LOST:
        print(f"{run.state}: {run.reason}")
    return run


def exit_code(run: RunSnapshot) -> int:
    """0 for a run that did what it was asked to."""
    return 0 if run.state in (RunState.FINISHED, RunState.STOPPED) else 1


def _line(run: RunSnapshot) -> str:
    last = run.last
    if last is None or not run.state.active or run.state is RunState.MEASURING:
        return literal(f"{run.state} {run.reason}".rstrip(), one_line=True)
    held_out = f"  held-out {run.evaluations[-1].loss:.3f}" if run.evaluations else ""
    left = f"  {last.eta_seconds:.0f} s left" if last.eta_seconds is not None else ""
    speed = f"{last.tokens_per_second:.0f} tokens/s"
    return f"step {last.step}/{last.total_steps}  loss {last.loss:.3f}{held_out}  {speed}{left}"
