"""Which format the rows of a file have, what shows it, and which rows are not of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from data.formats import (
    alpaca,
    dolly,
    flan,
    kto,
    messages,
    named_pairs,
    oasst,
    plain_text,
    preference,
    prompt_completion,
    sharegpt,
)
from data.formats.format import Format
from data.formats.mapping import FieldMapping
from data.formats.pair import PairError
from data.formats.proposal import Proposal, propose
from data.rows.row import Row
from data.store import RowStore
from data.wording import counted

FORMATS: tuple[Format, ...] = (
    preference,
    kto,
    oasst,
    sharegpt,
    messages,
    alpaca,
    dolly,
    flan,
    prompt_completion,
    named_pairs,
    plain_text,
)
"""All formats; one that has all fields of another and more comes before it, as KTO before prompt and completion."""
SAMPLE = 200
"""Rows that tell the format of a file."""
_OTHERS = (
    ("input_ids", "token ids instead of text, which cannot be read back here"),
    ("segments", "segments of text with labels (template-free), which are not read here"),
    ("completions", "several completions to a prompt, which are not read here"),
    ("turns", "questions without answers"),
    ("prompt", "prompts without answers"),
)
"""A field that shows a format known by name only, and what to say of it."""
_PLACES = {"file_name", "hf_hub_url", "ms_hub_url", "om_hub_url", "script_url", "cloud_file_name"}
"""How LLaMA-Factory says where a dataset is."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A row that is not of the format of the others; it stays in the file."""

    row_number: int
    """From 1."""
    reason: str
    """The words after "row 12 …", without a full stop."""


@dataclass(frozen=True, slots=True)
class Detection:
    """What the rows looked at show."""

    format: Format | None
    """The format of most rows; None when no format is that of at least half of the rows that can be read."""
    evidence: str
    """A clause for a person: "200 of 200 rows have instruction and output"."""
    rows: int
    """Rows looked at."""
    fitting: int
    """Rows of the format."""
    runner_up: Format | None
    """What else the rows could be: the next format that the fields of any of them allow."""
    also: int
    """Rows that the runner-up would fit."""
    misfits: tuple[Misfit, ...]
    """The rows that are not of the format or cannot be read as it; all that cannot be read at all without a format."""
    proposal: Proposal | None = None
    """Which fields may be the question and the answer, where no format is known."""

    @property
    def name(self) -> str:
        """The format for a person; "unknown" without one."""
        return self.format.NAME if self.format else "unknown"

    @property
    def confidence(self) -> float:
        """The part of the rows looked at that are of the format, 0 to 1."""
        return self.fitting / self.rows if self.rows else 0.0


def format_of(values: Mapping[str, Any]) -> Format | None:
    """The format of one row by itself."""
    return next((form for form in FORMATS if form.evidence(values)), None)


def look(store: RowStore, mapping: FieldMapping | None = None) -> Detection:
    """The format of a store, from `SAMPLE` of the rows known so far: the first half of them, the rest evenly spread.

    With a mapping, that is the format whatever the rows hold. Some milliseconds. Rows are told by their numbers now.
    """
    known, first = len(store), SAMPLE // 2
    if known <= SAMPLE:
        places: Iterable[int] = range(known)
    else:
        places = (*range(first), *(first + (known - first) * place // first for place in range(first)))
    return detect([store.row(place) for place in places], mapping)


def detect(rows: Sequence[Row], mapping: FieldMapping | None = None) -> Detection:
    """The format of rows, some hundred of them; the mapping where there is one."""
    forms: tuple[Format, ...] = (mapping, *FORMATS) if mapping else FORMATS
    evidence = [_all_evidence(row.values, forms) for row in rows]
    firsts = [next(iter(found), None) for found in evidence]
    readable = sum(row.values is not None for row in rows)
    counts = Counter(first for first in firsts if first is not None)
    winner = 0 if mapping else max(counts, key=lambda form: (counts[form], -form), default=None)
    if winner is None or (not mapping and 2 * counts[winner] < readable):
        return _unknown(rows, counts)
    also = Counter(form for found in evidence for form in found if form != winner)
    second = max(also, key=lambda form: (also[form], -form), default=None)
    shown = Counter(found[winner] for found, first in zip(evidence, firsts, strict=True) if first == winner)
    what = shown.most_common(1)[0][0] if shown else forms[winner].NEEDS
    return Detection(
        forms[winner],
        f"{counts[winner]:,} of {counted(len(rows))} {_have(len(rows))} {what}",
        len(rows),
        counts[winner],
        None if second is None else forms[second],
        0 if second is None else also[second],
        tuple(
            Misfit(row.number, reason)
            for row, first in zip(rows, firsts, strict=True)
            if (reason := _why_not(row, first, winner, forms))
        ),
    )


def _all_evidence(values: Mapping[str, Any] | None, forms: Sequence[Format]) -> dict[int, str]:
    """The places in `forms` of all formats that the fields of a row allow, with what shows each."""
    if values is None:
        return {}
    return {place: found for place, form in enumerate(forms) if (found := form.evidence(values))}


def _why_not(row: Row, first: int | None, winner: int, forms: Sequence[Format]) -> str:
    """Why a row is not of a format; empty when it is."""
    if row.values is None:
        return unreadable(row)
    if first is not None and first != winner:
        return f"is {forms[first].NAME}: it has {forms[first].evidence(row.values)}"
    try:
        forms[winner].conversation(row.values, row.number)
    except PairError as error:
        return str(error)
    return "" if first is not None else f"has other fields than {forms[winner].NEEDS}"


def unreadable(row: Row) -> str:
    """Why a row has no fields: the words of the store's sentence after its "Row 12"."""
    return (row.error or "is no object").removeprefix(f"Row {row.number} ").removesuffix(".")


def _unknown(rows: Sequence[Row], counts: Mapping[int, int]) -> Detection:
    misfits = tuple(Misfit(row.number, unreadable(row)) for row in rows if row.values is None)
    proposal = propose([row.values for row in rows if row.values is not None])
    return Detection(None, _unknown_evidence(rows, counts), len(rows), 0, None, 0, misfits, proposal)


def _unknown_evidence(rows: Sequence[Row], counts: Mapping[int, int]) -> str:
    fields = Counter(field for row in rows for field in row.values or ())
    if not rows:
        return "there are no rows"
    if counts:
        kinds = sorted(counts, key=lambda form: -counts[form])
        mixed = ", ".join(f"{counts[form]:,} {_have(counts[form], 'is', 'are')} {FORMATS[form].NAME}" for form in kinds)
        return f"of {counted(len(rows))}, {mixed}, and no format is that of half of them"
    if not fields:
        return f"none of {counted(len(rows))} is an object with fields"
    if all(_describes_datasets(row.values) for row in rows):
        return "the file describes datasets for LLaMA-Factory and holds none; open one of those that it names"
    for field, meaning in _OTHERS:
        if 2 * fields[field] > len(rows):
            return f"the rows hold {meaning}"
    named = ", ".join(field for field, _ in islice(fields.most_common(), 6))
    return f"the rows have {named}, which are the fields of no known format"


def _describes_datasets(values: Mapping[str, Any] | None) -> bool:
    """Whether an object is LLaMA-Factory's `dataset_info.json`: names of datasets and where each is."""
    described = list((values or {}).values())
    return bool(described) and all(isinstance(each, dict) and not _PLACES.isdisjoint(each) for each in described)


def _have(count: int, one: str = "has", many: str = "have") -> str:
    return one if count == 1 else many
