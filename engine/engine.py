"""The engine: one background thread that does the work a screen must not wait for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from engine.reports import Report
from engine.training.job import TrainingJob


class Engine:
    """Placeholder signature (being written): the commands that a screen may give. All are thread-safe, return at once."""

    def __init__(self, workspace: Path, subscriber: Callable[[Report], None]) -> None: ...

    def start(self) -> None: ...
    def close(self) -> None: ...

    # training
    def start_run(self, job: TrainingJob) -> Future[str]: ...
    def stop_run(self, run_id: str) -> Future[None]:
        """Ask a run to save and stop."""
        ...

    def kill_run(self, run_id: str) -> Future[None]: ...
    def watch_run(self, run_id: str) -> None:
        """Report this run in full (RunSnapshot with progress) from now on; active runs are always reported."""
        ...

    # serving
    def serve(self, run_id: str) -> Future[None]:
        """Serve the run's base model and its tuned model (sets serving up first where needed)."""
        ...

    def stop_servers(self) -> Future[None]: ...

    # comparing
    def ask(self, prompt: str, *, reference: str | None = None, reference_row: int | None = None) -> Future[None]: ...
    def stop_answers(self) -> None: ...
