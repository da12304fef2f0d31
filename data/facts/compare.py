"""Two answers to one question: what both state, where they contradict each other, which agrees with the reference."""

from __future__ import annotations

from data.facts.align import Link, link
from data.facts.extract import Analysis, analyse, capitalised
from data.facts.judge import standings, verdict_of
from data.facts.model import Comparison, Difference, MarkedFact, Outcome, Standing, Verdict
from data.facts.points import other_points
from data.facts.questions import Asked, ask

_NOT_COVERED = Standing.NOT_COVERED

_CONFLICT, _ONLY_HERE, _SAME = Outcome.CONFLICT, Outcome.ONLY_HERE, Outcome.SAME


def compare(answer_a: str, answer_b: str, *, question: str = "", reference: str | None = None) -> Comparison:
    """Compare two answers fact by fact.

    question: sharpens what is a fact and which slot it fills; may be empty. reference: the answer known to be right;
    without it `agrees` and every `standing` are None. Texts may be cut off anywhere. Never raises on any text.
    """
    asked = ask(question)
    known = capitalised(question, answer_a, answer_b, reference or "")
    a, b = analyse(answer_a, question, known), analyse(answer_b, question, known)
    links, differing = _between(a, b, asked)
    agrees = None
    stands_a: dict[int, Standing] = {}
    stands_b: dict[int, Standing] = {}
    if reference is not None:
        r = analyse(reference, question, known)
        right = []
        for side, stands in ((a, stands_a), (b, stands_b)):
            to_reference = link(side, r, asked)
            stands.update(standings(side, to_reference))
            right.append(verdict_of(side, r, to_reference, asked)[0] is Verdict.RIGHT)
        agrees = {(True, True): "both", (True, False): "A", (False, True): "B", (False, False): "neither"}[
            (right[0], right[1])
        ]
    return Comparison(
        _marked(a, [(x.i, x.j, x) for x in links], stands_a, reference is not None),
        _marked(b, [(x.j, x.i, x) for x in links], stands_b, reference is not None),
        "different" if differing else "same",
        agrees,
        tuple(differing),
    )


def swapped(comparison: Comparison) -> Comparison:
    """The same comparison with A for B."""
    first, second = (
        tuple(each._replace(reason=_turn(each.reason)) for each in side) for side in (comparison.b, comparison.a)
    )
    agrees = {"A": "B", "B": "A"}.get(comparison.agrees or "", comparison.agrees)
    differing = tuple(Difference(each.b_text, each.a_text, _turn(each.reason)) for each in comparison.differing)
    return Comparison(first, second, comparison.label, agrees, differing)


def _between(a: Analysis, b: Analysis, asked: Asked) -> tuple[list[Link], list[Difference]]:
    """Links and differences of two answers: found in one fixed order of the texts, so that they do not depend on it."""
    if b.text < a.text:
        links, differing = _between(b, a, asked)
        turned = [Link(x.j, x.i, x.same, _turn(x.reason)) for x in links]
        return turned, [Difference(d.b_text, d.a_text, _turn(d.reason)) for d in differing]
    links = link(a, b, asked)
    differing = [Difference(a.facts[x.i].text, b.facts[x.j].text, x.reason) for x in links if not x.same]
    return links, differing + other_points(a, b, links, asked)


def _turn(reason: str) -> str:
    """ "a ≠ b" as "b ≠ a", with the words that may follow after a colon left where they are."""
    sides, colon, rest = reason.partition(": the same words")
    return " ≠ ".join(reversed(sides.split(" ≠ "))) + colon + rest


def _marked(
    side: Analysis, links: list[tuple[int, int, Link]], stands: dict[int, Standing], referenced: bool
) -> tuple[MarkedFact, ...]:
    by_fact = {i: (j, x) for i, j, x in reversed(links)}
    uncovered = _NOT_COVERED if referenced else None
    marked = []
    for i, f in enumerate(side.facts):
        standing = stands.get(i, uncovered)
        if i not in by_fact:
            marked.append(MarkedFact(f, _ONLY_HERE, standing, None, ""))
            continue
        j, x = by_fact[i]
        marked.append(MarkedFact(f, _SAME if x.same else _CONFLICT, standing, j, x.reason))
    return tuple(marked)
