"""Starting and ending runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import BurnishError, InputError
from engine.jobs.detached import launch
from engine.jobs.events import EventWriter, Note, RunState, StateChanged
from engine.jobs.process import end_group, read_identity
from engine.models.resolve import resolve
from engine.training.check import check_job
from engine.training.job import TrainingJob
from engine.training.plan import Plan
from engine.training.runs import create_run, request_stop, training_spec


class RunControl:
    """What a person can do to the runs of a workspace. All methods block for file and process work."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace

    def prepare(self, job: TrainingJob, report: Callable[[Note], None]) -> None:
        """Fetch and convert the job's model where that is still to do; the worker would do it too, but with a run made.

        Raises InputError.
        """
        with _before_the_start():
            resolve(job.model, report=report, workspace=self._workspace)

    def check(self, job: TrainingJob) -> Plan:
        """What a run of this job would do. Raises InputError."""
        with _before_the_start():
            return check_job(job, self._workspace)

    def start(self, job: TrainingJob) -> str:
        """Check a job, create its run's folder and start the worker; gives the run's id. Raises InputError."""
        self.check(job)
        folder = create_run(self._workspace, job)
        launch(training_spec(folder))
        return folder.name

    def stop(self, run_id: str) -> None:
        """Ask a run to finish its step, save a checkpoint and end."""
        request_stop(self.folder(run_id))

    def kill(self, run_id: str) -> None:
        """End every process of a run now; one that had ended already keeps its last word."""
        folder = self.folder(run_id)
        identity = read_identity(folder)
        if identity is None or not identity.group_alive():
            return
        end_group(identity, grace_seconds=0)
        # The process can say nothing any more, so its last word is written for it.
        events = EventWriter(folder / "events.jsonl")
        events.write(StateChanged(RunState.STOPPED, "Killed by you; the checkpoints saved before stay."))
        events.close()

    def folder(self, run_id: str) -> Path:
        """A run's folder. Raises InputError when the workspace has no such run."""
        folder = self._workspace / "runs" / run_id
        if Path(run_id).name != run_id or not (folder / "job.toml").is_file():
            raise InputError(f"There is no run {run_id} in {self._workspace}; `burnish runs` lists them.")
        return folder


@contextmanager
def _before_the_start() -> Iterator[None]:
    """Turn whatever stands in the way (a full disk, no network) into what it is here: a job that cannot be used."""
    try:
        yield
    except BurnishError as error:
        raise InputError(error.sentence, title=error.title) from error
