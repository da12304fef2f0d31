"""Regular expressions that are compiled when they are first used.

Compiling them all takes about as long as the rest of the import; a screen that has to come up first must not
wait for it.
"""

from __future__ import annotations

import re
from typing import cast

_METHODS = ("finditer", "findall", "fullmatch", "match", "search", "split", "sub")
_ALL: list[_Lazy] = []
_GATED: list[Gated] = []


class _Lazy:
    def __init__(self, source: str, flags: re.RegexFlag) -> None:
        self.source, self.flags = source, flags

    def __getattr__(self, name: str) -> object:
        # Reached once: afterwards the methods are attributes of the instance and cost what a compiled pattern costs.
        compiled = re.compile(self.source, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy(source: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """A pattern like that of `re.compile`, compiled at its first use; raises `re.error` then, not before."""
    pattern = _Lazy(source, flags)
    _ALL.append(pattern)
    return cast("re.Pattern[str]", pattern)


def prepare() -> None:
    """Compile all patterns now (about 30 ms): for a worker to call before the first comparison has to be quick."""
    for gated in _GATED:
        gated.split()
    for pattern in _ALL:
        _ = pattern.search


class Gated:
    """A pattern, whatever the case, each alternative tried only on a text with letters that it cannot match without."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._alternatives: list[tuple[tuple[str, ...], re.Pattern[str]]] = []
        _GATED.append(self)

    def split(self) -> None:
        """Make the patterns of its alternatives, once."""
        if not self._alternatives:
            self._alternatives += [(needed(each), lazy(each, re.IGNORECASE)) for each in _alternatives(self._source)]

    def found(self, text: str, low: str) -> bool:
        """Whether it matches anywhere; low: the text in lower case."""
        if not self._alternatives:
            self.split()
        for letters, pattern in self._alternatives:
            for each in letters:
                if each in low:
                    if pattern.search(text):
                        return True
                    break
        return False


def _alternatives(source: str) -> list[str]:
    found, start, i = [], 0, 0
    while i < len(source):
        if source[i] == "|":
            found.append(source[start:i])
            start = i + 1
        i = _behind(source, i)
    return [*found, source[start:]]


def _behind(source: str, i: int) -> int:
    """Where the group, set, escape or character at a position of a pattern ends."""
    if source[i : i + 1] == "[":
        return source.index("]", i + 2) + 1
    if source[i : i + 1] != "(":
        return i + 2 if source[i : i + 1] == "\\" else i + 1
    i += 1
    while source[i] != ")":
        i = _behind(source, i)
    return i + 1


def needed(source: str) -> tuple[str, ...]:
    """Letters in lower case of which a text holds one where a pattern matches; "" among them where none need be."""
    found: list[str] = []
    for alternative in _alternatives(source):
        best: tuple[str, ...] = ("",)
        run, i = "", 0
        while i <= len(alternative):
            c, end = alternative[i : i + 1], _behind(alternative, i)
            follows = alternative[end : end + 1]
            if follows and follows in "?*{":
                best, run = _surest(best, (run,)), ""  # what stands in front of these may be left out
            elif c.isalpha() or c == " ":
                run += c.lower()
            else:
                best, run = _surest(best, (run,)), ""
                inner = alternative[i + 1 : end - 1]
                if c == "(" and not inner.startswith(("?=", "?!", "?<")):
                    best = _surest(best, needed(inner.removeprefix("?:")))
            i = end
        found += best
    return tuple(dict.fromkeys(found))


def _surest(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """That of two sets of letters of which the commonest is the rarer."""
    return max(one, other, key=lambda letters: min(0 if each.strip() in _COMMON else len(each) for each in letters))


_COMMON = frozenset(["what", "which", "how", "how much", "the", "is the", ""])
"""Letters that most questions have."""
