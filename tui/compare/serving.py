"""What the pane knows of servers and runs, and the sentences that say what to press."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from engine.jobs.events import RunState
from engine.reports import Report, RunsListed, RunSnapshot, ServersChanged, ServerStatus, TaskAdvanced

ARMS = ("base", "tuned")
"""The two sides, left to right."""

_SERVABLE = (RunState.FINISHED, RunState.STOPPED)
_UP = ("starting", "ready")


@dataclass(frozen=True, slots=True)
class Serving:
    """The servers, the runs and the long tasks as last reported."""

    servers: tuple[ServerStatus, ...] = ()
    runs: tuple[tuple[str, RunState], ...] = ()
    """Ids and states, newest first."""
    tasks: tuple[TaskAdvanced, ...] = ()
    """Those that go on, the newest report last."""

    def after(self, report: Report) -> Serving:
        """The state once a report was read."""
        match report:
            case ServersChanged():
                return replace(self, servers=report.servers)
            case RunsListed():
                return replace(self, runs=tuple((run.run_id, run.state) for run in report.runs))
            case RunSnapshot():
                known = tuple((name, report.state if name == report.run_id else state) for name, state in self.runs)
                return replace(self, runs=known)
            case TaskAdvanced():
                others = tuple(task for task in self.tasks if task.name != report.name)
                return replace(self, tasks=others if report.done else (*others, report))
            case _:
                return self

    def server(self, name: str) -> ServerStatus | None:
        """The server of one side, as far as one is known."""
        return next((server for server in self.servers if server.name == name), None)

    @property
    def logged(self) -> tuple[ServerStatus, ...]:
        """The servers whose logs can be read, each once, those that failed first."""
        logs = [server.log for server in self.servers]
        once = [server for place, server in enumerate(self.servers) if server.log and server.log not in logs[:place]]
        return tuple(sorted(once, key=lambda server: server.state not in ("failed", "gone")))

    @property
    def ready(self) -> bool:
        """Whether both sides can answer."""
        return all((server := self.server(name)) is not None and server.state == "ready" for name in ARMS)

    @property
    def up(self) -> bool:
        """Whether there is a server, or the start of one, to stop."""
        return bool(self.tasks) or any(server.state in _UP for server in self.servers)

    @property
    def servable(self) -> str | None:
        """The newest finished run, unless it is being served or servers are just starting."""
        if self.tasks or any(server.state == "starting" for server in self.servers):
            return None
        newest = next((name for name, state in self.runs if state in _SERVABLE), None)
        tuned = self.server("tuned")
        served = self.ready and tuned is not None and tuned.model == newest
        return None if served else newest

    def advice(self) -> str:
        """What to press so that both sides can answer, as the newest run would; empty when there is nothing to do."""
        if self.tasks or any(server.state == "starting" for server in self.servers):
            return ""
        if self.ready:
            return f"Run {self.servable} is newer than what is served: R serves it." if self.servable else ""
        if self.servable is not None:
            if any(server.state in ("failed", "gone") for server in self.servers):
                return f"Press R to start the servers of {self.servable} again."
            return f"Press R to serve {self.servable} and its base model."
        return "No finished run to serve yet: train a model first, then press R here."


def explain(server: ServerStatus | None, workspace: Path) -> tuple[str, str]:
    """What one side says while it has no answer to show, and its style."""
    if server is None or server.state in ("ready", "stopped"):
        return "", ""
    if server.state == "starting":
        return server.detail, "$text-muted"
    log = "" if server.log is None else f"\nLog: {_inside(server.log, workspace)} (L shows it)"
    return f"✗ {server.detail or 'It ended without a word.'}{log}", "$disagrees"


def _inside(path: Path, workspace: Path) -> Path:
    return path.relative_to(workspace) if path.is_relative_to(workspace) else path
