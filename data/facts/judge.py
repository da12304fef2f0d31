"""One answer against the reference: right, wrong, or nothing checkable said."""

from __future__ import annotations

import re

from data.facts.align import Link, link
from data.facts.content import overlap, same_things
from data.facts.extract import Analysis, analyse, capitalised
from data.facts.model import Judgement, Kind, MarkedFact, Standing, Verdict
from data.facts.points import NUMERIC, other_points
from data.facts.questions import Asked, ask
from data.facts.slots import wanted

_OTHERWISE_NAMED = (Kind.NAME, Kind.TERM, Kind.POLARITY)
"""Kinds of facts that other words can state as well: a thing has several names, a yes can be told as what holds."""
_ENOUGH = 0.5
"""Share of the plain words of a reference without facts that a right answer says, too."""
_WORDS = re.compile(r"\w+")


def judge(answer: str, reference: str, *, question: str = "") -> Judgement:
    """Judge an answer by a reference, which may be a bare value or whole sentences.

    RIGHT: a key fact of the reference (one that answers the question) is stated and none is contradicted. WRONG: one is
    contradicted, or none is stated while something else is claimed. UNCLEAR: nothing of the kind asked for is claimed.
    """
    asked = ask(question)
    known = capitalised(question, answer, reference)
    a, r = analyse(answer, question, known), analyse(reference, question, known)
    links = link(a, r, asked)
    verdict, reason = verdict_of(a, r, links, asked)
    stands = standings(a, links)
    by_fact = {x.i: x for x in reversed(links)}
    marked = tuple(
        MarkedFact(
            f,
            None,
            stands.get(i, Standing.NOT_COVERED),
            by_fact[i].j if i in by_fact else None,
            by_fact[i].reason if i in by_fact else "",
        )
        for i, f in enumerate(a.facts)
    )
    return Judgement(verdict, reason, marked)


def standings(side: Analysis, links: list[Link]) -> dict[int, Standing]:
    """What the links to a reference make of each fact that they touch."""
    return {x.i: Standing.AGREES if x.same else Standing.DISAGREES for x in reversed(links)} if side else {}


def verdict_of(a: Analysis, r: Analysis, links: list[Link], asked: Asked) -> tuple[Verdict, str]:
    """The verdict on an analysed answer, with its reason."""
    if not a.text.strip():
        return Verdict.UNCLEAR, "the answer is empty"
    matched = {x.j for x in links if x.same}
    for x in links:
        if not x.same:
            return Verdict.WRONG, x.reason
    if a.refusal and r.refusal:
        return Verdict.RIGHT, ""
    points = other_points(a, r, links, asked, to_reference=True)
    if points:
        silent = a.refusal or (
            points[0].a_text is None and asked.form in NUMERIC and not any(wanted(f, asked) for f in a.facts)
        )
        return (Verdict.UNCLEAR if silent else Verdict.WRONG), points[0].reason
    key = _key_facts(r, asked)
    # A value that was asked for is stated or it is not: no likeness of the words around it makes up for it.
    valued = any(r.facts[j].kind not in _OTHERWISE_NAMED for j in key)
    if not valued and not matched and _same_stance(a, r):
        return Verdict.RIGHT, ""
    if key:
        if any(j in matched for j in key):
            return Verdict.RIGHT, ""
        if not valued and same_things(a, r, asked):
            return Verdict.RIGHT, ""
        missing = r.facts[key[0]].text
        claims = [f for f in a.facts if wanted(f, asked)] or ([] if a.refusal else a.facts)
        return (Verdict.WRONG if claims else Verdict.UNCLEAR), f"{missing} is not stated"
    if same_things(a, r, asked) or overlap(a, r, asked) >= _ENOUGH:
        return Verdict.RIGHT, ""
    return Verdict.WRONG, "it says something else than the reference"


def _key_facts(r: Analysis, asked: Asked) -> list[int]:
    """Indices of the reference's facts that answer the question; what the question says itself answers nothing."""
    wanted_facts = [j for j, f in enumerate(r.facts) if wanted(f, asked)]
    stated = wanted_facts or [j for j, f in enumerate(r.facts) if not f.aside]
    asked_for = set(_WORDS.findall(asked.text.lower()))
    return [j for j in stated if not set(_WORDS.findall(r.facts[j].text.lower())) <= asked_for] or stated


def _same_stance(a: Analysis, r: Analysis) -> bool:
    return any(s.predicate == t.predicate and s.sign == t.sign for s in a.stances for t in r.stances)
