"""Votes on the disk: kept whatever happens, read back as they were, counted once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BurnishError
from data.formats.conversation import Turn
from data.preferences import CHOICES, Candidate, Choice, TwoAnswers
from data.tally import Tally
from engine.chat.votes import VOTES_FILE, Vote, cast, read_votes, standing, tally_between

BASE, TUNED = Candidate("base", "smol", "1.15 GHz"), Candidate("tuned", "lora-1", "150 MHz")


def two(question: str = "How fast?", a: Candidate = BASE, b: Candidate = TUNED) -> TwoAnswers:
    return TwoAnswers((Turn("user", question),), a, b)


def vote(choice: Choice, answers: TwoAnswers | None = None, *, blind: bool = True) -> Vote:
    return Vote(answers or two(), choice, blind, 1.5)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.text(), st.text(), st.sampled_from(CHOICES), st.booleans()), max_size=4))
def test_votes_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str, Choice, bool]]
) -> None:
    workspace = tmp_path_factory.mktemp("workspace")
    votes = [
        Vote(TwoAnswers((Turn("user", asked),), BASE, Candidate("tuned", "x", text), None, text), choice, blind, 2.0)
        for asked, text, choice, blind in said
    ]
    for each in votes:
        cast(workspace, each)
    assert read_votes(workspace) == votes


def test_a_torn_tail_costs_nothing_else(tmp_path: Path) -> None:
    cast(tmp_path, vote("A"))
    path = tmp_path / VOTES_FILE
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    assert [each.choice for each in read_votes(tmp_path)] == ["A"]
    cast(tmp_path, vote("B"))
    assert [each.choice for each in read_votes(tmp_path)] == ["A", "B"]
    path.write_bytes(path.read_bytes() + b"\0" * 30)
    cast(tmp_path, vote("tie"))
    assert [each.choice for each in read_votes(tmp_path)] == ["A", "B", "tie"]


@pytest.mark.parametrize("line", ["[]", "{}", "1", '{"turns": [], "choice": "A"}', "[" * 100_000])
def test_a_line_of_something_else_is_passed_over(tmp_path: Path, line: str) -> None:
    cast(tmp_path, vote("A"))
    path = tmp_path / VOTES_FILE
    wrong = json.loads(path.read_bytes()) | {"choice": "C"}
    path.write_text(f"{line}\n{path.read_text()}{json.dumps(wrong)}\n")
    assert read_votes(tmp_path) == [vote("A")]


def test_the_last_vote_on_the_same_answers_counts(tmp_path: Path) -> None:
    for each in (vote("A"), vote("tie", two("Why?")), vote("A", two().swapped)):
        cast(tmp_path, each)
    assert [each.choice for each in standing(read_votes(tmp_path))] == ["tie", "A"]


def test_a_tally_is_of_two_models_and_of_one_way_to_vote() -> None:
    votes = [
        vote("A", two("1")),
        vote("A", two("2").swapped),
        vote("B", two("3")),
        vote("both bad", two("4").swapped),
        vote("B", two("5"), blind=False),
        vote("B", two("6", b=Candidate("tuned", "lora-2", "150 MHz"))),
    ]
    assert tally_between(votes, BASE, TUNED, blind=True) == Tally(1, 2, 0, 1)
    assert tally_between(votes, TUNED, BASE, blind=True) == Tally(2, 1, 0, 1)
    assert tally_between(votes, BASE, TUNED, blind=False) == Tally(0, 1)


def test_no_votes_are_no_error_and_an_unwritable_file_is_one_sentence(tmp_path: Path) -> None:
    assert read_votes(tmp_path) == []
    (tmp_path / ".burnish").write_text("in the way")
    with pytest.raises(BurnishError, match=r"votes\.jsonl was not written"):
        cast(tmp_path, vote("A"))
