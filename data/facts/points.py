"""Differences that no single pair of facts shows: a refusal, an opposite, a missing list member."""

from __future__ import annotations

from data.facts.align import Link
from data.facts.extract import Analysis
from data.facts.model import Difference
from data.facts.questions import Asked


def other_points(a: Analysis, b: Analysis, links: list[Link], asked: Asked) -> list[Difference]:
    """The differences between two answers beyond their aligned facts."""
    found: list[Difference] = []
    if a.refusal != b.refusal and not any(x.same for x in links):
        silent, other = (a, b) if a.refusal else (b, a)
        if other.text.strip():
            reason = "one answers, the other does not"
            found.append(
                Difference(None, b.text.strip(), reason) if silent is a else Difference(a.text.strip(), None, reason)
            )
    if not found and not any(not x.same for x in links):
        found.extend(_opposites(a, b))
    return found


def _opposites(a: Analysis, b: Analysis) -> list[Difference]:
    for s in a.stances:
        for t in b.stances:
            if s.predicate == t.predicate and s.sign != t.sign and (s.about & t.about):
                left, right = a.text[s.start : s.end], b.text[t.start : t.end]
                return [Difference(left, right, f"{left} ≠ {right}")]
    return []
