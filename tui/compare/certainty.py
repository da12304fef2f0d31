"""How probable a side found the facts that it states, where its server tells: a hint, never a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.reports import Answer
from tui.compare.marks import SAME, look_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.facts import MarkedFact

Chances = dict[int, float]
"""The lowest token probability inside a fact, by the offset at which the fact begins."""


def chances(answer: Answer, facts: Sequence[MarkedFact]) -> Chances:
    """Those of the facts that are marked in an answer; none without token probabilities."""
    if not answer.tokens:
        return {}
    from data.facts.confidence import Confidence

    confidence = Confidence(answer.text, answer.tokens)
    marked = (each.fact for each in facts if look_of(each) is not SAME)
    found = {fact.start: confidence.least(fact.start, fact.end) for fact in marked}
    return {start: chance for start, chance in found.items() if chance is not None}
