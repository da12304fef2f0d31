"""The sign, the word and the colour of each state a run can be in, the same everywhere."""

from __future__ import annotations

from engine.jobs.events import CheckpointSaved, RunState
from engine.reports import RunSnapshot
from engine.training.runs import MODEL

_WORDS: dict[RunState, tuple[str, str, str]] = {
    RunState.QUEUED: ("·", "waiting", "dim"),
    RunState.STARTING: ("▶", "starting", "accent"),
    RunState.RUNNING: ("▶", "running", "accent"),
    RunState.STOPPING: ("■", "saving and stopping", "differs"),
    RunState.PAUSED: ("‖", "paused", "differs"),
    RunState.MEASURING: ("▶", "measuring", "accent"),
    RunState.FINISHED: ("✓", "finished", "agrees"),
    RunState.STOPPED: ("■", "stopped", "differs"),
    RunState.FAILED: ("✗", "failed", "disagrees"),
    RunState.LOST: ("?", "lost", "disagrees"),
}


def sign(state: RunState) -> str:
    """One character."""
    return _WORDS[state][0]


def word(state: RunState) -> str:
    """The state in words."""
    return _WORDS[state][1]


def colour(state: RunState) -> str:
    """Name of the theme's colour for it."""
    return _WORDS[state][2]


def can_be_served(run: RunSnapshot) -> bool:
    """Whether the run has left a model that a server can load."""
    return any(checkpoint.final and checkpoint.path == MODEL for checkpoint in run.checkpoints)


def best_held_out(run: RunSnapshot) -> tuple[int, float] | None:
    """Step and value of the lowest held-out loss so far."""
    finite = [(each.loss, each.step) for each in run.evaluations if each.loss == each.loss]
    return (min(finite)[1], min(finite)[0]) if finite else None


def best_checkpoint(run: RunSnapshot) -> CheckpointSaved | None:
    """The checkpoint with the lowest held-out loss so far."""
    return next((each for each in reversed(run.checkpoints) if each.best), None)
