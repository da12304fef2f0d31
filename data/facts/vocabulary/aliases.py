"""Names that mean the same."""

from __future__ import annotations

from data.facts.vocabulary import lines

ALIASES: dict[str, str] = {}
"""Lower-case form to the canonical one; a person's own synonyms are added here."""
for _line in lines("aliases.txt"):
    _forms = _line.split("|")
    for _form in _forms:
        ALIASES[_form] = _forms[0]


def canonical(form: str) -> str:
    """The canonical form of a lower-case name; the name itself when it has no other."""
    form = form.removeprefix("the ")
    return ALIASES.get(form, form)
