"""One run in several processes: who this process is, and what all of them agree on (worker side).

With one process everything here is as if there were nothing to agree on. Torch is imported when processes meet, not
before: a worker says what is wrong with its job without it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from data.errors import BurnishError
from engine.training.stopping import StopRequest

if TYPE_CHECKING:
    from torch.distributed import TCPStore  # pyright: ignore[reportPrivateImportUsage]

T = TypeVar("T")

RANK, WORLD_SIZE, LOCAL_RANK = "RANK", "WORLD_SIZE", "LOCAL_RANK"
ADDRESS, PORT = "MASTER_ADDR", "MASTER_PORT"
"""What `engine.training.processes` tells each process, in the variables that torch and accelerate read too."""

_PRESENT, _FAILURE = "burnish/present", "burnish/failure"
"""Keys of the store: how many processes have come, and the sentence of the first that failed."""
_MEETING = timedelta(minutes=10)
"""How long processes wait for each other to be there: the second machine is started by hand."""
_PATIENCE = timedelta(hours=2)
"""How long a process waits for the others at an agreement: one of them may be saving meanwhile."""
_LAST_WORD = timedelta(minutes=1)
"""How long the first process waits to hear why another has gone."""
_GRACE_SECONDS = 15.0
"""How long a process has to fail by itself after another has failed."""
_left = threading.Event()


def rank() -> int:
    """The number of this process, from 0, over all machines."""
    return int(os.environ.get(RANK, "0"))


def local_rank() -> int:
    """The number of this process on its machine, which is that of its GPU."""
    return int(os.environ.get(LOCAL_RANK, "0"))


def world_size() -> int:
    """How many processes train together."""
    return int(os.environ.get(WORLD_SIZE, "1"))


def is_main() -> bool:
    """Whether this process is the one that reports and writes."""
    return rank() == 0


def join(on_failure: Callable[[str], None]) -> None:
    """Meet the other processes. Raises BurnishError when they do not all come.

    From then on this process ends when another one says that it has failed, or the first one is gone: `on_failure` gets
    the sentence, on a thread of its own, where this process does not fail by itself (it may wait for a GPU that waits
    for another).
    """
    if world_size() == 1:
        return
    import torch
    from torch import distributed

    gpu = torch.device("cuda", local_rank()) if torch.cuda.is_available() else None
    try:
        store = connect()
        _await_all(store)
        if gpu is not None:
            torch.cuda.set_device(gpu)
        distributed.init_process_group(
            # What processes agree on here they agree on without their GPUs.
            "gloo" if gpu is None else "cpu:gloo,cuda:nccl",
            store=store,
            rank=rank(),
            world_size=world_size(),
            timeout=_PATIENCE,
            device_id=gpu,
        )
    except (distributed.DistError, RuntimeError) as error:
        raise _not_met(_first_line(error)) from error
    threading.Thread(target=_end_with_others, args=(on_failure,), name="failure elsewhere", daemon=True).start()


def leave() -> None:
    """Part from the other processes, once all of them are done."""
    if world_size() > 1:
        from torch import distributed

        barrier()
        _left.set()
        distributed.destroy_process_group()


def connect(*, hold: bool | None = None) -> TCPStore:
    """The key-value store that the first process holds for all. Raises DistError or RuntimeError."""
    from torch.distributed import TCPStore  # pyright: ignore[reportPrivateImportUsage]

    return TCPStore(
        os.environ[ADDRESS],
        int(os.environ[PORT]),
        world_size(),
        is_master=is_main() if hold is None else hold,
        timeout=_MEETING,
        wait_for_workers=False,
    )


def barrier() -> None:
    """Wait until every process has come here."""
    anyone(False)


def anyone(flag: bool) -> bool:
    """Whether any process says so. All of them come here, and all of them get the same answer."""
    return summed([int(flag)])[0] > 0


def summed(counts: Sequence[int]) -> list[int]:
    """Each count, added up over all processes."""
    if world_size() == 1:
        return list(counts)
    import torch
    from torch import distributed

    total = torch.tensor(counts, dtype=torch.int64)
    distributed.all_reduce(total)
    return total.tolist()


def gathered(mine: T) -> list[T]:
    """What each process has brought, in their order."""
    if world_size() == 1:
        return [mine]
    from torch import distributed

    everything: list[Any] = [None] * world_size()
    distributed.all_gather_object(everything, mine)
    return everything


def from_main(make: Callable[[], T]) -> T:
    """What the first process makes of this, for all of them; the others do not call it. Raises what it raises."""
    if world_size() == 1:
        return make()
    from torch import distributed

    held: list[Any] = [make() if is_main() else None]
    distributed.broadcast_object_list(held, src=0)
    return held[0]


def local_first(make: Callable[[], T]) -> T:
    """What each process makes of this, the first one of every machine before the others, which find it done."""
    if local_rank() == 0:
        made = make()
        barrier()
        return made
    barrier()
    return make()


class AgreedStop(StopRequest):
    """A request to stop that every process sees at the same step: made when any of them has been asked.

    Whoever asks asks together: `made` is a meeting of all processes.
    """

    def made(self) -> bool:
        """Whether the request has been made to any process."""
        return anyone(super().made())


def tell_failure(sentence: str) -> None:
    """Say to the first process why this one ends; the first such word is the one that counts."""
    try:
        connect(hold=False).compare_set(_FAILURE, "", f"Process {rank()}: {sentence}")
    except Exception as error:  # noqa: BLE001 - there may be nobody left to tell
        sys.stderr.write(f"{_first_line(error)}\n")


def failure_elsewhere(error: Exception) -> str:
    """Why the process at the other end of a broken connection has ended; empty where that is not what broke.

    It may take a while: one that was killed says nothing itself.
    """
    from torch.distributed import DistError

    if not isinstance(error, DistError) and "gloo" not in str(error):
        return ""
    try:
        store = connect(hold=False)
        store.wait([_FAILURE], _LAST_WORD)
        return store.get(_FAILURE).decode()
    except Exception:  # noqa: BLE001 - nobody knows
        return ""


def _await_all(store: TCPStore) -> None:
    """Wait until every process is there. Raises BurnishError when one fails before, or none comes any more."""
    deadline = time.monotonic() + _MEETING.total_seconds()
    there = store.add(_PRESENT, 1)
    while there < world_size():
        if store.check([_FAILURE]):
            raise _not_met(store.get(_FAILURE).decode())
        if time.monotonic() > deadline:
            raise _not_met(f"only {there} came within {_MEETING.seconds // 60} minutes.")
        time.sleep(0.05)
        there = store.add(_PRESENT, 0)


def _end_with_others(on_failure: Callable[[str], None]) -> None:
    try:
        store = connect(hold=False)
        # Looked at now and then: a thread that is inside the store when Python ends takes the process down.
        while not store.check([_FAILURE]):
            if _left.wait(1.0):
                return
        sentence = store.get(_FAILURE).decode()
    except Exception:  # noqa: BLE001 - the store goes with the first process
        sentence = "The first process of this run has gone."
    if not _left.wait(_GRACE_SECONDS):
        on_failure(sentence)
        os._exit(1)


def _not_met(why: str) -> BurnishError:
    where = f"{os.environ[ADDRESS]}:{os.environ[PORT]}"
    return BurnishError(
        f"The {world_size()} processes of this run did not meet at {where}: {why}", title="Processes did not meet"
    )


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
