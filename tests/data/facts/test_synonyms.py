"""A person's own synonym file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.errors import InputError
from data.facts import compare, judge, load_synonyms, use_synonyms
from data.facts.synonyms import forget_synonyms


@pytest.fixture(autouse=True)
def _unchanged_afterwards() -> Iterator[None]:
    yield
    forget_synonyms()


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


@pytest.mark.parametrize(
    ("names", "a", "b", "question"),
    [
        (["Foobarin", "Bazomycin"], "It is foobarin.", "BAZOMYCIN, a drug.", "Which drug is given?"),
        (["widget bus", "WB-3"], "It uses the widget bus.", "Over WB-3.", "Which interface does it use?"),
        (["Quux Public Licence", "Foo-3"], "Foo-3.", "Under the Quux Public Licence.", "Which licence applies?"),
        (["Marlowville", "Old Harbour", "Tern"], "Old Harbour.", "It is Tern.", "What is the capital?"),
        (["UK", "Albion"], "Albion.", "Great Britain.", "Which country is it?"),
    ],
)
def test_names_in_sentences(tmp_path: Path, names: list[str], a: str, b: str, question: str) -> None:
    assert compare(a, b, question=question, reference=a).label == "different"
    file = tmp_path / "synonyms.toml"
    file.write_text(f"same = [{names}]", encoding="utf-8")
    load_synonyms(file)
    c = compare(a, b, question=question, reference=a)
    assert (c.label, c.agrees) == ("same", "both")
    assert judge(b, a, question=question).verdict.value == "right"


def test_the_file_of_a_workspace_is_followed(tmp_path: Path) -> None:
    def label() -> str:
        use_synonyms(tmp_path)
        return compare("Foobarin.", "Bazomycin.", question="Which drug is given?").label

    assert label() == "different"
    file = tmp_path / ".burnish" / "synonyms.toml"
    file.parent.mkdir()
    file.write_text('same = [["Foobarin", "Bazomycin"]]', encoding="utf-8")
    assert label() == "same"
    file.write_text('same = [["Foobarin", "Quuxol"], ["x", "y"]]', encoding="utf-8")
    assert label() == "different"
    file.write_text('same = [["Bazomycin", "Foobarin"], ["x", "y", "z"]]', encoding="utf-8")
    assert label() == "same"
    file.write_text("same", encoding="utf-8")
    with pytest.raises(InputError, match="not valid TOML"):
        use_synonyms(tmp_path)
    file.unlink()
    assert label() == "different"


def test_the_names_of_another_workspace_are_forgotten(tmp_path: Path) -> None:
    test_names_of_a_set_are_the_same(tmp_path)
    use_synonyms(tmp_path)
    load_synonyms(tmp_path / "synonyms.toml")
    file = tmp_path / "other.toml"
    file.write_text('same = [["left one", "right one"]]', encoding="utf-8")
    load_synonyms(file)
    assert compare("Foobarin.", "Bazomycin.", question="Which drug is given?").label == "different"
