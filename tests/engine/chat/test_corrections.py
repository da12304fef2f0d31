"""Corrected answers and preference pairs in the files of a workspace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.errors import InputError
from data.formats.conversation import Turn
from data.formats.detect import look
from data.preferences import Candidate, TwoAnswers, preferred
from data.store import RowStore
from engine.chat.corrections import (
    CORRECTIONS_FILE,
    PREFERENCES_FILE,
    corrected,
    keep_correction,
    keep_pair,
    keep_pairs,
)

ASKED = (Turn("user", "How fast?"),)
TWO = TwoAnswers(ASKED, Candidate("base", "smol", "1.15 GHz"), Candidate("tuned", "lora-1", "150 MHz"))
ROW = {"prompt": "How fast?", "chosen": "150 MHz", "rejected": "1.15 GHz"}


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_pairs_are_a_file_that_is_known_as_preference(tmp_path: Path) -> None:
    kept = keep_pair(tmp_path, TWO, "B")
    assert (kept.path.name, kept.row_number, kept.added) == (PREFERENCES_FILE, 1, True)
    second = TwoAnswers((Turn("user", "Why?"),), Candidate("base", "m", "No."), Candidate("tuned", "n", "Yes."))
    assert keep_pair(tmp_path, second, "A").row_number == 2
    assert rows(kept.path) == [ROW, {"prompt": "Why?", "chosen": "No.", "rejected": "Yes."}]
    store = RowStore.open(kept.path, journals=tmp_path / ".burnish" / "journals")
    detection = look(store)
    assert (detection.name, detection.fitting, store.pending()) == ("preference", 2, [])


def test_a_pair_is_written_once_and_another_mind_replaces_it(tmp_path: Path) -> None:
    kept = keep_pair(tmp_path, TWO, "B")
    assert not keep_pair(tmp_path, TWO, "B").added
    assert not keep_pair(tmp_path, TWO.swapped, "A").added
    assert rows(kept.path) == [ROW]
    assert keep_pair(tmp_path, TWO, "A").added
    assert rows(kept.path) == [ROW | {"chosen": "1.15 GHz", "rejected": "150 MHz"}]


def test_what_texts_cannot_hold_goes_into_a_file_of_turns(tmp_path: Path) -> None:
    keep_pair(tmp_path, TWO, "B")
    briefly = TwoAnswers(ASKED, TWO.a, TWO.b, "Be brief.")
    kept = keep_pair(tmp_path, briefly, "B")
    assert kept.path.name == "preferences-chat.jsonl"
    (row,) = rows(kept.path)
    assert row["prompt"] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How fast?"}]
    assert rows(tmp_path / PREFERENCES_FILE) == [ROW]


def test_a_file_of_turns_gets_turns(tmp_path: Path) -> None:
    path = tmp_path / PREFERENCES_FILE
    turns = {name: [{"role": role, "content": "x"}] for name, role in (("prompt", "user"), ("chosen", "assistant"))}
    path.write_text(json.dumps(turns | {"rejected": [{"role": "assistant", "content": "y"}]}) + "\n")
    assert keep_pair(tmp_path, TWO, "B").path == path
    assert keep_pair(tmp_path, TwoAnswers(ASKED, TWO.a, TWO.b, "Be brief."), "B").row_number == 3
    assert [list(map(type, row.values())) for row in rows(path)] == [[list, list, list]] * 3
    assert rows(path)[1]["chosen"] == [{"role": "assistant", "content": "150 MHz"}]


def test_many_pairs_are_one_change_each_in_its_place(tmp_path: Path) -> None:
    keep_pair(tmp_path, TWO, "A")
    other = TwoAnswers((Turn("user", "Why?"),), TWO.a, TWO.b)
    briefly = TwoAnswers(ASKED, TWO.a, TWO.b, "Be brief.")
    pairs = [preferred(other, "A"), preferred(briefly, "B"), preferred(TWO, "B")]
    kept = keep_pairs(tmp_path, pairs)
    assert [(each.path.name, each.row_number, each.added) for each in kept] == [
        (PREFERENCES_FILE, 1, True),
        ("preferences-chat.jsonl", 1, True),
        (PREFERENCES_FILE, 2, True),
    ]
    assert [row["prompt"] for row in rows(tmp_path / PREFERENCES_FILE)] == ["Why?", "How fast?"]
    again = keep_pairs(tmp_path, pairs)
    assert [(each.row_number, each.added) for each in again] == [(1, False), (1, False), (2, False)]
    assert keep_pairs(tmp_path, []) == []


def test_pairs_with_unsaved_edits_are_left_alone(tmp_path: Path) -> None:
    path = keep_pair(tmp_path, TWO, "B").path
    editing = RowStore.open(path, journals=tmp_path / ".burnish" / "journals")
    editing.set_field(0, "chosen", "150 MHz.")
    before = path.read_bytes()
    with pytest.raises(InputError, match="unsaved edits"):
        keep_pair(tmp_path, TWO, "A")
    assert path.read_bytes() == before
    editing.save()
    assert keep_pair(tmp_path, TWO, "A").row_number == 2, "the edited pair is another one"


def test_a_correction_goes_where_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / CORRECTIONS_FILE
    kept = keep_correction(tmp_path, path, corrected(ASKED, "150 MHz", "1.15 GHz"))
    assert (kept.path, kept.row_number) == (path, 1)
    turns = [{"role": "user", "content": "How fast?"}, {"role": "assistant", "content": "150 MHz"}]
    assert rows(path) == [{"messages": turns}]
    assert keep_correction(tmp_path, path, corrected(ASKED, "150 MHz", "")).row_number == 2


def test_an_answer_that_was_right_is_no_pair(tmp_path: Path) -> None:
    path = tmp_path / PREFERENCES_FILE
    path.write_text(json.dumps(ROW) + "\n")
    with pytest.raises(InputError, match="no rejected answer"):
        keep_correction(tmp_path, path, corrected(ASKED, "150 MHz", "150 MHz "))
