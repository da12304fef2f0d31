"""`burnish data split` and `burnish data leakage`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.bundled import bundled_path
from tests.data.formats.rows import written
from tests.tui.commands.data.cases import refused, said, told

ROWS = [
    '{"instruction": "What is A?",  "output": "One.", "kind": "x"}',
    '{"instruction": "what is a", "output": "\\u0031.", "kind": "x"}',
    '{"output": "Three.", "instruction": "What is B?", "kind": "x"}',
    '{"instruction": "What is D?", "output": "Four.", "kind": "y"}',
    '{"instruction": ',
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "rows.jsonl", *ROWS)


def outputs(folder: Path) -> tuple[Path, Path]:
    return folder / "train.jsonl", folder / "held.jsonl"


def words(file: Path, *more: object) -> list[object]:
    train, held = outputs(file.parent)
    return ["split", file, "--train", train, "--held-out-file", held, *more]


def test_rows_are_copied_byte_for_byte_and_no_fact_is_in_both(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    result = told(capsys, *words(file, "--held-out", "50%"))
    train, held = (path.read_text().splitlines() for path in outputs(file.parent))
    assert sorted(train + held) == sorted(ROWS)
    assert [ROWS[number - 1] for number in result["held_out"]["of"]] == held
    assert len(held) == 2
    assert (ROWS[0] in held) == (ROWS[1] in held)
    assert ROWS[4] in train
    assert (result["groups"], result["grouped"], result["largest_group"], result["unread"]) == (1, 2, [1, 2], [5])
    assert result["links"] == {"same question": 1}
    assert (result["train"]["rows"], result["held_out"]["rows"]) == (3, 2)


def test_what_was_split_is_said(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    text = said(capsys, *words(file, "--held-out", "1", "--stratify", "kind", "--seed", "3"))
    assert "train            4 rows   80%" in text
    assert "1 group of 2 rows kept together: same question (1)" in text
    assert "the largest has 2 rows: 1, 2" in text
    assert "1 row cannot be read" in text
    said(capsys, *words(file, "--held-out", "0.5", "--no-by-fact", "--overwrite"))


def test_other_kinds_of_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [{"instruction": f"What is {name}?", "output": f"{name}{name}."} for name in ("Ash", "Bee", "Cow", "Dog")]
    file = tmp_path / "rows.json"
    file.write_text(json.dumps(rows, indent=2))
    said(
        capsys,
        "split",
        file,
        "--held-out",
        "25%",
        "--train",
        tmp_path / "a.json",
        "--held-out-file",
        tmp_path / "b.json",
    )
    train, held = (json.loads((tmp_path / name).read_text()) for name in ("a.json", "b.json"))
    assert (len(train), len(held)) == (3, 1)
    assert sorted(str(row) for row in train + held) == sorted(map(str, rows))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ([], "--held-out"),
        (["--held-out", "0"], "give a share such as 10%"),
        (["--held-out", "120%"], "give a share such as 10%"),
        (["--held-out", "1.5"], "give a share such as 10%"),
        (["--held-out", "many"], "give a share such as 10%"),
        (["--held-out", "9"], "cannot be held out"),
        (["--held-out", "10%", "--train", "held.jsonl", "--held-out-file", "held.jsonl"], "cannot hold both sides"),
        (["--held-out", "25%", "--train", "x.csv"], "Nothing was written"),
    ],
)
def test_what_cannot_be_split(
    capsys: pytest.CaptureFixture[str],
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    more: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(file.parent)
    assert sentence in refused(capsys, *words(file, *more))
    assert [each.name for each in file.parent.iterdir()] == ["rows.jsonl"]


def test_leakage_is_shown_row_by_row(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    other = written(
        file.parent / "other.jsonl", {"prompt": "Why?", "completion": "x"}, {"prompt": "what is d", "completion": "y"}
    )
    assert said(capsys, "leakage", file, other).splitlines() == [
        "1 of 2 rows (50%) of other.jsonl ask or state what rows.jsonl does: same question (1)",
        "row 4 ~ row 2  same question",
        "       4  What is D?",
        "       2  what is d",
    ]
    result = told(capsys, "leakage", file, other)
    assert result["matches"] == [{"a": 4, "b": 2, "why": "same question"}]
    assert (result["rows_a"], result["rows_b"], result["share"]) == (5, 2, 0.5)
    assert "… and 1 row more" in said(capsys, "leakage", file, other, "--limit", 0)


def test_nothing_in_common(capsys: pytest.CaptureFixture[str]) -> None:
    both = bundled_path("raspberry_pi.jsonl"), bundled_path("general.jsonl")
    assert "have nothing in common (340 rows and 84 rows)" in said(capsys, "leakage", *both)
