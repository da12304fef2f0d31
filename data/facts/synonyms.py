"""A person's own equal names: a TOML file of lists, each a set of names that mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.errors import InputError
from data.facts.extract import forget
from data.facts.vocabulary.aliases import ALIASES, add

if TYPE_CHECKING:
    from pathlib import Path


def load_synonyms(path: Path) -> int:
    """Take in a synonym file and say how many sets it held.

    The file has one key, `same`, a list of lists of names: `same = [["SoC", "system on a chip"], …]`.
    Names are compared without regard to case. Raises InputError when the file cannot be read or has another form.
    """
    import tomllib

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"The synonym file {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"The synonym file {path} is not valid TOML: {error}.") from error
    sets = content.get("same")
    if set(content) != {"same"} or not isinstance(sets, list) or not all(_is_set(s) for s in sets):
        raise InputError(
            f'The synonym file {path} must hold one key, same = [["name", "other name"], …], and nothing else.'
        )
    add_synonyms(sets)
    return len(sets)


def _is_set(names: object) -> bool:
    return isinstance(names, list) and len(names) > 1 and all(isinstance(n, str) and n.strip() for n in names)


def add_synonyms(sets: list[list[str]]) -> None:
    """Make the names of each list mean the same from now on."""
    for names in sets:
        forms = [n.strip().lower() for n in names]
        target = ALIASES.get(forms[0], forms[0])
        for form in forms:
            add(form, target)
    forget()
