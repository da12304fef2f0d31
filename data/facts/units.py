"""Reads the unit that stands at a place of a text, compound ones included ("mg/kg", "beats per minute")."""

from __future__ import annotations

from data.facts.patterns import lazy
from data.facts.unit_table import FOLDED, PHRASE_STARTS, SYMBOLS, Unit

_ATOM = lazy(
    r"(?:[°º℃℉%‰Å]|[A-Za-zµ\u03bcΩ\u2126]+(?:/s\b|/h\b|/hr\b|/min\b)?(?:[²³]|\^?[23](?![\w]))?)(?:[CFcf](?![\w]))?"
)
_PHRASE = lazy(r"[A-Za-z]+(?:[ -](?:of )?[A-Za-z]+){1,3}")
_PER = lazy(
    r"\s?/\s?(?P<n>\d+\s?)?|\s+per\s+(?P<m>\d+\s?)?"
    r"|(?:\s+|-)(?:a|an|each|every)\s+(?=(?:second|minute|hour|day|week|month|year)\b)|\s+p\.?(?=a\.?\b)"
)
_PER_STARTS = frozenset("/pae-") | {""}
"""Characters with which "per" starts, spaces apart."""
_COUNTABLE_BELOW = ("volume", "mass", "time", "area")
"""Dimensions that may stand below with a number: "125 mg/5 mL"."""


def _atom(text: str, position: int) -> tuple[Unit, int] | None:
    m = _ATOM.match(text, position)
    if not m:
        return None
    form = m.group()
    if form.lower() in PHRASE_STARTS and (phrase := _PHRASE.match(text, position)):
        words = phrase.group().replace("-", " ").split(" ")
        for n in range(len(words), 1, -1):
            joined = "_".join(words[:n])
            unit = SYMBOLS.get(joined) or FOLDED.get(joined.lower())
            if unit:
                return unit, position + len(joined)
    unit = SYMBOLS.get(form) or FOLDED.get(form.lower())
    if unit:
        return unit, position + len(form)
    if form.isascii() and form.isalpha():
        return None
    for candidate in (form.split("/")[0], form.rstrip("²³23^")):
        if candidate != form and (unit := SYMBOLS.get(candidate) or FOLDED.get(candidate.lower())):
            return unit, position + len(candidate)
    if form[0] in "°º%‰":
        return SYMBOLS["°" if form[0] == "º" else form[0]], position + 1
    return None


def parse_unit(text: str, position: int) -> tuple[Unit, int] | None:
    """The unit that starts at a position, compound ones included ("mg/kg", "beats per minute"), and where it ends."""
    found = _atom(text, position)
    if not found:
        return None
    unit, end = found
    follows = text[end : end + 1]
    compass = unit.dimension == "angle" and follows in ("N", "S", "E", "W") and not text[end + 1 : end + 2].isalnum()
    if (follows.isalnum() and not compass) or (follows in "'’" and follows and text[end + 1 : end + 2].isalpha()):
        return None
    while text[end : end + 4].lstrip()[:1] in _PER_STARTS and (m := _PER.match(text, end)):
        below = _atom(text, m.end()) or (
            (SYMBOLS["year"], m.end() + 2) if m.group().endswith("p.") or m.group().endswith("p") else None
        )
        if not below or text[below[1] : below[1] + 1].isalnum():
            break
        if (m.group("n") or m.group("m")) and below[0].dimension not in _COUNTABLE_BELOW:
            break
        share = float(m.group("n") or m.group("m") or 1)
        dimension, factor = f"{unit.dimension}/{below[0].dimension}", unit.factor / (below[0].factor * share)
        if dimension == "information/time":
            dimension, factor = "data rate", (unit.other_factor or unit.factor) / below[0].factor
        elif dimension == "times/time":
            dimension = "recurrence"
        elif dimension == "clock cycles/time":
            dimension = "frequency"
        symbol = f"{unit.symbol}/{m.group('n') or m.group('m') or ''}{below[0].symbol}"
        unit, end = Unit(symbol, dimension, factor), below[1]
    return unit, end
