"""All key bindings of burnish by their ids, and what is wrong with other keys that a person gave some of them."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from inspect import getmembers, isclass

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_ALIASES, Keys, format_key, key_to_character

import tui

_PACKAGE = f"{tui.__name__}."
_NAMED = {key.value for key in Keys} | set(KEY_ALIASES) | {alias for each in KEY_ALIASES.values() for alias in each}


@dataclass(frozen=True, slots=True)
class KnownBinding:
    """One binding, and the widget or screen that it works in."""

    binding: Binding
    owner: type[DOMNode]

    @property
    def id(self) -> str:
        """By which the settings file names it."""
        return self.binding.id or ""


@cache
def known_bindings() -> Mapping[str, KnownBinding]:
    """Every binding by its id. Imports all of the screen, which takes half a second: not for the start."""
    found: dict[str, KnownBinding] = {}
    for module in pkgutil.walk_packages(tui.__path__, _PACKAGE):
        if module.name.startswith(f"{_PACKAGE}commands."):
            continue
        for _, kind in getmembers(import_module(module.name), isclass):
            if issubclass(kind, DOMNode) and kind.__module__ == module.name:
                for binding in own_bindings(kind):
                    if binding.id:
                        found[binding.id] = KnownBinding(binding, kind)
    return dict(sorted(found.items()))


def own_bindings(kind: type[DOMNode]) -> Iterator[Binding]:
    """The bindings of a widget or screen that are burnish's, its bases' among them; not those of Textual's classes."""
    for owner in kind.__mro__:
        if owner.__module__.startswith(_PACKAGE):
            for binding in vars(owner).get("BINDINGS", ()):
                yield binding if isinstance(binding, Binding) else Binding(*binding)


def remapped(binding: Binding, keys: Mapping[str, str]) -> Binding:
    """A binding with the keys that a person gave it instead of its own."""
    other = keys.get(binding.id or "")
    return binding if other is None else replace(binding, key=other, key_display=None)


def mistakes(keys: Mapping[str, str]) -> tuple[str, ...]:
    """One sentence for each id that no binding has, each key that does not exist, and each key that is given twice."""
    known = known_bindings()
    found: list[str] = []
    for name, each in keys.items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else "; `burnish keys` lists them."
            found.append(f"No key binding is called {name}{hint}")
            continue
        found += [f"{name}: no key is called {key!r}." for key in key_names(each) if not _is_key(key)]
    for owner in dict.fromkeys(known[name].owner for name in keys if name in known):
        found += _clashes(owner, keys)
    return tuple(found)


def key_names(keys: str) -> list[str]:
    """The single keys of a binding, as Textual calls them: "?" is question_mark."""
    return [single.key for single in Binding.make_bindings([Binding(keys.strip(", "), "")])]


def written(keys: str) -> str:
    """The keys of a binding as a person reads them."""
    return " ".join(format_key(key) for key in key_names(keys))


def _clashes(owner: type[DOMNode], keys: Mapping[str, str]) -> Iterator[str]:
    """Keys that two bindings of one place would have."""
    taken: dict[str, str] = {}
    for binding in own_bindings(owner):
        name = binding.id or ""
        for key in key_names(remapped(binding, keys).key):
            other = taken.setdefault(key, name)
            if other != name and not {other, name}.isdisjoint(keys):
                yield f"{format_key(key)} is the key of {other} and of {name}; give one of them another."


def _is_key(key: str) -> bool:
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    plain = len(last) == 1 or last in _NAMED or key_to_character(last) is not None
    return (plain or key in _NAMED) and set(modifiers) <= {"ctrl", "shift", "alt", "super"}
