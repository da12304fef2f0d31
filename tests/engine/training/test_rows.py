"""What is held out is never trained on, whatever way it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.formats.mapping import FieldMapping
from data.splitting.questions import asked, fold
from engine.training.job import DatasetSection
from engine.training.rows import load_rows, reference_for, split
from tests.data.formats.rows import written
from tests.engine.training.jobs import row
from tests.tiny import write_rows

ANSWER = {"role": "assistant", "content": "1"}
GOOD = {"instruction": "q", "output": "a"}

words = st.lists(st.sampled_from(["How fast?", "how FAST", "What?", "Why not", "Who is it?", "When!", "Where?", "so"]))


@given(questions=words, fraction=st.floats(0, 0.5))
def test_a_question_stays_on_one_side(questions: list[str], fraction: float) -> None:
    rows = [row(question, str(number), number) for number, question in enumerate(questions, 1)]
    train, held_out = split(rows, fraction)
    assert sorted(train + held_out, key=lambda each: each.row_number) == rows
    assert not {fold(asked(each)) for each in train} & {fold(asked(each)) for each in held_out}
    assert len(held_out) >= fraction * len(rows)


def test_the_split_is_about_as_large_as_asked_and_always_the_same() -> None:
    rows = [row(f"How fast is chip {number}?", "1 MHz", number) for number in range(200)]
    train, held_out = split(rows, 0.1)
    assert (len(train), len(held_out)) == (180, 20)
    assert split(rows, 0.1) == (train, held_out)
    assert split(rows, 0) == (rows, [])


def test_rows_of_the_held_out_file_are_withdrawn_from_the_training(tmp_path: Path) -> None:
    write_rows(tmp_path / "data.jsonl", [("How fast?", "1"), ("What?", "2"), ("Why?", "3")])
    write_rows(tmp_path / "held.jsonl", [("what", "2"), ("Who?", "4")])
    rows = load_rows(DatasetSection("data.jsonl", held_out="held.jsonl"), tmp_path)
    assert [asked(each) for each in rows.train] == ["How fast?", "Why?"]
    assert [asked(each) for each in rows.held_out] == ["what", "Who?"]
    assert rows.withdrawn == 1
    assert rows.files == [tmp_path / "data.jsonl", tmp_path / "held.jsonl"]


def test_only_the_first_rows_are_taken_where_asked(tmp_path: Path) -> None:
    write_rows(tmp_path / "data.jsonl", [("How fast?", "1"), ("What?", "2"), ("Why?", "3")])
    assert len(load_rows(DatasetSection("data.jsonl", max_rows=2), tmp_path).train) == 2


def test_the_dataset_answers_a_question_that_is_typed_differently() -> None:
    found = row("How fast is the RP2350?", "150 MHz", 1)
    assert reference_for(" how fast is the rp2350 ", [found]) == found
    assert reference_for("How slow is the RP2350?", [found]) is None


def test_rows_of_any_format_and_of_any_names_are_read(tmp_path: Path) -> None:
    written(tmp_path / "chat.json", {"messages": [{"role": "user", "content": "How fast?"}, ANSWER]})
    written(tmp_path / "own.jsonl", {"frage": "Wie schnell?", "antwort": "1"}, {"frage": "Was?", "antwort": "2"})
    (tmp_path / "table.csv").write_text("question,answer\nHow fast?,1\n")
    assert load_rows(DatasetSection("chat.json"), tmp_path).train == [row("How fast?", "1")]
    assert load_rows(DatasetSection("table.csv"), tmp_path).train == [row("How fast?", "1")]
    mapping = FieldMapping(question="frage", answer="antwort")
    rows = load_rows(DatasetSection("own.jsonl", mapping=mapping), tmp_path)
    assert [asked(each) for each in rows.train] == ["Wie schnell?", "Was?"]
    with pytest.raises(InputError, match="frage may be the question and antwort the answer"):
        load_rows(DatasetSection("own.jsonl"), tmp_path)
    # A held-out file need not have the names that the mapping is for.
    rows = load_rows(DatasetSection("own.jsonl", held_out="chat.json", mapping=mapping), tmp_path)
    assert [asked(each) for each in rows.held_out] == ["How fast?"]


def test_rows_that_cannot_be_trained_on_are_counted_and_named(tmp_path: Path) -> None:
    bad = {"instruction": "q", "output": ""}
    written(tmp_path / "data.jsonl", GOOD, bad, "{", GOOD | {"tools": [{"name": "f"}]}, GOOD, *[bad] * 4)
    with pytest.raises(InputError) as caught:
        load_rows(DatasetSection("data.jsonl"), tmp_path)
    named = "data.jsonl, row 2 has no output, and 6 other rows cannot be trained on either (rows 3, 4, 6, 7, 8 …)"
    assert caught.value.sentence == f'{named}; mend or delete those rows, or set dataset.unusable to "skip".'
    rows = load_rows(DatasetSection("data.jsonl", unusable="skip"), tmp_path)
    assert [each.row_number for each in rows.train] == [1, 5]
    assert rows.unusable == [named]
    written(tmp_path / "bad.jsonl", bad)
    with pytest.raises(InputError, match="has no usable rows"):
        load_rows(DatasetSection("bad.jsonl", unusable="skip"), tmp_path)
    held = DatasetSection("data.jsonl", held_out="data.jsonl", unusable="skip")
    with pytest.raises(InputError, match="is held out by"):
        load_rows(held, tmp_path)


def test_what_is_wrong_with_a_dataset_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^There is no dataset file .*data\.jsonl\.$"):
        load_rows(DatasetSection("data.jsonl"), tmp_path)
    data = tmp_path / "data.jsonl"
    data.write_text('{"instruction": "How fast?", "output": "1"}\n{"instruction": "What?"}\n')
    with pytest.raises(InputError, match=r"^data\.jsonl, row 2 has no output"):
        load_rows(DatasetSection("data.jsonl"), tmp_path)
    data.write_text("How fast? 1 MHz\n")
    with pytest.raises(InputError, match=r"^data\.jsonl"):
        load_rows(DatasetSection("data.jsonl"), tmp_path)
    data.write_text("")
    with pytest.raises(InputError, match="has no usable rows"):
        load_rows(DatasetSection("data.jsonl"), tmp_path)
    write_rows(data, [("How fast?", "1"), ("how fast", "2")])
    with pytest.raises(InputError, match="too few different questions"):
        load_rows(DatasetSection("data.jsonl", held_out_fraction=0.5), tmp_path)
    with pytest.raises(InputError, match="is held out by"):
        load_rows(DatasetSection("data.jsonl", held_out="data.jsonl"), tmp_path)
