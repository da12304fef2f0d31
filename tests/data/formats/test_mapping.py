"""Files whose fields have names of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.errors import InputError
from data.formats.conversation import Conversation, Preference, Turn
from data.formats.detect import detect, look
from data.formats.mapping import FieldMapping, mapping_from
from data.formats.mapping_file import NAME, load_mapping, load_mappings, save_mapping
from data.formats.pair import Pair, PairError
from data.formats.reading import pairs
from data.store import RowStore
from tests.data.formats.rows import rows_of, written

QA = FieldMapping(question="q", answer="a")
Q, A, B = Turn("user", "How heavy?"), Turn("assistant", "46 g."), Turn("assistant", "64 g.")
FULL = FieldMapping(question="q", input="more", answer="a", system="s", label="ok")
DIALOG = FieldMapping(turns="talk", role="who", text="says", user="ann", assistant="bob")
BETTER = FieldMapping(question="q", chosen="good", rejected="bad")


@pytest.mark.parametrize(
    ("mapping", "row", "conversation"),
    [
        (QA, {"q": Q.text, "a": A.text}, Conversation((Q, A), 1)),
        (
            FULL,
            {"q": "How", "more": "heavy?", "a": A.text, "s": "Be short.", "ok": True},
            Conversation((Turn("user", "How\n\nheavy?"), A), 1, "Be short.", label=True),
        ),
        (
            DIALOG,
            {"talk": [{"who": "ann", "says": Q.text}, {"who": "bob", "says": A.text}]},
            Conversation((Q, A), 1),
        ),
        (
            BETTER,
            {"q": Q.text, "good": A.text, "bad": B.text},
            Conversation((Q,), 1, preference=Preference((A,), (B,))),
        ),
    ],
)
def test_rows_are_read_and_written(mapping: FieldMapping, row: dict[str, Any], conversation: Conversation) -> None:
    mapping.check("here")
    assert mapping.evidence(row)
    read = mapping.conversation(row, 1)
    assert read == conversation
    assert mapping.losses(read) == []
    assert mapping.write(read) == row
    assert mapping.fields({**row, "id": 3}) == set(row)


def test_turns_in_a_cell_of_text() -> None:
    row = {"talk": "[{'who': 'ann', 'says': 'How heavy?'}, {'who': 'bob', 'says': '46 g.'}]"}
    assert DIALOG.conversation(row, 1).turns == (Q, A)


@pytest.mark.parametrize(("value", "label"), [("true", True), (0, False), ("No", False), (True, True)])
def test_labels_as_tables_write_them(value: object, label: bool) -> None:
    mapping = FieldMapping(question="q", answer="a", label="ok")
    assert mapping.conversation({"q": "q", "a": "a", "ok": value}, 1).label is label
    with pytest.raises(PairError, match="neither true nor false"):
        mapping.conversation({"q": "q", "a": "a", "ok": 2}, 1)


def test_rows_without_the_fields() -> None:
    assert QA.evidence({"q": "x"}) == ""
    with pytest.raises(PairError, match="has no a"):
        QA.conversation({"q": "x"}, 1)
    with pytest.raises(PairError, match="has no talk"):
        DIALOG.conversation({"talk": "x"}, 1)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "needs question and answer"),
        ({"answer": "a"}, "names an answer and no question"),
        ({"question": "a", "answer": "a"}, "uses the field a twice"),
        ({"chosen": "a"}, "needs both chosen and rejected"),
        ({"turns": "t", "question": "q"}, "names turns, which hold the question already"),
        ({"turns": "t", "role": "r"}, "needs role and text together"),
        ({"turns": "t", "user": "u"}, "needs user and assistant together"),
        ({"question": "q", "answer": "a", "role": "r", "text": "t"}, "names keys of turns and no turns"),
        ({"question": "q", "chosen": "c", "rejected": "r", "label": "l"}, "of which a row has one"),
        ({"qestion": "q"}, "did you mean question?"),
        ({"question": 3}, "must be the name of a field"),
    ],
)
def test_a_mapping_that_cannot_be_used(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        mapping_from(values, "job.toml")
    assert sentence in caught.value.sentence
    assert caught.value.sentence.startswith("job.toml: ")


def test_a_file_is_read_with_its_mapping(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.jsonl", {"q": "How?", "a": "So."}, {"q": "How?"})
    store = RowStore.open(path)
    found = look(store, QA)
    store.close()
    assert (found.format, found.fitting, found.evidence) == (
        QA,
        1,
        "1 of 2 rows have q as the question, a as the answer",
    )
    assert [(misfit.row_number, misfit.reason) for misfit in found.misfits] == [(2, "has no a")]
    with pytest.raises(InputError, match="row 2 has no a"):
        list(pairs(path, QA))
    assert next(pairs(path, QA)) == Pair("How?", "So.", 1)
    with pytest.raises(InputError, match="q may be the question and a the answer"):
        list(pairs(written(tmp_path / "other.jsonl", {"q": "How?", "a": "So."})))


def test_a_mapping_stands_even_where_no_row_fits() -> None:
    found = detect(rows_of({"instruction": "x", "output": "y"}), QA)
    assert (found.format, found.fitting, found.confidence) == (QA, 0, 0.0)
    assert found.misfits[0].reason.startswith("is Alpaca")


def test_mappings_are_remembered_by_the_workspace(tmp_path: Path) -> None:
    odd = FieldMapping(question='q "x"\x7f', answer="ответ")
    assert load_mappings(tmp_path) == {}
    save_mapping(tmp_path, tmp_path / "a.csv", QA)
    save_mapping(tmp_path, tmp_path / "sub" / "b c.jsonl", odd)
    save_mapping(tmp_path, Path("/elsewhere/d.jsonl"), DIALOG)
    assert load_mapping(tmp_path, tmp_path / "a.csv") == QA
    assert load_mapping(tmp_path, tmp_path / "sub" / "b c.jsonl") == odd
    assert load_mapping(tmp_path, Path("/elsewhere/d.jsonl")) == DIALOG
    assert set(load_mappings(tmp_path)) == {"a.csv", "sub/b c.jsonl", "/elsewhere/d.jsonl"}
    save_mapping(tmp_path, tmp_path / "a.csv", None)
    assert load_mapping(tmp_path, tmp_path / "a.csv") is None
    with pytest.raises(InputError, match="needs question and answer"):
        save_mapping(tmp_path, tmp_path / "a.csv", FieldMapping())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("q = ", "is not a TOML file"),
        ('"a.csv" = 3', "must be a table"),
        ('["a.csv"]\nfrage = "q"', "a mapping has no setting frage"),
        ('["a.csv"]\nquestion = "q"', "needs question and answer"),
    ],
)
def test_a_mapping_file_that_cannot_be_used(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / NAME).parent.mkdir()
    (tmp_path / NAME).write_text(text)
    with pytest.raises(InputError, match=sentence) as caught:
        load_mappings(tmp_path)
    assert "mappings.toml" in caught.value.sentence
