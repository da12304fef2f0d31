"""Which files of a hub dataset hold its rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import InputError
from engine.datasets.files import HubDataset, chosen_files, hub_dataset, named_by

META = [".gitattributes", "README.md", "dataset_infos.json", "data/dataset_info.json", ".cache/x.parquet"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("owner/name", HubDataset("owner/name")),
        (" owner/na.me-2:test ", HubDataset("owner/na.me-2", "test")),
        ("owner/name:en/test", HubDataset("owner/name", "en/test")),
        ("owner/name:", HubDataset("owner/name")),
        ("name", None),
        ("a/b/c", None),
        ("../x", None),
        ("/a/b", None),
        ("a b/c", None),
        ("", None),
    ],
)
def test_names(text: str, expected: HubDataset | None) -> None:
    assert hub_dataset(text) == expected


def test_a_path_where_nothing_is_can_name_a_dataset(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path, meant in (
        ("owner/name", HubDataset("owner/name")),
        ("owner/name:test", HubDataset("owner/name", "test")),
        ("owner/rows.jsonl", None),
        ("owner/rows.csv.gz", None),
        ("folder/name", None),
        ("name", None),
        ("a/b/c", None),
    ):
        assert named_by(tmp_path / path, tmp_path) == meant
    assert named_by(Path("/owner/name"), tmp_path) is None


@pytest.mark.parametrize(
    ("names", "part", "expected"),
    [
        (["alpaca_data.json"], None, ["alpaca_data.json"]),
        (["data/train-00001-of-00002.parquet", "data/train-00000-of-00002.parquet", "data/test-00000-of-00001.parquet"],
         None, ["data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet"]),
        (["data/train-0.parquet", "data/test-0.parquet"], "test", ["data/test-0.parquet"]),
        (["train.jsonl", "dev.jsonl"], "validation", ["dev.jsonl"]),
        (["train.jsonl", "validation.jsonl"], "val", ["validation.jsonl"]),
        (["train.jsonl", "train.parquet", "train.csv"], None, ["train.parquet"]),
        (["train.csv", "test.parquet"], None, ["train.csv"]),
        (["en/train.csv", "de/train.csv", "de/test.csv"], "de", ["de/test.csv", "de/train.csv"]),
        (["en/train.csv", "de/train.csv", "de/test.csv"], "de/train", ["de/train.csv"]),
        (["en/train.csv", "de/train.csv"], None, ["de/train.csv", "en/train.csv"]),
        (["Training_Set.JSONL.gz", "notes.pdf"], None, ["Training_Set.JSONL.gz"]),
        (["rows.json.zst", "rows.gz"], None, ["rows.json.zst"]),
        (["book.txt", "README.txt", "requirements.txt"], None, ["book.txt"]),
        (["../train.csv", "/train.parquet", "a/../../train.json", "train.txt"], None, ["train.txt"]),
    ],
)  # fmt: skip
def test_the_files_with_rows_are_chosen(names: list[str], part: str | None, expected: list[str]) -> None:
    assert chosen_files([*META, *names], HubDataset("owner/name", part)) == expected


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(InputError, match="owner/name has no file with rows"):
        chosen_files([*META, "script.py", "images.zip"], HubDataset("owner/name"))
    with pytest.raises(InputError, match="has no part tests; it has train, test"):
        chosen_files(["train.csv", "test.csv"], HubDataset("owner/name", "tests"))
    with pytest.raises(InputError, match=r"has no part test; it has all\.csv, more\.csv"):
        chosen_files(["more.csv", "all.csv"], HubDataset("owner/name", "test"))
