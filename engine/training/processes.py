"""The processes of a run on this machine: `python -m engine.training.processes RUN_FOLDER [MACHINE]`.

They are started in one session with this process, and stay there: whoever looks whether a run lives, or kills it,
goes by its session. (torchrun starts each in a session of its own, and kills what is still saving 30 seconds after it
was asked to stop.)
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from engine.training.job import ParallelSection, read_job
from engine.training.parallel import ADDRESS, LOCAL_RANK, PORT, RANK, WORLD_SIZE, tell_failure
from engine.training.queueing import stopped_in_queue, wait_for_turn
from engine.training.reporter import Reporter
from engine.training.runs import JOB_FILE
from engine.training.stopping import StopRequest

_GRACE_SECONDS = 30.0
"""How long the others have to end by themselves after one has failed: longer than the first needs to say why."""


def environments(parallel: ParallelSection, machine: int, processors: int) -> list[dict[str, str]]:
    """What each process on this machine is told (torch's `env://` names)."""
    if parallel.machines > 1:
        host, _, port = parallel.address.rpartition(":")
    else:
        host, port = "127.0.0.1", str(_free_port())
    return [
        {
            RANK: str(machine * parallel.processes + local),
            LOCAL_RANK: str(local),
            WORLD_SIZE: str(parallel.world_size),
            "LOCAL_WORLD_SIZE": str(parallel.processes),
            ADDRESS: host.strip("[]"),
            PORT: port,
            # Each would take all processors otherwise.
            "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", str(max(1, processors // parallel.processes))),
        }
        for local in range(parallel.processes)
    ]


def run_all(run_folder: Path, machine: int) -> bool:
    """Start the processes of this machine and wait for them; gives whether all of them ended well."""
    parallel = read_job(run_folder / JOB_FILE).parallel
    told = environments(parallel, machine, len(os.sched_getaffinity(0)))
    command = (sys.executable, "-m", "engine.training.worker", str(run_folder))
    children = [subprocess.Popen(command, env=os.environ | each) for each in told]

    def pass_on(number: int, _frame: FrameType | None) -> None:
        for child in children:
            child.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
    left = {os.pidfd_open(child.pid): (child, each) for child, each in zip(children, told, strict=True)}
    deadline: float | None = None
    while left:
        wait = None if deadline is None else max(0.0, deadline - time.monotonic())
        ended, _, _ = select.select(list(left), [], [], wait)
        if not ended:
            for child, _ in left.values():
                child.kill()
            deadline = None
        for descriptor in ended:
            child, environment = left.pop(descriptor)
            os.close(descriptor)
            if child.wait() == 0 or not left or deadline is not None:
                continue
            if child.returncode < 0 and environment[RANK] != "0":
                # It could not say anything itself.
                os.environ |= environment
                tell_failure(f"it was ended by {signal.Signals(-child.returncode).name}.")
            deadline = time.monotonic() + _GRACE_SECONDS
    return all(child.returncode == 0 for child in children)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main(arguments: list[str]) -> int:
    """Run the processes of the machine whose number is given (the first one by default), once it is the run's turn."""
    run_folder, machine = Path(arguments[0]).absolute(), int(arguments[1]) if len(arguments) > 1 else 0
    stop = StopRequest(run_folder)
    stop.listen()
    if machine == 0:
        report = Reporter(run_folder)
        if not wait_for_turn(run_folder, report, stop.made):
            report.last_word(stopped_in_queue())
            return 0
    return 0 if run_all(run_folder, machine) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
