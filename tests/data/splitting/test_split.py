"""No fact is on both sides of a split."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.bundled import bundled_path
from data.errors import InputError
from data.splitting.keys import Why
from data.splitting.split import Split, SplitOptions, Splitting
from tests.data.formats.rows import written
from tests.data.splitting.rows import pair, rows_about, source_of

LONG = " ".join(f"{a}{b}" for b in ("ade", "ink", "oft", "ump", "elm") for a in "bcdfghjklmnprst")
THINGS = [f"{a}{b}" for a in ("ball", "gate", "kite", "lamp", "moon") for b in ("ine", "orb", "usk", "ack")]


def split(path: Path, options: SplitOptions) -> Split:
    splitting = Splitting(source_of(path), options)
    fractions = list(splitting.run())
    assert fractions == sorted(fractions)
    assert splitting.split is not None
    return splitting.split


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled rows, and after them the same facts asked differently."""
    path = tmp_path_factory.mktemp("both") / "both.jsonl"
    names = ("raspberry_pi.jsonl", "raspberry_pi_paraphrased.jsonl")
    path.write_bytes(b"".join(bundled_path(name).read_bytes() for name in names))
    return path


@pytest.mark.parametrize("seed", [0, 7])
def test_every_paraphrase_stays_with_its_original(both: Path, seed: int) -> None:
    found = split(both, SplitOptions(0.2, seed=seed))
    rows = [json.loads(line) for line in both.read_text().splitlines()]
    paraphrases = {index: row["fact"] - 1 for index, row in enumerate(rows) if "fact" in row}
    assert len(paraphrases) > 100
    apart = [index for index, fact in paraphrases.items() if (index in found.held_out) != (fact in found.held_out)]
    assert apart == []
    assert abs(len(found.held_out) - 0.2 * len(rows)) <= 3
    assert len(found.largest) <= 6


def test_rows_that_have_little_in_common_are_no_group(tmp_path: Path) -> None:
    found = split(bundled_path("raspberry_pi.jsonl"), SplitOptions(0.1))
    assert found.rows == 340
    assert found.grouped < 0.05 * found.rows
    assert split(written(tmp_path / "a.jsonl", *rows_about(THINGS)), SplitOptions(0.1)).grouped == 0


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (("How fast is it?", "Very."), ("how FAST is it", "Not."), Why.QUESTION),
        (("How do I delete a big file?", "x"), ("How do I erase a large file?", "y"), Why.REWORDED),
        (
            ("What is the RP2350's top clock?", "The RP2350 runs at up to 150 MHz."),
            ("How fast can an RP2350 go?", "Up to 150 MHz."),
            Why.FACT,
        ),
        (("How much is paid for an RP2040?", "One US dollar."), ("The RP2040's price?", "1 USD"), Why.FACT),
        (
            ("How many cores are in the RP2040?", "The RP2040 has two cores."),
            ("Is the RP2040 a multi-core chip?", "Yes, the RP2040 has 2 cores."),
            Why.FACT,
        ),
        (
            ("Who made the lamp on the desk?", "The lamp was made by Ada."),
            ("What is known about that lamp?", "The lamp was made by Ada."),
            Why.ANSWER,
        ),
        (
            ("Tell me of the ship", LONG + " captains"),
            ("What of that boat", LONG + " sailors"),
            Why.LIKE,
        ),
    ],
)
def test_why_rows_belong_together(tmp_path: Path, one: tuple[str, str], other: tuple[str, str], why: Why) -> None:
    path = written(tmp_path / "a.jsonl", pair(*one), *rows_about(THINGS[:6]), pair(*other))
    found = split(path, SplitOptions(0.3))
    assert found.reasons == {why: 1}
    assert (found.groups, found.grouped, found.largest) == (1, 2, (1, 8))
    assert (0 in found.held_out) == (7 in found.held_out)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("How many cores has the RP2040?", "Two."), ("How many UARTs has the RP2040?", "Two.")),
        (("How fast is the RP2350?", "150 MHz."), ("How fast is the RP2040?", "133 MHz.")),
        (("How do I get from Bonn to Kiel?", "By train."), ("How do I get from Kiel to Bonn?", "By car.")),
        (("What is C++?", "One."), ("What is C#?", "Another.")),
        (
            ("Write a poem.", "I am sorry, I cannot help with that."),
            ("Hack it.", "I am sorry, I cannot help with that."),
        ),
    ],
)
def test_what_does_not_belong_together(tmp_path: Path, one: tuple[str, str], other: tuple[str, str]) -> None:
    path = written(tmp_path / "a.jsonl", pair(*one), *rows_about(THINGS[:6]), pair(*other))
    assert split(path, SplitOptions(0.3)).reasons == {}


def test_chains_of_links_are_one_group(tmp_path: Path) -> None:
    rows = [pair("What is A?", "One."), pair("what is a", "Two."), pair("What is A!", "Three.")]
    found = split(written(tmp_path / "a.jsonl", *rows, *rows_about(THINGS)), SplitOptions(0.5))
    assert found.largest == (1, 2, 3)


def test_without_facts_each_row_falls_by_itself(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", *[pair("What is A?", str(n)) for n in range(40)])
    found = split(path, SplitOptions(0.25, by_fact=False))
    assert (len(found.held_out), found.groups) == (10, 0)
    with pytest.raises(InputError, match="too few different questions"):
        split(path, SplitOptions(0.25))


def test_the_seed_decides_and_nothing_else(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", *rows_about(THINGS))
    one, other = (split(path, SplitOptions(5, seed=seed)).held_out for seed in (1, 2))
    assert len(one) == len(other) == 5
    assert one != other
    assert one == split(path, SplitOptions(5, seed=1)).held_out


def test_strata_have_the_same_shares_on_both_sides(tmp_path: Path) -> None:
    rows = [row | {"kind": "ab"[n % 4 == 0]} for n, row in enumerate(rows_about(THINGS))]
    found = split(written(tmp_path / "a.jsonl", *rows), SplitOptions(0.2, stratify="kind"))
    assert found.strata == {"a": (12, 3), "b": (4, 1)}
    answers = ["Yes, it is.", "No, it is not.", "It weighs 5 kg."]
    rows = [pair(f"Is the {thing} heavy?", f"{answers[n % 3]} {thing}") for n, thing in enumerate(THINGS[:18])]
    found = split(written(tmp_path / "b.jsonl", *rows), SplitOptions(0.34, stratify="answer-kind"))
    assert found.strata == {"no": (4, 2), "quantity": (4, 2), "yes": (4, 2)}
    rows = [pair(f"What is a {thing}?", "x" * (20 if n % 2 else 200) + thing) for n, thing in enumerate(THINGS)]
    found = split(written(tmp_path / "c.jsonl", *rows), SplitOptions(0.2, stratify="length"))
    assert found.strata == {"below 100 characters": (8, 2), "below 300 characters": (8, 2)}
    found = split(written(tmp_path / "d.jsonl", *rows), SplitOptions(0.2, stratify="colour"))
    assert list(found.strata) == ["without colour"]


def test_rows_that_cannot_be_read_are_trained_on_and_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", *rows_about(THINGS), "{", {"instruction": "x"})
    found = split(path, SplitOptions(0.2))
    assert found.unread == (21, 22)
    assert not {20, 21} & found.held_out


@pytest.mark.parametrize("share", [0, -0.1, 20, 30])
def test_shares_that_cannot_be_held_out(tmp_path: Path, share: float) -> None:
    source = source_of(written(tmp_path / "a.jsonl", *rows_about(THINGS)))
    with pytest.raises(InputError, match="cannot be held out"):
        Splitting(source, SplitOptions(share))


@given(
    questions=st.lists(st.sampled_from(THINGS[:8]), min_size=4, max_size=60),
    share=st.floats(0.1, 0.6),
    seed=st.integers(0, 9),
)
@settings(max_examples=40, deadline=None)
def test_questions_stay_on_one_side_and_the_share_is_close(
    tmp_path_factory: pytest.TempPathFactory, questions: list[str], share: float, seed: int
) -> None:
    rows = [pair(f"Why {thing}?", f"{number} {thing}") for number, thing in enumerate(questions)]
    path = written(tmp_path_factory.mktemp("rows") / "a.jsonl", *rows)
    try:
        found = split(path, SplitOptions(share, seed=seed))
    except InputError:
        return
    held = {questions[index] for index in found.held_out}
    trained = {thing for index, thing in enumerate(questions) if index not in found.held_out}
    assert held
    assert trained
    assert not held & trained
    most = max(questions.count(thing) for thing in questions)
    assert abs(len(found.held_out) - share * len(rows)) <= most
