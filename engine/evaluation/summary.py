"""What a batch shows: how often each arm is right, what changed against the first arm, and whether that is chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from data.significance import Paired, wilson
from engine.evaluation.batch import Batch
from engine.evaluation.results import EvaluatedRow


@dataclass(frozen=True, slots=True)
class ArmTally:
    """The verdicts on one arm."""

    arm: str
    right: int = 0
    wrong: int = 0
    unclear: int = 0
    failed: int = 0
    """Requests that failed."""

    @property
    def judged(self) -> int:
        """Answers to questions with a reference."""
        return self.right + self.wrong + self.unclear

    @property
    def accuracy(self) -> float | None:
        """Share of the judged answers that are right; an unclear one is not."""
        return self.right / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the accuracy."""
        return wilson(self.right, self.judged)


@dataclass(frozen=True, slots=True)
class PairTally:
    """One arm against the first, over the questions that both have answered."""

    first: str
    arm: str
    changes: Paired
    compared: int = 0
    different: int = 0
    """Answers that state other facts than those of the first arm."""

    @property
    def sentence(self) -> str:
        """What may be concluded."""
        return self.changes.sentence(self.first, self.arm)


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a batch."""

    arms: tuple[ArmTally, ...] = ()
    pairs: tuple[PairTally, ...] = ()
    """Each further arm against the first."""


def summarise(batch: Batch, rows: Iterable[EvaluatedRow]) -> Summary:
    """Count the verdicts and the changes of the rows answered so far."""
    names = [arm.name for arm in batch.arms]
    counts: list[Counter[str]] = [Counter() for _ in names]
    for row in rows:
        for place, answer in enumerate(row.answers):
            if answer is None:
                continue
            counts[place]["failed" if answer.error else answer.verdict] += 1
            compared = row.compared[place]
            counts[place]["compared"] += compared is not None
            counts[place]["different"] += compared is not None and compared.different
            counts[place]["lost"] += row.lost(place)
            counts[place]["gained"] += row.gained(place)
    return Summary(
        tuple(
            ArmTally(name, found["right"], found["wrong"], found["unclear"], found["failed"])
            for name, found in zip(names, counts, strict=True)
        ),
        tuple(
            PairTally(names[0], name, Paired(found["lost"], found["gained"]), found["compared"], found["different"])
            for name, found in zip(names[1:], counts[1:], strict=True)
        ),
    )


def tally_json(tally: ArmTally) -> dict[str, Any]:
    """The verdicts on one arm as JSON."""
    return {
        "arm": tally.arm,
        "right": tally.right,
        "wrong": tally.wrong,
        "unclear": tally.unclear,
        "failed": tally.failed,
        "accuracy": None if tally.accuracy is None else round(tally.accuracy, 4),
        "interval": [round(end, 4) for end in tally.interval] if tally.judged else None,
    }


def summary_json(summary: Summary) -> dict[str, Any]:
    """The figures as JSON."""
    return {
        "arms": [tally_json(each) for each in summary.arms],
        "pairs": [
            {
                "first": each.first,
                "arm": each.arm,
                "compared": each.compared,
                "different": each.different,
                "lost": each.changes.lost,
                "gained": each.changes.gained,
                "p": round(each.changes.p, 6),
                "significant": each.changes.significant,
                "sentence": each.sentence,
            }
            for each in summary.pairs
        ],
    }
