"""Names that mean the same."""

from __future__ import annotations

from data.facts.vocabulary import lines

ALIASES: dict[str, str] = {}
"""Lower-case form to the canonical one; a person's own synonyms are added here."""
for _line in lines("aliases.txt"):
    _forms = _line.split("|")
    for _form in _forms:
        ALIASES[_form] = _forms[0]
_STARTS: dict[str, int] = {}
"""First word of a form to the most words that a form with it has."""
for _form in ALIASES:
    _words = _form.split(" ")
    _STARTS[_words[0]] = max(_STARTS.get(_words[0], 0), len(_words))


_BUILT_IN = dict(ALIASES)
_BUILT_IN_STARTS = dict(_STARTS)


def restore() -> None:
    """Forget a person's own names."""
    ALIASES.clear()
    ALIASES.update(_BUILT_IN)
    _STARTS.clear()
    _STARTS.update(_BUILT_IN_STARTS)


def join(forms: list[str]) -> None:
    """Make lower-case forms, and all that meant the same as one of them, mean one thing."""
    name = ALIASES.get(forms[0], forms[0])
    joined = {ALIASES.get(form, form) for form in forms}
    for form in (*forms, *(known for known, thing in ALIASES.items() if thing in joined)):
        ALIASES[form] = name
        words = form.split(" ")
        _STARTS[words[0]] = max(_STARTS.get(words[0], 0), len(words))


def things(words: list[str]) -> frozenset[str]:
    """The canonical names of all things that a sequence of lower-case words mentions."""
    found = set()
    for i, word in enumerate(words):
        for n in range(_STARTS.get(word, 0), 0, -1):
            if name := ALIASES.get(" ".join(words[i : i + n]) if n > 1 else word):
                found.add(name)
                break
    return frozenset(found)


def canonical(form: str) -> str:
    """The canonical form of a lower-case name; the name itself when it has no other."""
    form = form.removeprefix("the ")
    return ALIASES.get(form, form)
