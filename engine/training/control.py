"""Starting and ending runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from data.errors import BurnishError, InputError
from engine.jobs.detached import LOG_FILE
from engine.jobs.events import EVENTS_FILE, Event, EventWriter, Note, RunState, StateChanged, Warned
from engine.jobs.launchers import choose, launch
from engine.jobs.process import end_group, read_identity
from engine.models.resolve import resolve
from engine.reports import RunSnapshot
from engine.training.changes import changed_job, write_changed
from engine.training.check import check_job
from engine.training.checkpoints import latest_checkpoint, trained_seconds
from engine.training.history import RunHistory
from engine.training.job import TrainingJob, read_job
from engine.training.plan import Plan
from engine.training.queueing import draw_ticket, tear_ticket
from engine.training.runs import (
    JOB_FILE,
    RUNS,
    alone,
    at_work,
    create_run,
    request_stop,
    run_folder,
    training_spec,
    withdraw_stop,
)


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

    def check(self, job: TrainingJob, run_folder: Path | None = None, *, queued: bool = False) -> Plan:
        """What a run of this job would do, or one that goes on in its folder. Raises InputError."""
        with _before_the_start():
            return check_job(job, self._workspace, run_folder, queued=queued)

    def start(self, job: TrainingJob, *, queued: bool = False, launcher: str | None = None) -> str:
        """Check a job, create its run's folder and start the worker; gives the run's id.

        With `queued` the worker waits until no run before it is at work. `launcher` is "systemd", "detached" or what
        `engine.jobs.launchers` chooses. Raises InputError.
        """
        choose(launcher)
        self.check(job, queued=queued)
        folder = create_run(self._workspace, job)
        with alone(folder):
            self._launch(folder, queued, launcher)
        return folder.name

    def take_part(self, job_file: Path, machine: int, *, launcher: str | None = None) -> Path:
        """Start the processes of a further machine for a run that was started on the first; gives where they log.

        `job_file` is that of the run's folder. Raises InputError.
        """
        choose(launcher)
        folder = job_file.absolute().parent
        job = read_job(job_file)
        if folder.parent.name != RUNS:
            raise InputError(f"{job_file} is not the job file of a run; give the one in {RUNS}/RUN on this machine.")
        if not 1 <= machine < job.parallel.machines:
            raise InputError(f"{folder.name} has {job.parallel.machines} machines, so {machine} is none of the others.")
        spec = training_spec(folder, machine)
        spec.folder.mkdir(exist_ok=True)
        with alone(spec.folder):
            if at_work(spec.folder):
                raise InputError(f"Machine {machine} takes part in {folder.name} already.")
            launch(spec, launcher)
        return spec.folder / LOG_FILE

    def resume(
        self, run_id: str, changes: Sequence[str] = (), *, queued: bool = False, launcher: str | None = None
    ) -> int:
        """Start a run again where its newest whole checkpoint left it; gives that step, 0 when it starts over.

        `changes` are other values for its job ("training.learning_rate=0.0001"; see `engine.training.changes`); the
        rest is as for `start`. Raises InputError for a run that is at work or has finished, and for whatever would
        keep it from starting.
        """
        choose(launcher)
        folder = self.folder(run_id)
        with alone(folder):
            run = _standing(folder)
            if run.state is RunState.FINISHED:
                raise InputError(f"{run_id} has done all its steps; start a new run to train on.")
            if at_work(folder):
                raise InputError(f"{run_id} is still at work; only a run that has ended can be resumed.")
            if run.job is None:
                raise InputError(f"The job file of {run_id} cannot be read, so it cannot be resumed.")
            job = changed_job(run.job, changes)
            _refuse_spent_time(folder, job)
            self.check(job, folder, queued=queued)
            withdraw_stop(folder)
            if changes:
                write_changed(folder / JOB_FILE, job)
                _say(folder, Warned(f"Resumed with {', '.join(changes)}."))
            self._launch(folder, queued, launcher)
            # Said here and not only by the process, so that every screen sees at once that the run is on again.
            state = RunState.QUEUED if queued else RunState.STARTING
            _say(folder, StateChanged(state, "Waiting again." if queued else "Starting again."))
        return run.resumes_at or 0

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
        run = _standing(folder)
        tear_ticket(folder)
        last_word = StateChanged(RunState.STOPPED, "Killed by you; the checkpoints saved before stay.")
        _say(folder, StateChanged(run.state, run.reason) if run.state is RunState.FINISHED else last_word)

    def _launch(self, folder: Path, queued: bool, launcher: str | None) -> None:
        if queued:
            draw_ticket(folder)
        else:
            tear_ticket(folder)
        try:
            launch(training_spec(folder), launcher)
        except BurnishError as error:
            _say(folder, StateChanged(RunState.FAILED, error.sentence))
            raise

    def folder(self, run_id: str) -> Path:
        """A run's folder. Raises InputError when the workspace has no such run."""
        return run_folder(self._workspace, run_id)


def _standing(folder: Path) -> RunSnapshot:
    history = RunHistory(folder)
    while history.refresh():
        continue
    return history.snapshot(with_progress=False)


def _refuse_spent_time(folder: Path, job: TrainingJob) -> None:
    """Refuse to go on with a run that would end at once because of its limit of hours."""
    checkpoint = latest_checkpoint(folder)
    hours = job.limits.hours
    spent = trained_seconds(checkpoint) / 3600 if checkpoint else 0.0
    if 0 < hours <= spent:
        raise InputError(
            f"{folder.name} has trained for its {hours:g} hours; give it more with --set limits.hours={2 * hours:g}."
        )


def _say(folder: Path, event: Event) -> None:
    events = EventWriter(folder / EVENTS_FILE)
    events.write(event)
    events.close()


@contextmanager
def _before_the_start() -> Iterator[None]:
    """Turn whatever stands in the way (a full disk, no network) into what it is here: a job that cannot be used."""
    try:
        yield
    except BurnishError as error:
        raise InputError(error.sentence, title=error.title) from error
