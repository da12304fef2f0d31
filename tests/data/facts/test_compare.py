"""Two answers side by side: outcomes, standings, reasons, and the differences that no single fact shows."""

from __future__ import annotations

import pytest

from data.facts import Kind, Outcome, Standing, compare, comparison_record, settled


def test_conflict_with_reference() -> None:
    c = compare(
        "The RP2350 runs at up to 1.8 GHz.",
        "It supports up to 150 MHz.",
        question="What is the maximum clock speed of the RP2350?",
        reference="Up to 150 MHz.",
    )
    assert (c.label, c.agrees) == ("different", "B")
    (a,), (b,) = c.a, c.b
    assert (a.outcome, b.outcome) == (Outcome.CONFLICT, Outcome.CONFLICT)
    assert (a.standing, b.standing) == (Standing.DISAGREES, Standing.AGREES)
    assert (a.counterpart, b.counterpart) == (0, 0)
    assert a.reason == "1.8 GHz ≠ 150 MHz"
    assert [(d.a_text, d.b_text, d.reason) for d in c.differing] == [("1.8 GHz", "150 MHz", "1.8 GHz ≠ 150 MHz")]


def test_without_reference_nothing_stands() -> None:
    c = compare("150 MHz", "150 MHz at 1.1 V")
    assert (c.label, c.agrees) == ("same", None)
    assert [m.outcome for m in c.b] == [Outcome.SAME, Outcome.ONLY_HERE]
    assert all(m.standing is None for m in (*c.a, *c.b))


def test_one_sided_extras_are_no_conflict() -> None:
    c = compare(
        "It has 2 UARTs and 26 GPIO pins.", "Two UARTs.", question="How many UARTs does it have?", reference="2"
    )
    assert (c.label, c.agrees) == ("same", "both")


def test_another_noun_is_another_count() -> None:
    assert compare("It has 2 cameras.", "It has 3 buttons.").label == "same"


@pytest.mark.parametrize(
    ("a", "b", "question", "expected"),
    [
        ("Yes.", "No.", "Does it have Wi-Fi?", "different"),
        ("It does not include one.", "No.", "Does it include a regulator?", "same"),
        ("It is prohibited.", "It is not allowed.", "Is smoking allowed?", "same"),
        ("It is optional.", "Yes.", "Is a licence required?", "different"),
        ("France is larger than Spain.", "No.", "Is Spain larger than France?", "same"),
        ("The drug is contraindicated.", "Yes, it is safe.", "Is the drug safe in pregnancy?", "different"),
        ("It lacks JTAG.", "No.", "Does it include JTAG?", "same"),
        ("They are on by default.", "They are off by default.", "Are the pull-ups on by default?", "different"),
        ("Immutable.", "Tuples are immutable.", "Are tuples mutable or immutable?", "same"),
        ("The Nile is longer.", "The Danube is shorter.", "Which is longer, the Nile or the Danube?", "same"),
        ("The Nile is longer.", "The Danube is.", "Which is longer, the Nile or the Danube?", "different"),
        ("Bond prices rise.", "Bond prices fall.", "What happens to bond prices?", "different"),
        ("They go up.", "They rise.", "What happens to bond prices?", "same"),
    ],
)
def test_polarity_and_opposites(a: str, b: str, question: str, expected: str) -> None:
    assert compare(a, b, question=question).label == expected
    assert compare(b, a, question=question).label == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("The tenant sues the landlord.", "The landlord sues the tenant.", "different"),
        ("The tenant sues the landlord.", "The landlord is sued by the tenant.", "same"),
        ("TX is GP0 and RX is GP1.", "TX is GP1 and RX is GP0.", "different"),
        ("TX is GP0 and RX is GP1.", "RX is GP1 and TX is GP0.", "same"),
        ("It has 4 MB of SRAM and 520 KB of flash.", "It has 520 KB of SRAM and 4 MB of flash.", "different"),
        ("TCP is reliable while UDP is not.", "UDP is reliable while TCP is not.", "different"),
        ("Argentina and Brazil.", "Brazil and Argentina.", "same"),
        ("From the Alps to the North Sea.", "From the North Sea to the Alps.", "different"),
    ],
)
def test_roles(a: str, b: str, expected: str) -> None:
    assert compare(a, b).label == expected


def test_a_missing_member_of_a_list() -> None:
    question = "Which memory options does it have?"
    c = compare("1 GB, 2 GB and 4 GB.", "1 GB, 2 GB, 4 GB and 8 GB.", question=question, reference="1, 2, 4 and 8 GB")
    assert (c.label, c.agrees) == ("different", "B")
    assert [(d.a_text, d.b_text) for d in c.differing] == [(None, "8 GB")]


@pytest.mark.parametrize(
    "silence", ["I don't know.", "The datasheet does not say.", "It is not specified.", "It depends."]
)
def test_a_refusal_is_no_answer(silence: str) -> None:
    c = compare("520 KB.", silence, question="How much SRAM does it have?", reference="520 KB")
    assert (c.label, c.agrees) == ("different", "A")
    assert c.differing[0].b_text is None


def test_numbers_on_the_way_are_no_conflict() -> None:
    a = "Eight banks of 64 KB and two of 4 KB make 520 KB."
    b = "There are 520 KB, next to 8 KB of OTP."
    assert compare(a, b, question="How much SRAM is there?", reference="520 KB").agrees == "both"


def test_what_is_set_apart_is_no_claim() -> None:
    question = "What is the maximum clock of the RP2350?"
    c = compare("150 MHz, not 133 MHz.", "133 MHz.", question=question, reference="150 MHz")
    assert (c.label, c.agrees) == ("different", "A")


def test_the_sibling_of_the_subject_is_another_thing() -> None:
    c = compare(
        "The Raspberry Pi 4 has a power button.",
        "The Raspberry Pi 5 has a power button.",
        question="Does the Raspberry Pi 5 have a power button?",
        reference="Yes, the Raspberry Pi 5 has one.",
    )
    assert (c.label, c.agrees) == ("different", "B")


def test_half_a_stream_never_breaks() -> None:
    question, reference = (
        "What are its limits?",
        "3.3 V ± 10 %, -40 to 85 °C, 0x2000_0000, $1.5m a year, Article 17(1), USB 3.0",
    )
    for n in range(len(reference) + 1):
        compare(reference[:n], reference, question=question, reference=reference)


def test_markup_and_escapes_are_only_text() -> None:
    a = "[red]150 MHz[/red] \x1b[31m"
    c = compare(a, "150 MHz", question="What is the clock?")
    assert "150 MHz" in [a[m.fact.start : m.fact.end] for m in c.a if m.fact.kind is Kind.QUANTITY]
    assert c.label == "same"


def test_record() -> None:
    record = comparison_record(compare("1.8 GHz", "150 MHz", question="What is the clock?", reference="150 MHz"), "x-1")
    assert list(record) == ["id", "label", "agrees", "facts_a", "facts_b", "differing"]
    assert record["facts_b"] == [
        {"start": 0, "end": 7, "text": "150 MHz", "kind": "quantity", "value": 150, "unit": "MHz"}
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It runs at 15", "It runs at "),
        ("It runs at 150 M", "It runs at "),
        ("It runs at 150 MHz", "It runs at "),
        ("It runs at 150 MHz and", "It runs at 150 MHz "),
        ("It", ""),
        ("", ""),
    ],
)
def test_what_of_a_stream_is_settled(text: str, kept: str) -> None:
    assert settled(text) == kept


def test_nothing_settled_is_taken_back() -> None:
    whole = "It runs at up to 150 MHz, has 520 KB of SRAM and costs $1.50 in Europe."
    for n in range(len(whole) + 1):
        c = compare(settled(whole[:n]), whole, question="What are its key figures?")
        assert not [m for m in c.a if m.outcome is Outcome.CONFLICT], whole[:n]
