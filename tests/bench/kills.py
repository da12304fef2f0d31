"""`python -m tests.bench.kills [TIMES]`: a run that is killed again and again ends with the weights of one that is not.

The trainer is the real one in a process of its own, ended with SIGKILL: every second time while it writes a
checkpoint, else at a random moment of its life. To kill twenty in a minute the processes are forked from one that has
loaded the libraries and computed nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.jobs.events import Evaluation, Progress, Resumed, RunState, StateChanged
from engine.training.checkpoints import FOLDER, PARTIAL, whole
from engine.training.runs import create_run
from tests.engine.training.jobs import NEVER, of_kind, tiny_job
from tests.tiny import write_rows, write_tiny_model

STEPS_A_KILL = 12
"""How long the run is made, in steps of 6 rows; each is followed by a checkpoint, which takes half of its time."""
LATEST = 9
"""Steps that an attempt does at most before it is killed."""
PATIENCE = 120.0
"""Seconds that one attempt may take on a machine that does other things too."""


def main(times: int, seed: int) -> int:
    """Kill a run so many times; prints what happened as JSON, and gives 1 when the weights differ."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        _in_a_child(lambda: write_tiny_model(workspace / "model"))
        write_rows(workspace / "data.jsonl", [(f"How fast is number {each}?", f"{each} MHz.") for each in range(24)])
        # 18 rows are trained on, the others decide which checkpoint becomes the model.
        training = {"epochs": STEPS_A_KILL * times / 3, "batch_size": 6}
        job = tiny_job(
            workspace / "model",
            dataset={"held_out_fraction": 0.25},
            method={"dropout": 0.1},
            training=training,
            evaluation={"every_steps": 4, "row_losses": "off"},
            samples={"every_steps": NEVER},
            checkpoints={"every_steps": 1, "best": "use"},
        )
        straight, killed = create_run(workspace, job), create_run(workspace, job)
        _wait(_start(straight))
        result = _kill_often(killed, times, random.Random(seed), _life(straight))
        expected, ended = (of_kind(run, StateChanged)[-1] for run in (straight, killed))
        same = (straight / "model" / "model.safetensors").read_bytes() == (
            killed / "model" / "model.safetensors"
        ).read_bytes()
        agree = _losses_agree(straight, killed) and expected.reason == ended.reason
        result |= {"seed": seed, "ended": f"{ended.state}: {ended.reason}", "same_weights": same, "agree": agree}
        print(json.dumps(result))
        return 0 if same and agree and ended.state is RunState.FINISHED else 1


def _kill_often(run: Path, times: int, draw: random.Random, life: float) -> dict[str, Any]:
    """Start and kill, then start once more and let it end; tells what the kills left."""
    kills = inside = torn = 0
    for number in range(times):
        if number % 2:
            due = _after(run, draw.uniform(0.02, 1) * life)
        else:
            due = _in_a_save(run, draw.randint(2, LATEST), draw.uniform(0, 0.01))
        kills += _kill_when(_start(run), due)
        inside += bool(_names(run / FOLDER / PARTIAL))
        torn += sum(not whole(path) for path in (run / FOLDER).glob("checkpoint-*"))
    _wait(_start(run))
    resumed = [event.step for event in of_kind(run, Resumed)]
    return {"kills": kills, "inside_a_save": inside, "torn_among_the_checkpoints": torn, "resumed_at": resumed}


def _life(run: Path) -> float:
    """Seconds that a process lives until it has done as many steps as an attempt may."""
    began = of_kind(run, StateChanged)[0].t
    return of_kind(run, Progress)[LATEST - 1].t - began


Due = Callable[[int], bool]
"""Whether it is time to kill the process with this pid."""


def _after(run: Path, seconds: float) -> Due:
    """True after so long, or after the steps of an attempt: the run whose life was measured may have been slower."""
    moment = time.monotonic() + seconds
    seen: set[str] = set()

    def due(_child: int) -> bool:
        seen.update(_names(run / FOLDER / PARTIAL))
        return time.monotonic() >= moment or len(seen) >= LATEST

    return due


def _in_a_save(run: Path, saves: int, pause: float) -> Due:
    """True a moment after the last of so many checkpoints was begun, the process held in the middle of it."""
    seen: set[str] = set()

    def due(child: int) -> bool:
        writing = _names(run / FOLDER / PARTIAL)
        seen.update(writing)
        if len(seen) < saves or not writing:
            return False
        time.sleep(pause)
        # Held before it is looked at again: whoever looks may have waited for a processor while the save went on.
        os.kill(child, signal.SIGSTOP)
        os.waitid(os.P_PID, child, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        if _names(run / FOLDER / PARTIAL):
            return True
        os.kill(child, signal.SIGCONT)
        return False

    return due


def _losses_agree(straight: Path, killed: Path) -> bool:
    """Whether every loss that was ever measured, also in vain, is that of the run that was not killed."""
    return all(
        {event.step: event.loss for event in of_kind(straight, kind)}[event.step] == event.loss
        for kind in (Progress, Evaluation)
        for event in of_kind(killed, kind)
    )


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - looked at thousands of times
    except FileNotFoundError:
        return []


def _start(run: Path) -> int:
    """The trainer of a run in a forked process; gives its pid."""
    from engine.training.worker import main as work

    def train() -> None:
        with (run / "log.txt").open("ab") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        os._exit(work([str(run)]))

    return _fork(train)


def _in_a_child(work: Callable[[], None]) -> None:
    _wait(_fork(work))


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    finally:
        os._exit(1)


def _wait(child: int) -> None:
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit(f"a process ended with the status {status}")


def _kill_when(child: int, due: Due) -> bool:
    """Kill when it is time; False when the process had ended by itself."""
    deadline = time.monotonic() + PATIENCE
    while not due(child):
        ended, _ = os.waitpid(child, os.WNOHANG)
        if ended:
            return False
        if time.monotonic() > deadline:
            break
        time.sleep(0.0005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def load_libraries() -> None:
    """Import what the trainer needs, so that a forked one begins at once."""
    import peft.tuners.lora  # noqa: F401
    import transformers.models.llama.modeling_llama  # noqa: F401

    import engine.training.session  # noqa: F401


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("times", nargs="?", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    arguments = parser.parse_args()
    # One thread: more only wait for each other on a model this small, and a fork has only one.
    os.environ["OMP_NUM_THREADS"] = "1"
    load_libraries()
    sys.exit(main(arguments.times, arguments.seed))
