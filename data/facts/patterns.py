"""Regular expressions that are compiled when they are first used.

Compiling them all takes about as long as the rest of the import; a screen that has to come up first must not
wait for it.
"""

from __future__ import annotations

import re
from typing import cast

_METHODS = ("finditer", "findall", "fullmatch", "match", "search", "split", "sub")
_ALL: list[_Lazy] = []


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
    for pattern in _ALL:
        _ = pattern.search
