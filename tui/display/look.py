"""How cells look, and the shortest way for a terminal from one look to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip


@dataclass(frozen=True, slots=True)
class Look:
    """What a terminal has to know to draw a cell: colours and attributes as SGR codes (ECMA-48), and a link."""

    codes: str = ""
    """All codes, as Textual writes them: attributes, then foreground, then background."""
    link: str = ""
    attributes: frozenset[str] = frozenset()
    foreground: str = "39"
    background: str = "49"


PLAIN = Look()


def look_of(style: Style | None, system: ColorSystem) -> Look:
    """The look of a style. Styles that differ only in what a terminal does not see have the same one."""
    if style is None:
        return PLAIN
    codes = style._ansi
    if codes is None:
        codes = Strip.render_ansi(style, system)
    return _look(codes, style._link or "")


@lru_cache(8192)
def _look(codes: str, link: str) -> Look:
    link = "".join(each for each in link if each.isprintable())
    if not codes and not link:
        return PLAIN
    attributes: set[str] = set()
    colours = {"3": "39", "4": "49"}
    parts = iter(codes.split(";") if codes else ())
    for part in parts:
        if part in ("38", "48"):
            kind = next(parts)
            count = 1 if kind == "5" else 3
            colours[part[0]] = ";".join((part, kind, *(next(parts) for _ in range(count))))
        elif len(part) == 1 or part in ("21", "51", "52", "53"):
            attributes.add(part)
        else:
            colours["3" if part[:-1] in ("3", "9") else "4"] = part
    return Look(codes, link, frozenset(attributes), colours["3"], colours["4"])


@lru_cache(8192)
def transition(old: Look, new: Look) -> str:
    """The shortest control sequence that makes a terminal go from one look to another; "" when they look the same."""
    link = "" if old.link == new.link else f"\x1b]8;;{new.link}\x1b\\"
    if (old.attributes, old.foreground, old.background) == (new.attributes, new.foreground, new.background):
        return link
    ways = [f"0;{new.codes}" if new.codes else ""]
    if old.attributes <= new.attributes:
        codes = sorted(new.attributes - old.attributes)
        if old.foreground != new.foreground:
            codes.append(new.foreground)
        if old.background != new.background:
            codes.append(new.background)
        ways.append(";".join(codes))
    return f"{link}\x1b[{min(ways, key=len)}m"
