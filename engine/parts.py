"""What the engine works with, in one place so that it can be imported late and on the engine's own thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.chat.comparison import Comparer
from engine.evaluation.evaluator import Evaluator
from engine.reports import Report
from engine.serving.supervisor import ServerSupervisor
from engine.training.control import RunControl
from engine.training.supervisor import RunSupervisor


class Parts:
    """One of each, for one workspace; used on the engine's thread only."""

    def __init__(self, workspace: Path, report: Callable[[Report], None]) -> None:
        self.runs = RunSupervisor(workspace, report)
        self.control = RunControl(workspace)
        self.servers = ServerSupervisor(workspace, report)
        self.comparer = Comparer(workspace, report)
        self.evaluator = Evaluator(workspace, report)
