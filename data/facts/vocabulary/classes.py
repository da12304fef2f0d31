"""Closed classes: words of which one excludes the others (an organ, a colour, a route of administration, a licence)."""

from __future__ import annotations

from data.facts.vocabulary import lines

CLASS_OF: dict[str, tuple[str, str]] = {}
"""Lower-case form to its class and member; the name of a class of proper names has a capital."""
CASED: set[str] = set()
"""Forms that are ordinary words unless written in capitals (CAN, PO)."""
for _line in lines("classes.txt"):
    _name, _, _members = _line.partition(": ")
    if _members[0].isupper():
        _name = _name.capitalize()
    for _member in _members.split(", "):
        CASED |= {_form.lower() for _form in _member.split("=") if _form.isupper() and len(_form) > 1}
        _forms = _member.lower().split("=")
        for _form in _forms:
            CLASS_OF.setdefault(_form, (_name, _forms[0]))
STARTS: dict[str, tuple[tuple[int, str], ...]] = {}
"""First word of a form to the words of each form, most first, and its second word or ""."""
for _form in CLASS_OF:
    _first, _, _rest = _form.partition(" ")
    _length = _form.count(" ") + 1, _rest.partition(" ")[0]
    STARTS[_first] = tuple(sorted({*STARTS.get(_first, ()), _length}, reverse=True))
STARTS |= {_first + "s": _lengths for _first, _lengths in STARTS.items() if _first + "s" not in STARTS}
NUMBERED = {
    _word: STARTS[_word]
    for _form in CLASS_OF
    if any(c.isdigit() for c in _form)
    for _word in (_form.split(" ")[0], _form.split(" ")[0] + "s")
}
"""The part of `STARTS` that leads to forms with a digit."""
