"""Which fields of an unknown file may be its question and its answer: told by their names, else by their contents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from data.formats.mapping import FieldMapping
from data.formats.turns import listed, read_role

_USUAL = {
    "question": "question questions q query ask prompt instruction input user human request problem task frage "
    "pregunta pergunta domanda vraag pytanie soru вопрос 问题 質問 질문",
    "answer": "answer answers a ans response reply output completion target assistant bot gpt result solution antwort "
    "respuesta réponse reponse resposta risposta antwoord odpowiedź odpowiedz cevap ответ 回答 答案 答え 답변",
    "input": "context input passage background kontext contexte contexto",
    "system": "system systemprompt",
    "chosen": "chosen better preferred win winner accepted",
    "rejected": "rejected worse dispreferred lose loser",
}
_NAMES = {part: names.split() for part, names in _USUAL.items()}
"""Usual names by what they stand for, lower case and without separators; the likeliest first."""
_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+")
_MOST_SPEAKERS = 6
_ROWS = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping that the rows suggest; a person decides."""

    mapping: FieldMapping
    evidence: str
    """A clause for a person: "q may be the question and a the answer, by their names"."""


def propose(rows: Sequence[Mapping[str, Any]]) -> Proposal | None:
    """The mapping that rows of no known format suggest, if there is one."""
    rows = rows[:_ROWS]
    fields = [field for field in dict.fromkeys(field for row in rows for field in row) if _share(rows, field) >= 0.5]
    return _turns(rows, fields) or _preference(rows, fields) or _pair(rows, fields)


def _pair(rows: Sequence[Mapping[str, Any]], fields: list[str]) -> Proposal | None:
    texts = [field for field in fields if _is_text(rows, field)]
    question = _named("question", texts)
    answer = _named("answer", [field for field in texts if field != question])
    how = "by their names"
    if not question or not answer:
        known = question or answer
        others = [field for field in texts if field != known and _reads_as_sentences(rows, field)]
        if len(others) != (1 if known else 2):
            return None
        how = "the only other text" if known else "the only two texts"
        if known:
            question, answer = question or others[0], answer or others[0]
        else:
            asking = [_asking(rows, field) for field in others]
            question, answer = others if asking[0] >= asking[1] else others[::-1]
            if asking[0] != asking[1]:
                how += f", and {question} ends with a question mark in {max(asking):.0%} of the rows"
    left = [field for field in texts if field not in (question, answer)]
    system = _named("system", left)
    context = _named("input", [field for field in left if field != system])
    mapping = FieldMapping(question=question, answer=answer, input=context, system=system)
    beside = f", {context} belongs to the question" if context else ""
    beside += f", {system} is the system prompt" if system else ""
    return Proposal(mapping, f"{question} may be the question and {answer} the answer ({how}){beside}")


def _preference(rows: Sequence[Mapping[str, Any]], fields: list[str]) -> Proposal | None:
    usable = [field for field in fields if isinstance(_first(rows, field), str | list)]
    chosen, rejected = _named("chosen", usable), _named("rejected", usable)
    if not chosen or not rejected:
        return None
    left = [field for field in fields if field not in (chosen, rejected) and _is_text(rows, field)]
    question = _named("question", left)
    mapping = FieldMapping(question=question, chosen=chosen, rejected=rejected)
    asked = f" to {question}" if question else ""
    return Proposal(mapping, f"{chosen} may be the better and {rejected} the worse answer{asked} (by their names)")


def _turns(rows: Sequence[Mapping[str, Any]], fields: list[str]) -> Proposal | None:
    for field in fields:
        turns = [turn for row in rows if isinstance(found := listed(row.get(field)), list) for turn in found]
        objects = [turn for turn in turns if isinstance(turn, dict)]
        if len(objects) >= 2 and 2 * len(objects) >= len(turns) and (found := _keys(field, objects)):
            return found
    return None


def _keys(field: str, turns: list[dict[str, Any]]) -> Proposal | None:
    texts = {key: [turn[key] for turn in turns if isinstance(turn.get(key), str)] for key in turns[0]}
    usual = [key for key, values in texts.items() if 2 * len(values) > len(turns)]
    role = next((key for key in usual if 2 <= len(set(texts[key])) <= _MOST_SPEAKERS), None)
    said = [key for key in usual if key != role]
    if role is None or not said:
        return None
    text = max(said, key=lambda key: fmean(map(len, texts[key])))
    speakers = [each for each in dict.fromkeys(texts[role]) if read_role(each) not in ("system", "tool")]
    user, assistant = ("", "") if all(map(read_role, speakers)) or len(speakers) < 2 else speakers[:2]
    mapping = FieldMapping(turns=field, role=role, text=text, user=user, assistant=assistant)
    who = f", where {user} asks and {assistant} answers" if user else ""
    return Proposal(mapping, f"{field} may hold the turns, {role} who speaks and {text} what is said{who}")


def _named(part: str, fields: Sequence[str]) -> str:
    """The field with the likeliest of the usual names, whole or as its last word; empty when none has one."""
    words = {field: [word.casefold() for word in _WORD.findall(field)] for field in fields}
    for pick in (lambda found: "".join(found), lambda found: found[-1] if found else ""):
        for name in _NAMES[part]:
            match = next((field for field, found in words.items() if pick(found) == name), None)
            if match:
                return match
    return ""


def _share(rows: Sequence[Mapping[str, Any]], field: str) -> float:
    return sum(field in row for row in rows) / len(rows)


def _first(rows: Sequence[Mapping[str, Any]], field: str) -> Any:
    return next((row[field] for row in rows if row.get(field) is not None), None)


def _is_text(rows: Sequence[Mapping[str, Any]], field: str) -> bool:
    return all(isinstance(row.get(field), str | None) for row in rows) and isinstance(_first(rows, field), str)


def _reads_as_sentences(rows: Sequence[Mapping[str, Any]], field: str) -> bool:
    """Whether a field holds what people say rather than ids, names of categories, dates or addresses."""
    texts = [row[field] for row in rows if row.get(field)]
    spaced = sum(" " in text.strip() or len(text) > 40 or not text.isascii() for text in texts)
    varied = len(set(texts)) > max(1, len(texts) // 10) or len(texts) == 1
    return 2 * spaced > len(texts) and varied


def _asking(rows: Sequence[Mapping[str, Any]], field: str) -> float:
    texts = [row[field] for row in rows if row.get(field)]
    return sum(text.rstrip().endswith(("?", "？", "؟")) for text in texts) / len(texts) if texts else 0.0
