"""Which of two answers is the better one, and the preference pair that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal, get_args

from data.errors import InputError
from data.formats.conversation import Conversation, Preference, Turn

Choice = Literal["A", "B", "tie", "both bad"]
"""What is said of two answers: which one is better, that they are as good as each other, or that both are bad."""
CHOICES: tuple[Choice, ...] = get_args(Choice)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the two answers."""

    arm: str
    """Which side gave it: "base", "tuned"."""
    model: str
    """What answered there: a run's id, a model's name."""
    text: str

    @property
    def who(self) -> tuple[str, str]:
        """Side and model: the tuned side of another run is somebody else."""
        return self.arm, self.model


@dataclass(frozen=True, slots=True)
class TwoAnswers:
    """Two answers to the same conversation."""

    turns: tuple[Turn, ...]
    """What was asked, with the turns before it."""
    a: Candidate
    b: Candidate
    system: str | None = None
    reference: str | None = None
    """What the dataset says."""

    @property
    def key(self) -> str:
        """Tells answers apart that are judged; the same whichever of the two is called A."""
        asked = repr((self.system, [(turn.role, turn.text) for turn in self.turns]))
        sides = sorted(repr((each.who, each.text)) for each in (self.a, self.b))
        return blake2b(repr((asked, sides)).encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()

    @property
    def swapped(self) -> TwoAnswers:
        """The same with A for B."""
        return TwoAnswers(self.turns, self.b, self.a, self.system, self.reference)


def by_reference(agrees: str | None) -> Choice | None:
    """The choice that a comparison with the reference makes, from `data.facts.Comparison.agrees`; None for none."""
    return {"A": "A", "B": "B", "both": "tie", "neither": "both bad"}.get(agrees or "")  # type: ignore[return-value]


def preferred(answers: TwoAnswers, choice: Choice) -> Conversation:
    """The conversation with the better answer chosen and the other one rejected.

    Raises InputError where no pair follows: a tie, two bad answers, an empty answer, or the same one twice.
    """
    if choice not in ("A", "B"):
        raise InputError("A preference pair needs one answer that is better than the other.", title="No pair")
    better, worse = (answers.a, answers.b) if choice == "A" else (answers.b, answers.a)
    return ranked(answers.turns, better.text, worse.text, answers.system)


def ranked(turns: Sequence[Turn], better: str, worse: str, system: str | None = None) -> Conversation:
    """A conversation with a better and a worse answer. Raises InputError for an empty answer, or the same one twice."""
    if not better.strip() or not worse.strip():
        raise InputError("A preference pair needs two answers, and one of these is empty.", title="No pair")
    if better.strip() == worse.strip():
        raise InputError("Both answers are the same, so that neither is better.", title="No pair")
    both = Preference((Turn("assistant", better),), (Turn("assistant", worse),))
    return Conversation(tuple(turns), 1, system, both)
