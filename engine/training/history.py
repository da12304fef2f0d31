"""A run as its files tell it, kept up to date while they grow."""

from __future__ import annotations

from pathlib import Path

from data.errors import InputError
from engine.jobs.events import (
    CheckpointSaved,
    Evaluation,
    Event,
    EventReader,
    Note,
    Progress,
    RunState,
    Sample,
    StateChanged,
    Warned,
)
from engine.jobs.log_tail import tail
from engine.jobs.process import ProcessIdentity, current_boot_id, read_identity
from engine.reports import RunSnapshot
from engine.training.job import TrainingJob, read_job

LOG_LINES = 200


class RunHistory:
    """Follows one run's folder: `refresh` reads what is new, `snapshot` says how it stands.

    The state a screen shows is the last one written, except that a run whose process is gone without a last word is
    `LOST`, with the reason (the machine went down, or the process was killed).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._reader = EventReader(folder / "events.jsonl")
        self._job: TrainingJob | None = None
        self._identity: ProcessIdentity | None = None
        self._state: RunState | None = None
        self._reason = ""
        self._started: float | None = None
        self._ended: float | None = None
        self._progress: list[Progress] = []
        self._evaluations: list[Evaluation] = []
        self._samples: list[Sample] = []
        self._checkpoints: list[CheckpointSaved] = []
        self._warnings: list[Warned] = []
        self._log_size = -1
        self._log: tuple[str, ...] = ()
        self._lost = False
        self._read_job()

    @property
    def active(self) -> bool:
        """Whether the run may still change."""
        return not self._lost and (self._state is None or self._state.active or self._state is RunState.QUEUED)

    def refresh(self, *, with_log: bool = False) -> bool:
        """Read what the run has written since the last call; whether anything changed."""
        before = (self._state, self._reason, self._lost)
        # The process is looked at before its words: one that ends in between has had its last word read.
        self._identity = self._identity or read_identity(self.folder)
        gone = self._identity is not None and not self._identity.alive()
        events = self._reader.read()
        for event in events:
            self._take(event)
        self._lost = gone and (self._state is None or self._state.active)
        if self._job is None:
            self._read_job()
        changed = bool(events) or before != (self._state, self._reason, self._lost)
        return (self._refresh_log() or changed) if with_log else changed

    def snapshot(self, *, with_progress: bool = True) -> RunSnapshot:
        """The run as it stands; without its progress only the last step is told."""
        state, reason = self._standing()
        return RunSnapshot(
            run_id=self.folder.name,
            folder=self.folder,
            job=self._job,
            state=state,
            reason=reason,
            started=self._started,
            ended=self._ended,
            progress=tuple(self._progress if with_progress else self._progress[-1:]),
            evaluations=tuple(self._evaluations),
            samples=tuple(self._samples) if with_progress else (),
            checkpoints=tuple(self._checkpoints),
            warnings=tuple(self._warnings) if with_progress else (),
            log_tail=self._log if with_progress else (),
        )

    def _standing(self) -> tuple[RunState, str]:
        if self._lost:
            step = f" at step {self._progress[-1].step}" if self._progress else " before its first step"
            rebooted = self._identity is not None and self._identity.boot_id != current_boot_id()
            what = "The machine went down" if rebooted else "The training process ended without a word"
            return RunState.LOST, f"{what}{step}; the log is {self.folder / 'log.txt'}."
        if self._state is None:
            return (
                (RunState.QUEUED, "Not started yet.") if self._identity is None else (RunState.STARTING, self._reason)
            )
        return self._state, self._reason

    def _take(self, event: Event) -> None:
        if self._started is None:
            self._started = event.t
        match event:
            case StateChanged():
                self._state, self._reason = event.state, event.reason
                self._ended = None if event.state.active else event.t
            case Progress():
                self._progress.append(event)
            case Evaluation():
                self._evaluations.append(event)
            case Sample():
                self._samples.append(event)
            case CheckpointSaved():
                self._checkpoints.append(event)
            case Warned():
                self._warnings.append(event)
            case Note():
                self._reason = event.text

    def _read_job(self) -> None:
        try:
            self._job = read_job(self.folder / "job.toml")
        except InputError:
            self._job = None

    def _refresh_log(self) -> bool:
        path = self.folder / "log.txt"
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return False
        if size == self._log_size:
            return False
        self._log_size = size
        self._log = tail(path, LOG_LINES)
        return True


def run_folders(workspace: Path) -> list[Path]:
    """The folders of a workspace's runs, newest first (by the job file, which is written once)."""
    found: list[tuple[float, Path]] = []
    for job in (workspace / "runs").glob("*/job.toml"):
        try:
            found.append((job.stat().st_mtime, job.parent))
        except FileNotFoundError:
            continue
    return [folder for _, folder in sorted(found, reverse=True)]
