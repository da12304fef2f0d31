"""A person's own synonym file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.errors import InputError
from data.facts import compare, load_synonyms
from data.facts.extract import forget
from data.facts.vocabulary import aliases


@pytest.fixture(autouse=True)
def _unchanged_afterwards() -> Iterator[None]:
    before = dict(aliases.ALIASES)
    yield
    aliases.ALIASES.clear()
    aliases.ALIASES.update(before)
    forget()


def test_names_of_a_set_are_the_same(tmp_path: Path) -> None:
    question = "Which drug is given?"
    assert compare("Foobarin.", "Bazomycin.", question=question).label == "different"
    file = tmp_path / "synonyms.toml"
    file.write_text('same = [["Foobarin", "Bazomycin"], ["SoC", "system on a chip"]]', encoding="utf-8")
    assert load_synonyms(file) == 2
    assert compare("Foobarin.", "Bazomycin.", question=question).label == "same"


@pytest.mark.parametrize(
    "content",
    [
        "same = 5",
        'same = [["alone"]]',
        'same = [["a", 1]]',
        'other = [["a", "b"]]',
        "same = [",
        'same = [["a", "b"]]\nx = 1',
    ],
)
def test_another_form_is_one_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "synonyms.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"synonyms\.toml"):
        load_synonyms(file)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_synonyms(tmp_path / "none.toml")
