"""Comparisons as plain JSON objects, for scripts and files."""

from __future__ import annotations

import math

from data.facts.model import Comparison, Fact, Kind, MarkedFact, Value

Json = dict[str, object]


def fact_record(fact: Fact) -> Json:
    """A fact as {"start", "end", "text", "kind", "value", "unit"}.

    Offsets count characters. The value is as stated, in that unit: a number, the list [low, high] of a range or of the
    sides of dimensions, true or false, or a text; null for a number beyond what a float holds.
    """
    return {
        "start": fact.start,
        "end": fact.end,
        "text": fact.text,
        # A common word that answers ("left", "liver") is a name to whoever reads the record.
        "kind": (Kind.NAME if fact.kind is Kind.TERM else fact.kind).value,
        "value": _plain(fact.value),
        "unit": fact.unit,
    }


def _plain(value: Value) -> object:
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        return None  # JSON knows no infinity
    return int(value) if value.is_integer() and abs(value) < 1 << 53 else value


def comparison_record(comparison: Comparison, name: str | int | None) -> Json:
    """A comparison as {"id", "label", "agrees", "facts_a", "facts_b", "differing"}, as `burnish facts` prints it."""
    return {
        "id": name,
        "label": comparison.label,
        "agrees": comparison.agrees,
        "facts_a": _facts(comparison.a),
        "facts_b": _facts(comparison.b),
        "differing": [{"a": d.a_text, "b": d.b_text, "reason": d.reason} for d in comparison.differing],
    }


def _facts(marked: tuple[MarkedFact, ...]) -> list[Json]:
    return [fact_record(m.fact) for m in marked]
