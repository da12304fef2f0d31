"""Factual comparison of answers: what they state, where they contradict each other, which agrees with the reference."""

from __future__ import annotations

from data.facts.compare import compare
from data.facts.extract import find_facts
from data.facts.judge import judge
from data.facts.model import Comparison, Difference, Fact, Judgement, Kind, MarkedFact, Outcome, Standing, Verdict
from data.facts.patterns import prepare
from data.facts.records import comparison_record, fact_record
from data.facts.streams import settled
from data.facts.synonyms import load_synonyms, use_synonyms

__all__ = [
    "Comparison",
    "Difference",
    "Fact",
    "Judgement",
    "Kind",
    "MarkedFact",
    "Outcome",
    "Standing",
    "Verdict",
    "compare",
    "comparison_record",
    "fact_record",
    "find_facts",
    "judge",
    "load_synonyms",
    "prepare",
    "settled",
    "use_synonyms",
]
