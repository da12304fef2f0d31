"""Comparisons as plain JSON objects, for scripts and files."""

from __future__ import annotations

from data.facts.model import Comparison, Fact, MarkedFact

Json = dict[str, object]


def fact_record(fact: Fact) -> Json:
    """A fact as {"start", "end", "text", "kind", "value", "unit"}; the value is as stated, in that unit."""
    value = list(fact.value) if isinstance(fact.value, tuple) else fact.value
    return {
        "start": fact.start,
        "end": fact.end,
        "text": fact.text,
        "kind": fact.kind.value,
        "value": value,
        "unit": fact.unit,
    }


def comparison_record(comparison: Comparison, name: str) -> Json:
    """A comparison as {"id", "label", "agrees", "facts_a", "facts_b", "differing"}; facts with their outcomes."""
    return {
        "id": name,
        "label": comparison.label,
        "agrees": comparison.agrees,
        "facts_a": [_marked(m) for m in comparison.a],
        "facts_b": [_marked(m) for m in comparison.b],
        "differing": [{"a": d.a_text, "b": d.b_text, "reason": d.reason} for d in comparison.differing],
    }


def _marked(mark: MarkedFact) -> Json:
    record = fact_record(mark.fact)
    record["outcome"] = mark.outcome.value if mark.outcome else None
    record["standing"] = mark.standing.value if mark.standing else None
    return record
