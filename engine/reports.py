"""What the engine tells a screen: small immutable reports, newest state first in mind.

Reports of one `key` replace each other: a screen that was slow or away needs only the last one. Everything that must
not be lost is on disk (the event logs of the runs), never in a report alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from engine.chat.question import Question
from engine.hardware.gpu import GpuLoad
from engine.jobs.events import CheckpointSaved, Evaluation, Progress, Resumed, RunState, Sample, Warned
from engine.training.job import TrainingJob

if TYPE_CHECKING:
    from data.facts import Comparison
    from data.facts.confidence import Token
    from engine.evaluation.batch import Batch
    from engine.evaluation.results import EvaluatedRow
    from engine.evaluation.summary import ArmTally, Summary


@dataclass(frozen=True, slots=True)
class RunSnapshot:
    """A run as it stands: what its files say up to now."""

    run_id: str
    folder: Path
    job: TrainingJob | None
    """None when the job file cannot be read."""
    state: RunState
    reason: str = ""
    """One sentence: why it ended, or what it is doing before its first step."""
    started: float | None = None
    """Seconds since the epoch of the first event."""
    ended: float | None = None
    trained_seconds: float = 0.0
    """Seconds that it was at work up to its newest event: neither the queue counts, nor the time between an end and a
    resumption."""
    spoken: float | None = None
    """Seconds since the epoch of the newest event; a run at work has worked on since then."""
    launcher: str = ""
    """What keeps its process alive: "systemd" or "detached"; "" while it has none."""
    progress: Sequence[Progress] = ()
    """Every step so far, oldest first, each once: of steps that a resumed run did again only the later ones."""
    evaluations: tuple[Evaluation, ...] = ()
    samples: tuple[Sample, ...] = ()
    checkpoints: tuple[CheckpointSaved, ...] = ()
    resumptions: tuple[Resumed, ...] = ()
    """Where the run went on after it had ended early, oldest first."""
    resumes_at: int | None = None
    """The step that the run would go on from now, 0 when it would start over; None when it runs or has finished."""
    warnings: tuple[Warned, ...] = ()
    log_tail: tuple[str, ...] = ()
    """The last lines of log.txt, free of control characters."""
    note: str = ""
    """What a person wrote about it."""
    tags: tuple[str, ...] = ()

    @property
    def last(self) -> Progress | None:
        """The newest step, if any was done."""
        return self.progress[-1] if self.progress else None

    @property
    def key(self) -> str:
        """Reports about the same run replace each other."""
        return f"run {self.run_id}"


@dataclass(frozen=True, slots=True)
class RunsListed:
    """The runs of the workspace, newest first (without their progress)."""

    runs: tuple[RunSnapshot, ...]
    key: str = "runs"


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """One server as it stands."""

    name: str
    """"base" or "tuned"."""
    state: str
    """"starting", "ready", "failed", "gone" or "stopped"."""
    detail: str
    """What it is doing, or the reason why it failed, in one sentence."""
    model: str
    """What it serves, as a person calls it (a model's name or a run id)."""
    engine: str
    """"vllm" or "transformers"."""
    port: int | None
    log: Path | None
    server: str = ""
    """The server's own name, by which it is stopped: "shared" where one answers for both sides."""


@dataclass(frozen=True, slots=True)
class ServersChanged:
    """All servers of the workspace."""

    servers: tuple[ServerStatus, ...]
    key: str = "servers"


@dataclass(frozen=True, slots=True)
class TaskAdvanced:
    """A longer piece of work goes on (setting up serving, converting a model, starting servers)."""

    name: str
    """What is done, for a heading: "setting up vLLM"."""
    text: str
    """What it is doing right now."""
    fraction: float | None = None
    done: bool = False

    @property
    def key(self) -> str:
        """Reports about the same task replace each other."""
        return f"task {self.name}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One side of a comparison, as far as it has come."""

    arm: str
    """The arm's name."""
    text: str = ""
    done: bool = False
    error: str | None = None
    """One sentence when it could not be finished; the text so far is kept."""
    completion_tokens: int = 0
    prompt_tokens: int | None = None
    first_token_seconds: float | None = None
    tokens_per_second: float | None = None
    finish_reason: str | None = None
    verdict: str | None = None
    """"right", "wrong" or "unclear" by the dataset's answer, once it is done; None where there is none."""
    tokens: tuple[Token, ...] = ()
    """Those of the text with their probabilities, where they were asked for and the server tells."""


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """One sample of every arm."""

    answers: tuple[Answer, ...]
    """In the order of the arms."""
    comparisons: tuple[Comparison | None, ...]
    """Of each further arm (`b`) with the first (`a`), None until both have text. A single arm that has a reference is
    judged alone: one comparison without a `b`."""

    def comparison(self, arm: int) -> Comparison | None:
        """The first arm compared with that one; for a single arm its own."""
        place = max(0, arm - 1)
        return self.comparisons[place] if place < len(self.comparisons) else None


@dataclass(frozen=True, slots=True)
class AnswersAdvanced:
    """The answers to one question and the facts that differ; sent about ten times a second while they stream."""

    question: Question
    samples: tuple[AnswerSet, ...]
    """One at least; as many as the question's sampling asks for."""
    prompt_warning: str | None = None
    """A sentence when the arms did not get the same prompt."""
    prompt_checked: bool = False
    """Whether the token ids of the prompt were compared, and are the same on all arms without examples."""
    key: str = "answers"

    @property
    def exchange(self) -> str:
        """The name of the question with its answers."""
        return self.question.exchange

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The first sample of every arm."""
        return self.samples[0].answers

    @property
    def comparisons(self) -> tuple[Comparison | None, ...]:
        """Those of the first sample."""
        return self.samples[0].comparisons

    @property
    def done(self) -> bool:
        """Whether nothing more is to come."""
        return all(answer.done for sample in self.samples for answer in sample.answers)

    def verdicts(self, arm: int) -> tuple[str, ...]:
        """What became of the samples of one arm by the dataset's answer, as far as they are done."""
        found = (sample.answers[arm].verdict for sample in self.samples)
        return tuple(verdict for verdict in found if verdict is not None)


def waiting_for(question: Question) -> AnswersAdvanced:
    """The state before anything has come."""
    answers = tuple(Answer(arm.name) for arm in question.arms)
    nothing = AnswerSet(answers, (None,) * max(1, len(answers) - 1))
    return AnswersAdvanced(question, (nothing,) * question.sampling.n)


@dataclass(frozen=True, slots=True)
class BatchAdvanced:
    """A batch as far as it has come; sent about twice a second while it asks."""

    batch: Batch
    rows: tuple[EvaluatedRow, ...]
    """All of its questions, with the answers so far."""
    answered: int
    failed: int
    """Requests that failed and are made again when the batch is gone on with."""
    running: bool
    summary: Summary
    per_second: float | None = None
    """Answers a second since it was started or gone on with."""
    sentence: str = ""
    """Why it ended before its end."""
    warning: str = ""
    """A sentence when the arms do not get the same prompt."""

    @property
    def key(self) -> str:
        """Reports about the same batch replace each other."""
        return f"evaluation {self.batch.id}"


@dataclass(frozen=True, slots=True)
class BatchListed:
    """One batch of the workspace, in short."""

    batch: Batch
    answered: int
    failed: int
    running: bool
    """Whether a screen or a command is at work on it."""
    arms: tuple[ArmTally, ...]


@dataclass(frozen=True, slots=True)
class HardwareSampled:
    """The machine's memory and processor load."""

    memory_used: int
    """Bytes in use: total less what the kernel calls available."""
    memory_total: int
    cpu_share: float
    """Busy share of all processors since the last sample, 0 to 1."""
    gpus: tuple[GpuLoad, ...] = ()

    def differs(self, other: HardwareSampled) -> bool:
        """Whether a person would call this another state: loads that only tremble about a value are the same."""
        if self.memory_total != other.memory_total or len(self.gpus) != len(other.gpus):
            return True
        return (
            abs(self.memory_used - other.memory_used) > max(self.memory_total // 200, 64 << 20)
            or abs(self.cpu_share - other.cpu_share) > 0.06
            or any(ours.differs(theirs) for ours, theirs in zip(self.gpus, other.gpus, strict=True))
        )

    key: str = "hardware"


@dataclass(frozen=True, slots=True)
class Failed:
    """Something a person asked for could not be done."""

    title: str
    sentence: str
    log: Path | None = None
    """Where the details are."""
    key: str = field(default="", init=False)
    """Never replaced by another."""


Report = (
    RunSnapshot
    | RunsListed
    | ServersChanged
    | TaskAdvanced
    | AnswersAdvanced
    | BatchAdvanced
    | HardwareSampled
    | Failed
)
