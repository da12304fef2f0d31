"""The questions by which a person says what the fields of a file are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual.content import Content

from data.formats.mapping import FieldMapping
from data.formats.pair import PairError
from data.formats.proposal import propose
from data.formats.turns import listed, turn_keys
from tui.dataset.ask_panel import Asked
from tui.dataset.cells import cut
from tui.literal import literal

NONE = "–"
"""The choice of no field."""
_ABOUT = {
    "question": "The field that asks.",
    "input": "Belongs to the question, after it: a text to summarise, the context of a question.",
    "answer": "The field with the answer that a model is to give.",
    "system": "The field with the system prompt of the row.",
    "turns": "The field that holds the list of turns, where rows are whole conversations.",
    "role": "In a turn, the key that says who speaks; as usual: role or from.",
    "text": "In a turn, the key of what is said; as usual: content, value or text.",
    "user": "How a turn names the person; as usual: user, human, prompter.",
    "assistant": "How a turn names the model; as usual: assistant, gpt, bot.",
    "chosen": "The better of two answers.",
    "rejected": "The worse of two answers.",
    "label": "The field that says whether the answer is a good one: true or false.",
}


def questions(rows: Sequence[Mapping[str, Any]], known: FieldMapping | None) -> list[Asked]:
    """What is asked about rows like these; filled in as known already, else as their names and contents suggest."""
    proposed = None if known is not None else propose(rows)
    now = known or (proposed.mapping if proposed is not None else FieldMapping())
    fields = list(dict.fromkeys(field for row in rows for field in row))
    lists = [field for field in fields if any(turn_keys(listed(row.get(field))) for row in rows)]
    keys, speakers = _inside(rows, lists)
    choices: dict[str, list[str]] = {
        **dict.fromkeys(("question", "input", "answer", "system"), fields),
        "turns": lists,
        **dict.fromkeys(("role", "text"), keys),
        **dict.fromkeys(("user", "assistant"), speakers),
        **dict.fromkeys(("chosen", "rejected", "label"), fields),
    }
    asked: list[Asked] = []
    for name, words in choices.items():
        value = getattr(now, name)
        if words or value:
            known_words = tuple(dict.fromkeys((NONE, *words, *((value,) if value else ()))))
            asked.append(Asked(name, name, value or NONE, known_words, _ABOUT[name]))
    return asked


def evidence(rows: Sequence[Mapping[str, Any]]) -> str:
    """Why the fields were filled in as they were; empty where nothing suggests itself."""
    found = propose(rows)
    return found.evidence if found is not None else ""


def mapping_from_answers(values: Mapping[str, str]) -> FieldMapping:
    """The mapping that the answers make; it is not checked."""
    return FieldMapping(**{name: value for name, value in values.items() if value != NONE})


def outcome(mapping: FieldMapping, rows: Sequence[Mapping[str, Any]], width: int) -> Content:
    """How many of some rows can be read so, and what the first of them says."""
    readable = 0
    first: list[tuple[str, str]] = []
    problem = ""
    for number, row in enumerate(rows, 1):
        try:
            said = mapping.conversation(row, number)
        except PairError as error:
            problem = problem or f"row {number} {error}"
            continue
        readable += 1
        if not first:
            turns = [*said.turns, *(said.preference.chosen if said.preference else ())]
            first = [(turn.role, turn.text) for turn in turns[:4]]
    parts: list[str | tuple[str, str]] = [
        (
            f"{readable} of the first {len(rows)} rows can be read so\n",
            "$agrees" if readable == len(rows) else "$differs",
        )
    ]
    if problem:
        parts.append((f"{literal(problem, one_line=True)}\n", "$dim"))
    for role, text in first:
        parts += [(f"{role:>10}  ", "$dim"), cut(text, max(width - 14, 10)).rstrip(), "\n"]
    return Content.assemble(*parts)


def _inside(rows: Sequence[Mapping[str, Any]], lists: Sequence[str]) -> tuple[list[str], list[str]]:
    """The keys of turns, and the names of speakers in them."""
    keys: dict[str, None] = {}
    speakers: dict[str, None] = {}
    for row in rows:
        for field in lists:
            turns = listed(row.get(field))
            named = turn_keys(turns)
            for turn in turns if isinstance(turns, list) else ():
                if isinstance(turn, dict):
                    keys |= dict.fromkeys(turn)
                    if named and isinstance(turn.get(named.role), str):
                        speakers[turn[named.role]] = None
    return list(keys), list(speakers)[:12]
