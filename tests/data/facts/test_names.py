"""What is a name, in answers as models write them: with Markdown, titles and capitals that mean nothing."""

from __future__ import annotations

import pytest

from data.facts import compare, find_facts


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("I'm sorry, I'd look it up. It's new.", []),
        ("The Default is fine.", []),
        ("Two pumps. The Pumps are loud.", ["Two"]),
        ("It has 2 Pumps.", ["2"]),
        ("### Main Points\nIt has wheels.", []),
        ("- **Water Supply:** from Lyon\n", ["Lyon"]),
        ("1. It comes from Lyon.\n2. It goes to Paris.", ["Lyon", "Paris"]),
        ("Run `lake build` in it.", ["lake build"]),
        ("It runs at `150 MHz`.", ["150 MHz"]),
        ("The Core 2 in it is fast.", ["Core 2"]),
    ],
)
def test_names_and_what_is_none(text: str, spans: list[str]) -> None:
    assert [f.text for f in find_facts(text)] == spans


def test_a_quantity_in_backticks_is_a_quantity() -> None:
    (fact,) = find_facts("It runs at `150 MHz`.")
    assert (fact.value, fact.unit) == (150, "MHz")


def test_the_plural_of_capitals_is_the_same_name() -> None:
    question = "Which part decodes video?"
    assert compare("The GPUs.", "The GPU.", question=question, reference="GPU").agrees == "both"
