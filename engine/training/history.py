"""A run as its files tell it, kept up to date while they grow."""

from __future__ import annotations

from pathlib import Path

from data.errors import InputError
from engine.jobs.detached import LOG_FILE
from engine.jobs.events import (
    EVENTS_FILE,
    CheckpointSaved,
    Evaluation,
    Event,
    EventReader,
    Note,
    Progress,
    Resumed,
    RunState,
    Sample,
    StateChanged,
    Warned,
)
from engine.jobs.log_tail import tail
from engine.jobs.process import ProcessIdentity, current_boot_id, read_identity
from engine.reports import RunSnapshot
from engine.training.checkpoints import latest_checkpoint, step_of
from engine.training.job import TrainingJob, read_job
from engine.training.notes import NOTES_FILE, RunNotes, read_notes
from engine.training.runs import JOB_FILE
from engine.training.steps import StepColumns
from engine.training.stopping import stop_asked

LOG_LINES = 200
CUT_SHORT = "the tuned model is saved; measuring the rows was cut short."
"""Why a run ended whose process went after its model was saved."""


class RunHistory:
    """Follows one run's folder: `refresh` reads what is new, `snapshot` says how it stands.

    The state a screen shows is the last one written, except that a run whose process is gone without a last word is
    `LOST`, with the reason (the machine went down, or the process was killed). One that was only measuring its rows
    is `FINISHED`.

    A run that was resumed has one curve: what was said of steps after the checkpoint it went on from is dropped, for
    it does those steps again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._reader = EventReader(folder / EVENTS_FILE)
        self._job: TrainingJob | None = None
        self._identity: ProcessIdentity | None = None
        self._state: RunState | None = None
        self._reason = ""
        self._started: float | None = None
        self._ended: float | None = None
        self._state_since: float | None = None
        self._worked = 0.0
        self._spoken: float | None = None
        self._steps = StepColumns()
        self._evaluations: list[Evaluation] = []
        self._samples: list[Sample] = []
        self._checkpoints: list[CheckpointSaved] = []
        self._warnings: list[Warned] = []
        self._resumptions: list[Resumed] = []
        self._resumes_at: int | None = None
        self._size = -1
        self._log_size = -1
        self._log: tuple[str, ...] = ()
        self._lost = False
        self._asked = False
        self._notes = RunNotes()
        self._notes_written: int | None = None
        self.short = False
        """Whether the steps were forgotten."""
        self._read_job()

    @property
    def active(self) -> bool:
        """Whether the run may still change."""
        return self.behind or (not self._lost and (self._state is None or self._state.alive))

    def grown(self) -> bool:
        """Whether the run has written since it was last read (one that had ended was resumed), or a person about it."""
        return self._events_size() != self._size or self._notes_time() != self._notes_written

    @property
    def behind(self) -> bool:
        """Whether the last `refresh` left something unread for the next."""
        return self._reader.more

    def shorten(self) -> None:
        """Forget all steps but the last, and what only a screen in full shows; a new history reads them again."""
        self.short = True
        self._steps = StepColumns(self._steps.seen()[-1:])
        self._samples, self._log = [], ()

    def refresh(self, *, with_log: bool = False, limit: int = 8 << 20) -> bool:
        """Read what the run has written since the last call, at most `limit` bytes of it; whether anything changed."""
        before = (self._state, self._reason, self._lost, self._asked)
        # The process is looked at before its words: one that ends in between has had its last word read.
        gone = self._process_gone()
        self._size = self._events_size()
        events = self._reader.read(limit)
        for event in events:
            self._take(event)
        self._lost = gone and (self._state is None or self._state.alive)
        if self._job is None:
            self._read_job()
        self._asked = self._state in (RunState.STARTING, RunState.RUNNING) and stop_asked(self.folder)
        changed = bool(events) or before != (self._state, self._reason, self._lost, self._asked)
        changed = self._refresh_notes() or changed
        if changed:
            self._resumes_at = self._find_resumption()
        return (self._refresh_log() or changed) if with_log else changed

    def snapshot(self, *, with_progress: bool = True) -> RunSnapshot:
        """The run as it stands; without its progress only the last step is told."""
        state, reason = self._standing()
        steps = self._steps.seen()
        return RunSnapshot(
            run_id=self.folder.name,
            folder=self.folder,
            job=self._job,
            state=state,
            reason=reason,
            started=self._started,
            ended=self._state_since if self._cut_short else self._ended,
            trained_seconds=self._worked,
            spoken=self._spoken,
            launcher=self._identity.launcher if self._identity else "",
            progress=steps if with_progress else tuple(steps[-1:]),
            evaluations=tuple(self._evaluations),
            samples=tuple(self._samples) if with_progress else (),
            checkpoints=tuple(self._checkpoints),
            resumptions=tuple(self._resumptions),
            resumes_at=self._resumes_at,
            warnings=tuple(self._warnings) if with_progress else (),
            log_tail=self._log if with_progress else (),
            note=self._notes.text,
            tags=self._notes.tags,
        )

    def _standing(self) -> tuple[RunState, str]:
        if self.behind:
            return RunState.STARTING, "Reading what it has written."
        if self._cut_short:
            return RunState.FINISHED, CUT_SHORT
        if self._lost:
            rebooted = self._identity is not None and self._identity.boot_id != current_boot_id()
            what = "The machine went down" if rebooted else "The training process was killed"
            steps = self._steps.seen()
            when = f"at step {steps[-1].step}" if steps else "before the first step"
            rest = f"it can be resumed from step {self._resumes_at}" if self._resumes_at else "it can start over"
            return RunState.LOST, f"{what} {when}; {rest}."
        if self._state is None:
            return (
                (RunState.QUEUED, "Not started yet.") if self._identity is None else (RunState.STARTING, self._reason)
            )
        if self._asked:
            return RunState.STOPPING, "Asked to stop: it ends its step, saves, and stops."
        return self._state, self._reason

    @property
    def _cut_short(self) -> bool:
        """Whether the process went while it measured what the run does not depend on."""
        return self._lost and self._state is RunState.MEASURING

    def _take(self, event: Event) -> None:
        if self._started is None:
            self._started = event.t
        self._count_time(event)
        match event:
            case StateChanged():
                self._state, self._reason = event.state, event.reason
                self._ended = None if event.state.alive else event.t
                self._state_since = event.t
            case Progress():
                self._steps.append(event)
            case Evaluation():
                self._evaluations.append(event)
            case Sample():
                self._samples.append(event)
            case CheckpointSaved():
                self._checkpoints.append(event)
            case Resumed():
                self._go_back(event)
            case Warned():
                # A resumed run says again what it said when it was first started.
                if event.text not in (each.text for each in self._warnings):
                    self._warnings.append(event)
            case Note():
                self._reason = event.text

    def _count_time(self, event: Event) -> None:
        """Count the time since the last event where a process was at work on it.

        With `STARTING` or `QUEUED` a process begins; if the one before was killed, nobody knows when.
        """
        begins = isinstance(event, StateChanged) and event.state in (RunState.STARTING, RunState.QUEUED)
        if self._state is not None and self._state.active and self._spoken is not None and not begins:
            self._worked += max(0.0, event.t - self._spoken)
        self._spoken = event.t

    def _go_back(self, resumed: Resumed) -> None:
        """Drop what was said of steps that are done again; at step 0 nothing stays."""
        step = resumed.step
        # Read again: a run may be resumed with another learning rate.
        self._job = None

        def stays(event: Progress | Evaluation | Sample | CheckpointSaved | Resumed) -> bool:
            return 0 < step >= event.step

        self._steps = StepColumns(each for each in self._steps.seen() if stays(each))
        self._evaluations = [each for each in self._evaluations if stays(each)]
        self._samples = [each for each in self._samples if stays(each)]
        self._checkpoints = [each for each in self._checkpoints if stays(each)]
        self._resumptions = [*(each for each in self._resumptions if stays(each)), resumed]

    def _process_gone(self) -> bool:
        """Whether there was a process and it has ended; a run that is resumed gets another one."""
        if self._identity is None or not self._identity.alive():
            self._identity = read_identity(self.folder) or self._identity
        return self._identity is not None and not self._identity.alive()

    def _find_resumption(self) -> int | None:
        """The step of the newest whole checkpoint, once the run has ended before its end."""
        if self._cut_short or not (self._lost or self._state in (RunState.STOPPED, RunState.FAILED, RunState.PAUSED)):
            return None
        checkpoint = latest_checkpoint(self.folder)
        return step_of(checkpoint) if checkpoint else 0

    def _events_size(self) -> int:
        try:
            return (self.folder / EVENTS_FILE).stat().st_size
        except FileNotFoundError:
            return -1

    def _notes_time(self) -> int | None:
        try:
            return (self.folder / NOTES_FILE).stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def _refresh_notes(self) -> bool:
        written = self._notes_time()
        if written == self._notes_written:
            return False
        self._notes_written, self._notes = written, read_notes(self.folder)
        return True

    def _read_job(self) -> None:
        try:
            self._job = read_job(self.folder / JOB_FILE)
        except InputError:
            self._job = None

    def _refresh_log(self) -> bool:
        path = self.folder / LOG_FILE
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return False
        if size == self._log_size:
            return False
        self._log_size = size
        self._log = tail(path, LOG_LINES)
        return True
