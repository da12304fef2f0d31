"""Starting and ending runs."""

from __future__ import annotations

from pathlib import Path

from data.errors import InputError
from engine.jobs.detached import launch
from engine.jobs.process import end_group, read_identity
from engine.training.check import check_job
from engine.training.job import TrainingJob
from engine.training.runs import create_run, request_stop, training_spec


class RunControl:
    """What a person can do to the runs of a workspace. All methods block for file and process work."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace

    def start(self, job: TrainingJob) -> str:
        """Check a job, create its run's folder and start the worker; gives the run's id. Raises InputError."""
        check_job(job, self._workspace)
        folder = create_run(self._workspace, job)
        launch(training_spec(folder))
        return folder.name

    def stop(self, run_id: str) -> None:
        """Ask a run to finish its step, save a checkpoint and end."""
        request_stop(self._folder(run_id))

    def kill(self, run_id: str) -> None:
        """End every process of a run now."""
        identity = read_identity(self._folder(run_id))
        if identity is not None:
            end_group(identity, grace_seconds=0)

    def _folder(self, run_id: str) -> Path:
        folder = self._workspace / "runs" / run_id
        if Path(run_id).name != run_id or not (folder / "job.toml").is_file():
            raise InputError(f"There is no run {run_id} in {self._workspace}; `burnish runs` lists them.")
        return folder
