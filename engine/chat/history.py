"""Every question with its answers, kept in `.burnish/chats/`: a file a month, one JSON object a line, only added to.

A question is written when it is asked and again when its answers are done, so that a crash takes at most the answers;
the last line of an exchange counts. No line holds a key: an arm names the variable of its key only.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.line_append import append_line
from engine.chat.arms import parse_arm
from engine.chat.comparing import Comparing
from engine.chat.question import Question, Turn
from engine.chat.sampling import Sampling
from engine.reports import Answer, AnswersAdvanced

CHATS = Path(".burnish") / "chats"
MOST_LISTED = 5000
"""Exchanges that are listed, the newest: what a person looks through."""
_KEPT = tuple(each.name for each in fields(Answer) if each.name not in ("done", "tokens"))


@dataclass(frozen=True, slots=True)
class PastExchange:
    """A question of the history with its answers."""

    t: float
    """Seconds since the epoch of its last line."""
    question: Question
    samples: tuple[tuple[Answer, ...], ...]

    @property
    def text(self) -> str:
        """All its words, for a search."""
        said = [answer.text for answers in self.samples for answer in answers]
        return "\n".join([self.question.prompt, self.question.reference or "", *said])

    def opened(self) -> tuple[AnswersAdvanced, ...]:
        """The conversation up to it, compared anew, so that its facts are marked as on the day."""
        turns: list[AnswersAdvanced] = []
        for place, turn in enumerate(self.question.earlier):
            earlier = Question(
                turn.prompt,
                arms=self.question.arms,
                system=self.question.system,
                earlier=self.question.earlier[:place],
                exchange=f"{self.question.exchange}-{place}",
            )
            pairs = zip(earlier.arms, turn.answers, strict=True)
            turns.append(_compared(earlier, (tuple(Answer(arm.name, text, done=True) for arm, text in pairs),)))
        return (*turns, _compared(self.question, self.samples))


def keep(workspace: Path, report: AnswersAdvanced) -> None:
    """Write a question as far as it is answered. Raises BurnishError; what was written before stays."""
    now = time.time()
    question = report.question
    record = {
        "t": round(now, 3),
        "exchange": question.exchange,
        "prompt": question.prompt,
        "reference": question.reference,
        "reference_row": question.reference_row,
        "arms": [arm.text for arm in question.arms],
        "sampling": asdict(question.sampling),
        "system": question.system,
        "earlier": [{"prompt": turn.prompt, "answers": turn.answers} for turn in question.earlier],
        "samples": [[_answer_record(answer) for answer in sample.answers] for sample in report.samples],
    }
    # Only ASCII: a lone surrogate of a broken stream would not be UTF-8.
    append_line(workspace / CHATS / f"{time.strftime('%Y-%m', time.gmtime(now))}.jsonl", json.dumps(record).encode())


def past_exchanges(workspace: Path) -> list[PastExchange]:
    """The exchanges of a workspace, newest first; lines that are torn or not understood are passed over."""
    found: dict[str, PastExchange] = {}
    files = sorted((workspace / CHATS).glob("*.jsonl"), reverse=True)
    for file in files:
        for past in _read(file):
            before = found.get(past.question.exchange)
            if before is None or before.t <= past.t:
                found.pop(past.question.exchange, None)
                found[past.question.exchange] = past
        if len(found) >= MOST_LISTED:
            break
    oldest_first = sorted(found.values(), key=lambda past: past.t)
    return oldest_first[::-1][:MOST_LISTED]


def matching(exchanges: Iterable[PastExchange], words: str) -> list[PastExchange]:
    """Those that have all the words, in the question, the dataset's answer or an answer."""
    wanted = words.casefold().split()
    return [past for past in exchanges if all(word in past.text.casefold() for word in wanted)]


def _compared(question: Question, samples: tuple[tuple[Answer, ...], ...]) -> AnswersAdvanced:
    return AnswersAdvanced(question, Comparing(question).sets(samples))


def _answer_record(answer: Answer) -> dict[str, Any]:
    values = {name: getattr(answer, name) for name in _KEPT}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _read(file: Path) -> Iterator[PastExchange]:
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError:
        return
    for line in lines:
        try:
            yield _parsed(json.loads(line))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError, InputError):
            continue


def _parsed(values: dict[str, Any]) -> PastExchange:
    arms = tuple(parse_arm(text) for text in values["arms"])
    earlier = tuple(Turn(str(turn["prompt"]), tuple(map(str, turn["answers"]))) for turn in values["earlier"])
    samples = tuple(tuple(replace(Answer(**answer), done=True) for answer in sample) for sample in values["samples"])
    if not samples or any(len(each) != len(arms) for each in (*samples, *(turn.answers for turn in earlier))):
        raise ValueError(values["exchange"])
    question = Question(
        prompt=str(values["prompt"]),
        reference=values["reference"],
        reference_row=values["reference_row"],
        arms=arms,
        sampling=Sampling(**values["sampling"]),
        system=str(values["system"]),
        earlier=earlier,
        exchange=str(values["exchange"]),
    )
    return PastExchange(float(values["t"]), question, samples)
