"""The votes of a workspace: `.burnish/votes.jsonl`, one JSON object a line, only ever added to.

Each has `t` (seconds since the epoch), `choice`, `blind`, the conversation and both answers with who gave them, so that
nothing else is needed to count them or to make preference pairs of them. A line that cannot be read is passed over.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from data.formats.conversation import Turn
from data.line_append import append_line
from data.preferences import CHOICES, Candidate, Choice, TwoAnswers
from data.tally import Tally, tallied

VOTES_FILE = Path(".burnish") / "votes.jsonl"
_SWAPPED: dict[Choice, Choice] = {"A": "B", "B": "A"}


@dataclass(frozen=True, slots=True)
class Vote:
    """What a person said of two answers."""

    answers: TwoAnswers
    choice: Choice
    blind: bool
    """Whether the person could not see which side was which."""
    t: float = field(default_factory=time.time)


def cast(workspace: Path, vote: Vote) -> None:
    """Put a vote on the disk. Raises BurnishError when it cannot be written; the earlier ones are untouched."""
    append_line(workspace / VOTES_FILE, json.dumps(_record(vote), separators=(",", ":")).encode())


def read_votes(workspace: Path) -> list[Vote]:
    """All votes, oldest first; [] where there are none. Raises OSError when the file is there and cannot be read."""
    try:
        lines = (workspace / VOTES_FILE).read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return [vote for vote in map(_parsed, lines) if vote is not None]


def standing(votes: Iterable[Vote]) -> list[Vote]:
    """The last vote on each two answers, in the order of those: who votes again has changed their mind."""
    last: dict[str, Vote] = {}
    for vote in votes:
        last.pop(vote.answers.key, None)
        last[vote.answers.key] = vote
    return list(last.values())


def tally_between(votes: Iterable[Vote], a: Candidate, b: Candidate, *, blind: bool) -> Tally:
    """How often each of these two was preferred, by the last vote on each two answers, blind or open ones."""
    choices: list[Choice] = []
    for vote in standing(votes):
        sides = (vote.answers.a.who, vote.answers.b.who)
        if vote.blind is blind and sides == (a.who, b.who):
            choices.append(vote.choice)
        elif vote.blind is blind and sides == (b.who, a.who):
            choices.append(_SWAPPED.get(vote.choice, vote.choice))
    return tallied(choices)


def _record(vote: Vote) -> dict[str, Any]:
    answers = vote.answers
    return {
        "t": vote.t,
        "choice": vote.choice,
        "blind": vote.blind,
        "turns": [{"role": turn.role, "content": turn.text} for turn in answers.turns],
        "system": answers.system,
        "reference": answers.reference,
        "a": asdict(answers.a),
        "b": asdict(answers.b),
    }


def _parsed(line: bytes) -> Vote | None:
    try:
        values = json.loads(line)
        turns = tuple(Turn(turn["role"], str(turn["content"])) for turn in values["turns"])
        a, b = (Candidate(*(str(values[side][name]) for name in ("arm", "model", "text"))) for side in ("a", "b"))
        if values["choice"] not in CHOICES or not turns:
            return None
        answers = TwoAnswers(turns, a, b, _text(values["system"]), _text(values["reference"]))
        return Vote(answers, values["choice"], bool(values["blind"]), float(values["t"]))
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
