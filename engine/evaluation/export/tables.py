"""A batch as JSON lines, as CSV and as Markdown."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from engine.evaluation.judging import Answered
from engine.evaluation.results import EvaluatedRow
from engine.evaluation.wording import SIGNS, changes_words, description, tally_words
from engine.reports import BatchAdvanced

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet compute a cell (OWASP, CSV injection)."""
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&$:])")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def row_json(batch: BatchAdvanced, row: EvaluatedRow) -> dict[str, Any]:
    """One row with all answers, as JSON."""
    question = row.question
    names = [arm.name for arm in batch.batch.arms]
    answers: dict[str, Any] = {}
    for name, answer, compared in zip(names, row.answers, row.compared, strict=True):
        if answer is None:
            answers[name] = None
            continue
        values = {key: value for key, value in asdict(answer).items() if key not in ("number", "arm")}
        answers[name] = {key: value or None if key == "verdict" else value for key, value in values.items()}
        if compared is not None:
            answers[name] |= {"different": compared.different, "changes": list(compared.changes)}
    return {
        "number": question.number,
        "row": question.row,
        "question": question.text,
        "messages": [dict(each) for each in question.messages],
        "reference": question.reference,
        "agrees": [name for place, name in enumerate(names) if row.verdict(place) == "right"],
        "answers": answers,
    }


def json_lines(batch: BatchAdvanced) -> Iterator[str]:
    """One object a row; nothing but ASCII, so that it is the same everywhere."""
    for row in batch.rows:
        yield json.dumps(row_json(batch, row)) + "\n"


def csv_lines(batch: BatchAdvanced) -> Iterator[str]:
    """One line a row under a heading; a cell that a spreadsheet would compute begins with an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    names = [arm.name for arm in batch.batch.arms]
    heading = ["row", "question", "reference"]
    for place, name in enumerate(names):
        heading += [name, f"{name} verdict", f"{name} reason", *([f"{name} differs", f"{name} changes"] * (place > 0))]
    writer.writerow(map(_cell, heading))
    for row in batch.rows:
        cells = [str(row.question.row), row.question.text, row.question.reference or ""]
        for place, answer in enumerate(row.answers):
            cells += ["", "", ""] if answer is None else [answer.text, _outcome(answer), answer.error or answer.reason]
            if place:
                compared = row.compared[place]
                differs = "" if compared is None else "yes" if compared.different else "no"
                cells += [differs, "; ".join(compared.changes) if compared else ""]
        writer.writerow(map(_cell, cells))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def markdown_lines(batch: BatchAdvanced) -> Iterator[str]:
    """Figures and a table; all that a model or a dataset says is escaped."""
    header = batch.batch
    yield f"# {_escaped(header.id)}\n\n"
    yield f"{_escaped(description(batch))}\n\n"
    for tally in batch.summary.arms:
        yield f"- {_escaped(tally_words(tally))}\n"
    for pair in batch.summary.pairs:
        yield f"- {_escaped(pair.sentence)}\n"
    names = [arm.name for arm in header.arms]
    yield "\n| row | question | reference | " + " | ".join(map(_escaped, names)) + " | changes |\n"
    yield "|" + " --- |" * (4 + len(names)) + "\n"
    for row in batch.rows:
        cells = [str(row.question.row), _escaped(row.question.text), _escaped(row.question.reference or "")]
        for answer in row.answers:
            if answer is None:
                cells.append("")
            elif answer.error:
                cells.append(f"! {_escaped(answer.error)}")
            else:
                cells.append(f"{SIGNS[answer.verdict]} {_escaped(answer.text)}".strip())
        cells.append(_escaped(changes_words(row)))
        yield "| " + " | ".join(cells) + " |\n"


def visible(text: str) -> str:
    """Text whose control characters, turned directions and half surrogates are � instead; line breaks and tabs stay."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def _outcome(answer: Answered) -> str:
    return "failed" if answer.error else answer.verdict


def _cell(text: str) -> str:
    text = visible(text)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _escaped(text: str) -> str:
    # The line break last: its own < and > are meant.
    return _MARKDOWN.sub(r"\\\1", visible(text).strip()).replace("\n", "<br>")
