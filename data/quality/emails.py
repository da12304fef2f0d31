"""E-mail addresses of people. They are never shown in full."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.facts.patterns import lazy
from data.quality.check import Context, Examiner
from data.quality.examined import LONGEST, Examined
from data.quality.flag import Flag

_EMAIL = lazy(
    r"(?<![\w.+%/:@-])(?P<name>[A-Za-z0-9][A-Za-z0-9._%+-]{0,63})"
    r"@(?P<host>(?:[A-Za-z0-9-]{1,63}\.)+(?P<top>[A-Za-z]{2,24}))\b(?![@/]|[.:]\w)"
)
_RESERVED = lazy(
    r"(?:.*\.)?example\.(?:com|org|net|edu)|[\w.-]+\.(?:example|test|invalid|localhost|local)|[a-z]\.[a-z]+"
    r"|(?:example|sample|test|dummy|fake|your|my|some)[\w-]*\.(?:com|org|net)"
    r"|(?:domain|company|email|mail|website|site|abc|xyz|acme)\.(?:com|org|net)",
    re.IGNORECASE,
)
"""Names that stand for no real host: RFC 2606, and what people write instead."""
_ASSETS = frozenset(("png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "py", "json", "html"))


class _Emails(Examiner):
    def look(self, row: Examined) -> Iterator[Flag]:
        count, first = 0, None
        for field, text in row.strings:
            if "@" not in text:
                continue
            for found in _EMAIL.finditer(text[:LONGEST]):
                if not _RESERVED.fullmatch(found["host"]) and found["top"].lower() not in _ASSETS:
                    count += 1
                    first = first or (field, found)
        if first:
            field, found = first
            address = masked(found)
            more = f", and {count - 1} more" if count > 1 else ""
            yield Flag("email", row.index, f"holds an e-mail address in {field}: {address}{more}", field=field)


def masked(found: re.Match[str]) -> str:
    """The first letter of an address and the end of its host."""
    return f"{found['name'][0]}…@….{found['top']}"


def hidden(text: str) -> str:
    """A text with every address in it masked."""
    return _EMAIL.sub(masked, text) if "@" in text else text


def make(_: Context) -> Examiner:
    """A worker for one run."""
    return _Emails()
