"""Closed classes: words of which one excludes the others (an organ, a colour, a route of administration, a licence)."""

from __future__ import annotations

from data.facts.vocabulary import lines

CLASS_OF: dict[str, tuple[str, str]] = {}
"""Lower-case form to its class and member; the name of a class of proper names has a capital."""
for _line in lines("classes.txt"):
    _name, _, _members = _line.partition(": ")
    if _members[0].isupper():
        _name = _name.capitalize()
    for _member in _members.lower().split(", "):
        _forms = _member.split("=")
        for _form in _forms:
            CLASS_OF.setdefault(_form, (_name, _forms[0]))
LONGEST = 4
"""The most words that a form has."""
