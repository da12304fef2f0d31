"""Which fields of an unknown file are proposed as question and answer."""

from __future__ import annotations

from typing import Any

import pytest

from data.formats.detect import detect
from data.formats.mapping import FieldMapping
from data.formats.proposal import propose
from tests.data.formats.rows import rows_of

ROWS = 12


def rows(**fields: str) -> list[dict[str, Any]]:
    """Rows with a number in each text."""
    return [{name: text.replace("#", str(number)) for name, text in fields.items()} for number in range(ROWS)]


@pytest.mark.parametrize(
    ("sample", "mapping"),
    [
        (rows(q="How # ?", a="So #."), FieldMapping(question="q", answer="a")),
        (rows(antwort="So #.", frage="Wie #?"), FieldMapping(question="frage", answer="antwort")),
        (rows(userQuestion="How #?", modelAnswer="#."), FieldMapping(question="userQuestion", answer="modelAnswer")),
        (rows(Question="How #?", Answer="#.", Context="c"), FieldMapping("Question", "Context", "Answer")),
        (
            rows(query="How #?", reply="#.", system_prompt="Be brief."),
            FieldMapping(question="query", answer="reply", system="system_prompt"),
        ),
        (rows(id="x#", said="It is # g.", asked="How heavy #?"), FieldMapping(question="asked", answer="said")),
        (rows(kind="one", left="the text # here", right="und # da"), FieldMapping(question="left", answer="right")),
        (rows(q="How #?", beschreibung="It weighs # g."), FieldMapping(question="q", answer="beschreibung")),
        (
            rows(question="How #?", better="a #", worse="b #"),
            FieldMapping("question", chosen="better", rejected="worse"),
        ),
        (
            [{"talk": [{"who": "ann", "says": "How #?"}, {"who": "bob", "says": "So it is."}]}] * 3,
            FieldMapping(turns="talk", role="who", text="says", user="ann", assistant="bob"),
        ),
        (
            [{"talk": [{"speaker": "human", "utterance": "How #?"}, {"speaker": "bot", "utterance": "So."}]}] * 3,
            FieldMapping(turns="talk", role="speaker", text="utterance"),
        ),
    ],
)
def test_fields_are_proposed(sample: list[dict[str, Any]], mapping: FieldMapping) -> None:
    found = propose(sample)
    assert found is not None
    assert found.mapping == mapping
    found.mapping.check("here")
    assert all(getattr(mapping, name) in found.evidence for name in ("question", "answer", "turns", "chosen"))
    assert mapping.conversation(sample[0], 1)


@pytest.mark.parametrize(
    "sample",
    [
        rows(text_one="a b #", text_two="c d #", text_three="e f #"),
        rows(id="#", name="x#"),
        [{"a_list": [1, 2]}, {"number": 3}],
        [{}],
        [],
    ],
)
def test_nothing_is_proposed_where_nothing_shows_it(sample: list[dict[str, Any]]) -> None:
    assert propose(sample) is None


def test_a_detection_carries_the_proposal() -> None:
    found = detect(rows_of(*rows(q="How #?", a="So #.")))
    assert found.format is None
    assert found.proposal is not None
    assert found.proposal.evidence == "q may be the question and a the answer (by their names)"
    assert detect(rows_of({"instruction": "q", "output": "a"})).proposal is None
