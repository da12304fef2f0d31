"""How right comparisons are, from labelled pairs and the objects that `burnish facts --batch FILE --json` prints.

Run it over the output of the command with `python -m tests.data.facts.scoring PAIRS.jsonl OUTPUT.jsonl`.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

NUMERIC = {"quantity", "range", "count", "version", "date", "hex", "money"}
MEASURED = ("quantity", "range", "money")
Pair = dict[str, Any]
Shares = dict[str, float]


def read(path: Path) -> list[Pair]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def sort_of(pair: Pair) -> str:
    """ "numeric", "name", "polarity" or "other", by the facts that decide it."""
    facts = pair["facts_a"] + pair["facts_b"]
    kinds = {f["kind"] for f in facts if f["differs"]} or {f["kind"] for f in facts}
    if kinds & NUMERIC:
        return "numeric"
    return "polarity" if "polarity" in kinds else "name" if "name" in kinds else "other"


class Score:
    """Counts of one group of pairs."""

    def __init__(self) -> None:
        self.pairs = self.decided = self.agreeing = self.same = self.alarms = 0

    def add(self, pair: Pair, record: Pair) -> None:
        """Count what came of a pair."""
        self.pairs += 1
        self.decided += record["label"] == pair["label"]
        self.agreeing += record["agrees"] == pair["agrees"]
        if pair["label"] == "same":
            self.same += 1
            self.alarms += record["label"] == "different"

    def shares(self) -> Shares:
        """Decision accuracy, accuracy of which side agrees, and false alarms among the pairs that are the same."""
        return {
            "pairs": self.pairs,
            "decision": self.decided / self.pairs,
            "agrees": self.agreeing / self.pairs,
            "false alarm": self.alarms / self.same if self.same else 0.0,
        }


def decisions(pairs: Iterable[Pair], records: Iterable[Pair]) -> dict[str, Shares]:
    """Shares of all pairs, by sort of fact, and by field."""
    groups: defaultdict[str, Score] = defaultdict(Score)
    for pair, record in zip(pairs, records, strict=True):
        assert pair["id"] == record["id"]
        for group in ("all", sort_of(pair), pair["domain"]):
            groups[group].add(pair, record)
    return {name: score.shares() for name, score in sorted(groups.items())}


def spans(pairs: Iterable[Pair], records: Iterable[Pair]) -> Shares:
    """Measured spans, the share found, and the share with value and unit right of those that are labelled with them.

    Found is a span of which half is covered. Right is a value within 0.1 % in the labelled unit, spelled alike.
    """
    total = found = valued = right = 0
    for pair, record in zip(pairs, records, strict=True):
        for side in ("facts_a", "facts_b"):
            for gold in pair[side]:
                if gold["kind"] not in MEASURED:
                    continue
                hit = _covering(gold, record[side])
                total += 1
                found += hit is not None
                if "value" in gold:
                    valued += 1
                    right += hit is not None and _alike(hit["value"], gold["value"]) and hit["unit"] == gold["unit"]
    return {
        "spans": total,
        "found": found / total if total else 1.0,
        "valued": valued,
        "value and unit": right / valued if valued else 1.0,
    }


def _covering(gold: Pair, facts: list[Pair]) -> Pair | None:
    """The fact that covers most of a labelled span; None when less than half is covered."""

    def cover(fact: Pair) -> int:
        return min(fact["end"], gold["end"]) - max(fact["start"], gold["start"])

    best = max(facts, key=cover, default=None)
    return best if best and cover(best) * 2 >= gold["end"] - gold["start"] else None


def _alike(value: Any, gold: Any) -> bool:
    if isinstance(gold, list):
        return isinstance(value, list) and len(value) == len(gold) and all(map(_alike, value, gold))
    return isinstance(value, int | float) and math.isclose(value, gold, rel_tol=1e-3, abs_tol=1e-9)


def main() -> None:
    """Print the shares as JSON."""
    pairs, records = read(Path(sys.argv[1])), read(Path(sys.argv[2]))
    print(json.dumps({"decisions": decisions(pairs, records), "spans": spans(pairs, records)}, indent=1))


if __name__ == "__main__":
    main()
