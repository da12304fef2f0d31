"""An engine that notes what it is asked for and does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from data.errors import InputError
from engine.engine import Engine
from engine.training.job import TrainingJob


class RecordingEngine(Engine):
    """Every command is noted in `asked`; a new run is called "new-001", or refused with `refusal`."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []
        self.refusal = ""

    def start_run(self, job: TrainingJob, *, queued: bool = False) -> Future[str]:
        """Note the job."""
        self.asked.append(("queue" if queued else "start", job))
        future: Future[str] = Future()
        if self.refusal:
            future.set_exception(InputError(self.refusal))
        else:
            future.set_result("new-001")
        return future

    def stop_run(self, run_id: str) -> Future[None]:
        """Note the run."""
        return self._note("stop", run_id)

    def kill_run(self, run_id: str) -> Future[None]:
        """Note the run."""
        return self._note("kill", run_id)

    def resume_run(self, run_id: str, changes: Sequence[str] = (), *, queued: bool = False) -> Future[int]:
        """Note the run."""
        self.asked.append(("resume", run_id))
        future: Future[int] = Future()
        future.set_result(0)
        return future

    def measure_run(self, run_id: str) -> Future[int]:
        """Note the run; each takes 280 MiB."""
        self.asked.append(("measure", run_id))
        future: Future[int] = Future()
        future.set_result(280 << 20)
        return future

    def delete_run(self, run_id: str) -> Future[int]:
        """Note the run."""
        self.asked.append(("delete", run_id))
        future: Future[int] = Future()
        future.set_result(280 << 20)
        return future

    def watch_run(self, run_id: str) -> None:
        """Note the run."""
        self.asked.append(("watch", run_id))

    def _note(self, what: str, run_id: str) -> Future[None]:
        self.asked.append((what, run_id))
        future: Future[None] = Future()
        future.set_result(None)
        return future
