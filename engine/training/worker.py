"""The training process of a run: `python -m engine.training.worker RUN_FOLDER`.

Reads `job.toml` (paths in it count from the workspace, two folders up) and leaves `env.json`, `events.jsonl`,
`checkpoints/`, and in the end `model/` (and `adapter/`). Exit code 0 when it finished or was stopped, 1 when it failed
or paused. One of several processes (`engine.training.processes`) trains with the others; the first one alone reports
and writes.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from engine.jobs.events import Event, Note, RunState, StateChanged
from engine.models.resolve import resolve
from engine.training.check import check_job
from engine.training.checkpoints import clear_partial
from engine.training.failures import ending_for
from engine.training.job import read_job
from engine.training.parallel import (
    AgreedStop,
    failure_elsewhere,
    is_main,
    join,
    leave,
    local_first,
    rank,
    tell_failure,
    world_size,
)
from engine.training.queueing import stopped_in_queue, wait_for_turn
from engine.training.reporter import Reporter, Silence
from engine.training.runs import JOB_FILE
from engine.training.stopping import StopRequest

_ENVIRONMENT = {
    # Everything is on this machine now, and nobody is told about it.
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    # Threads that wait for each other sleep instead of spinning. Spinning takes the processor from the very thread
    # that is waited for as soon as anything else runs: with a second busy process, 2 threads on 2 cores trained 57
    # tokens a second of processor time spinning and 198 sleeping.
    "OMP_WAIT_POLICY": "PASSIVE",
}


def run(run_folder: Path, report: Callable[[Event], None], stop: StopRequest) -> StateChanged:
    """Train what the job file says; gives the state that the run ended in. Raises BurnishError, or anything else."""
    job = read_job(run_folder / JOB_FILE)
    workspace = run_folder.parent.parent
    check_job(job, workspace, run_folder)
    # Read by the libraries as they are loaded.
    os.environ |= _ENVIRONMENT
    join(lambda sentence: report(StateChanged(RunState.FAILED, sentence)))
    model = local_first(lambda: resolve(job.model, report=report, workspace=workspace))
    report(Note("loading the training libraries"))
    from engine.training.session import train

    ended = train(job, workspace, run_folder, model, report, stop)
    leave()
    return ended


def _ending(error: Exception, run_folder: Path) -> StateChanged:
    """The last word of a run that this error ended, in this process or in another one."""
    if not is_main():
        ended = ending_for(error, run_folder)
        tell_failure(ended.reason)
        return ended
    # Whatever was half written goes first, so that a full disk has room for the last word.
    clear_partial(run_folder)
    elsewhere = failure_elsewhere(error) if world_size() > 1 else ""
    return StateChanged(RunState.FAILED, elsewhere) if elsewhere else ending_for(error, run_folder)


def main(arguments: list[str]) -> int:
    """Run the job in the folder named on the command line."""
    run_folder = Path(arguments[0]).absolute()
    stop = AgreedStop(run_folder) if world_size() > 1 else StopRequest(run_folder)
    stop.listen()
    report = Reporter(run_folder) if is_main() else Silence()
    try:
        # Whatever started several processes has waited for all of them.
        if world_size() > 1 or wait_for_turn(run_folder, report, stop.made):
            report(StateChanged(RunState.STARTING))
            ended = run(run_folder, report, stop)
        else:
            ended = stopped_in_queue()
    except Exception as error:  # noqa: BLE001 - the seam of this process: whatever happened becomes its one sentence
        with suppress(OSError):
            sys.stderr.write(f"process {rank()} failed:\n" if world_size() > 1 else "")
            traceback.print_exc()
        ended = _ending(error, run_folder)
    report.last_word(ended)
    return 1 if ended.state in (RunState.FAILED, RunState.PAUSED) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
