"""A person's own equal names: a TOML file of lists, each a set of names that mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.errors import InputError
from data.facts.extract import forget
from data.facts.vocabulary import aliases

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "synonyms.toml"
"""The synonym file of a workspace, in its folder `.burnish`."""
_in_use: tuple[Path, int, int] | None = None
"""The file whose names are in use, its time of change in nanoseconds and its size in bytes."""


def use_synonyms(workspace: Path) -> None:
    """Let the names in a workspace's `.burnish/synonyms.toml` mean the same, and no other person's names.

    The one place for whoever compares or judges: cheap enough to be called before each question, because a file that
    has not changed is not read again. No file, no names. Raises InputError when the file cannot be used; the names
    that were in use stay.
    """
    path = workspace / ".burnish" / FILE_NAME
    if not path.exists():
        forget_synonyms()
    elif _mark(path) != _in_use:
        load_synonyms(path)


def load_synonyms(path: Path) -> int:
    """Take in a synonym file, in place of one before it, and say how many sets it held.

    The file has one key, `same`, a list of lists of names: `same = [["SoC", "system on a chip"], …]`.
    Names are compared without regard to case. Raises InputError when the file cannot be read or has another form.
    """
    global _in_use
    import tomllib

    try:
        mark = _mark(path)
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
    aliases.restore()
    for names in sets:
        aliases.join([n.strip().lower() for n in names])
    forget()
    _in_use = mark
    return len(sets)


def forget_synonyms() -> None:
    """Let only burnish's own names mean the same from now on."""
    global _in_use
    if _in_use is not None:
        aliases.restore()
        forget()
        _in_use = None


def _mark(path: Path) -> tuple[Path, int, int]:
    state = path.stat()
    return path, state.st_mtime_ns, state.st_size


def _is_set(names: object) -> bool:
    return isinstance(names, list) and len(names) > 1 and all(isinstance(n, str) and n.strip() for n in names)
