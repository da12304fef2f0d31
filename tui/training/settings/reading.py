"""How values of a job are written in the form, and read back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields

from data.errors import InputError
from data.formats.mapping import FieldMapping
from engine.training.job import MixedDataset

ON, OFF = "on", "off"


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What is held out: a file, or a share of the dataset."""

    file: str = ""
    share: float = 0.0


def text(typed: str) -> str:
    """A text as it is."""
    return typed.strip()


def whole(typed: str) -> int:
    """A whole number; thousands may be set apart."""
    clean = re.sub(r"[ ,_]", "", typed)
    try:
        return int(clean)
    except ValueError:
        raise InputError("must be a whole number") from None


def number(typed: str) -> float:
    """Any number."""
    try:
        return float(typed.strip())
    except ValueError:
        raise InputError("must be a number such as 0.1 or 1e-3") from None


def plain(value: float) -> str:
    """A number without needless zeros."""
    return f"{value:g}"


def switch(typed: str) -> bool:
    """A choice of on and off."""
    return typed == ON


def switch_text(value: bool) -> str:
    """On or off."""
    return ON if value else OFF


def rows(typed: str) -> int:
    """All rows, or the first so many."""
    if typed.strip().lower() in ("", "all", "0"):
        return 0
    try:
        return whole(typed.lower().removeprefix("first"))
    except InputError:
        raise InputError("must be a whole number, or all") from None


def rows_text(value: int) -> str:
    """All, or how many."""
    return str(value) if value else "all"


def or_word(word: str) -> tuple[Callable[[str], int], Callable[[int], str]]:
    """A whole number whose 0 has a meaning of its own, which is written as a word."""

    def read(typed: str) -> int:
        return 0 if typed.strip().lower() in ("", word) else whole(typed)

    return read, lambda value: str(value) if value else word


def number_or_word(word: str) -> tuple[Callable[[str], float], Callable[[float], str]]:
    """The same for any number."""

    def read(typed: str) -> float:
        return 0.0 if typed.strip().lower() in ("", word) else number(typed)

    return read, lambda value: plain(value) if value else word


def held_out(typed: str) -> HeldOut:
    """A share, a file, or none."""
    clean = typed.strip()
    if clean.lower() in ("", "none", "0"):
        return HeldOut()
    share = re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)\s*(%?)", clean)
    if share is None:
        return HeldOut(file=clean)
    value = float(share[1]) / (100 if share[2] else 1)
    if not 0 <= value <= 0.5:
        raise InputError("must be a share of at most 50 %, a file, or none")
    return HeldOut(share=value)


def held_out_text(value: HeldOut) -> str:
    """As it is read."""
    if value.file:
        return value.file
    return f"{value.share * 100:.4g} %" if value.share else "none"


def questions(typed: str) -> tuple[str, ...]:
    """Questions with | between them."""
    return tuple(part.strip() for part in typed.split("|") if part.strip())


def names(typed: str) -> tuple[str, ...]:
    """Names with commas or spaces between them."""
    return tuple(part for part in re.split(r"[,\s]+", typed) if part)


def mapping(typed: str) -> dict[str, str]:
    """Which fields are what: "question=q, answer=a"."""
    parts = [part.partition("=") for part in typed.split(",") if part.strip()]
    if not all(sign and name.strip() and value.strip() for name, sign, value in parts):
        raise InputError("must be written as question=q, answer=a")
    return {name.strip(): value.strip() for name, _, value in parts}


def mapping_text(value: FieldMapping) -> str:
    """A mapping as the form writes it: "question=q, answer=a"."""
    named = ((each.name, getattr(value, each.name)) for each in fields(value))
    return ", ".join(f"{name}={field}" for name, field in named if field)


def mix(typed: str) -> list[dict[str, object]]:
    """Further datasets: "general.jsonl × 0.5 | other.csv (first 100; question=q, answer=a)"."""
    return [_mixed(part) for part in questions(typed)]


def mix_text(value: tuple[MixedDataset, ...]) -> str:
    """As it is read."""
    return " | ".join(map(_mixed_text, value))


_MIXED = re.compile(r"(?P<path>.+?)(?:\s+[×x*]\s*(?P<weight>[^\s()]+))?(?:\s+\((?P<options>[^()]*)\))?")


def _mixed(part: str) -> dict[str, object]:
    found = _MIXED.fullmatch(part)
    if found is None:
        raise InputError("must be files with | between them, each with × and how often an epoch sees it")
    made: dict[str, object] = {"path": found["path"].strip()}
    if found["weight"] is not None:
        made["weight"] = number(found["weight"])
    for option in filter(None, (each.strip() for each in (found["options"] or "").split(";"))):
        if option.startswith("first "):
            made["max_rows"] = whole(option.removeprefix("first "))
        else:
            made["mapping"] = mapping(option)
    return made


def _mixed_text(mixed: MixedDataset) -> str:
    options = [f"first {mixed.max_rows}"] if mixed.max_rows else []
    options += [mapping_text(mixed.mapping)] if mixed.mapping else []
    weight = f" × {plain(mixed.weight)}" if mixed.weight != 1 else ""
    return f"{mixed.path}{weight}" + (f" ({'; '.join(options)})" if options else "")
