"""Numbers and units: spelling, conversion, and what must never be confused."""

from __future__ import annotations

import pytest

from data.facts import Fact, Kind, compare, find_facts
from data.facts.numbers import find_numbers
from data.facts.reading import Reading
from data.facts.sameness import same
from data.facts.slots import comparable
from data.facts.units import parse_unit


def only(text: str, question: str = "") -> Fact:
    """The one fact of a text."""
    facts = [f for f in find_facts(text, question=question) if f.kind not in (Kind.NAME, Kind.IDENTIFIER)]
    assert len(facts) == 1, facts
    return facts[0]


def agree(left: str, right: str) -> bool:
    """Whether the single facts of two texts are comparable and the same."""
    f, g = only(left), only(right)
    return comparable(f, g) and same(f, g)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,500", 1500),
        ("1.5e3", 1500),
        ("3 × 10^8", 3e8),
        ("6.02×10²³", 6.02e23),
        ("10⁶", 1e6),
        ("1 000 000", 1e6),
        ("1\u202f000\u202f000", 1e6),
        ("1'000'000", 1e6),
        ("1_000_000", 1e6),
        ("1,00,000", 1e5),
        ("1.234,56 kg", 1234.56),
        ("1,5 V", 1.5),
        ("½", 0.5),
        ("2½", 2.5),
        ("twenty-one", 21),
        ("one hundred and five", 105),
        ("a dozen", 12),
        ("two and a half", 2.5),
        ("half a million", 5e5),
        ("1.5 million", 1.5e6),
        ("two hundred thousand", 2e5),
        ("two-thirds", 2 / 3),
        ("three quarters", 0.75),
        ("-20", -20),
        ("−20", -20),
        ("5k", 5000),
    ],
)
def test_numbers(text: str, value: float) -> None:
    numbers = find_numbers(Reading(text))
    assert [n.value for n in numbers] == [pytest.approx(value)]


@pytest.mark.parametrize("text", ["RP2040", "QFN-60", "Cortex-M33", "v1x", "the Pi Zero"])
def test_no_numbers_inside_words(text: str) -> None:
    assert not find_numbers(Reading(text))


@pytest.mark.parametrize(
    ("surface", "dimension"),
    [
        ("MHz", "frequency"),
        ("Mbps", "data rate"),
        ("MB/s", "data rate"),
        ("MB", "information"),
        ("Mbit", "information"),
        ("Mb", "information"),
        ("kS/s", "sample rate"),
        ("ksps", "sample rate"),
        ("MT/s", "transfer rate"),
        ("MP", "pixels"),
        ("fps", "frames/time"),
        ("rpm", "revolutions/time"),
        ("bpm", "beats/time"),
        ("beats per minute", "beats/time"),
        ("mg/kg", "mass/mass"),
        ("mmol/L", "amount/volume"),
        ("mg/5 mL", "mass/volume"),
        ("km²", "area"),
        ("km2", "area"),
        ("square kilometres", "area"),
        ("%", "fraction"),
        ("per cent", "fraction"),
        ("basis points", "fraction"),
        ("°C", "temperature"),
        ("degrees Celsius", "temperature"),
        ("℃", "temperature"),
        ("IU", "international units"),
        ("mEq", "equivalents"),
    ],
)
def test_dimensions_are_meanings(surface: str, dimension: str) -> None:
    found = parse_unit(surface, 0)
    assert found
    assert found[0].dimension == dimension
    assert found[1] == len(surface)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1.5 GHz", "1500 MHz"),
        ("0.15 GHz", "150 MHz"),
        ("520 KB", "520 kB"),
        ("520 KB", "520 KiB"),
        ("4096 KB", "4 MB"),
        ("1000 MB", "1 GB"),
        ("512 KB", "524,288 bytes"),
        ("3300 mV", "3.3V"),
        ("180 µA", "180 uA"),
        ("180 \u03bcA", "180 µA"),
        ("4.7 kΩ", "4700 ohms"),
        ("100 nF", "0.1 µF"),
        ("37 °C", "98.6 °F"),
        ("300 K", "26.85 °C"),
        ("8,849 m", "29,032 feet"),
        ("2.54 mm", "0.1 inch"),
        ("5 miles", "8 km"),
        ("a fortnight", "14 days"),
        ("half a year", "6 months"),
        ("1 hour and 30 minutes", "90 min"),
        ("12-bit", "12 bits"),
        ("32 bytes", "256 bits"),
        ("25 basis points", "0.25%"),
        ("one third", "33%"),
        ("1 in 5", "20 %"),
        ("twice a day", "every 12 hours"),
        ("quarterly", "every three months"),
        ("b.i.d.", "twice daily"),
        ("5 V ± 5 %", "4.75 V to 5.25 V"),
        ("-20 °C to +85 °C", "−20 to 85°C"),
        ("between 60 and 100 bpm", "60–100 beats per minute"),
        ("55 mm × 40 mm", "5.5 cm by 4 cm"),
        ("40 × 55 mm", "55mm x 40mm"),
        ("125 mg/5 mL", "25 mg/mL"),
        ("12% per annum", "1% per month"),
        ("about 2 million people", "2,000,000 people"),
        ("34° S", "34 degrees south"),
        ("19,000 people per km²", "19,000 inhabitants per square kilometre"),
        ("140/90 mmHg", "140/90"),
        ("1000 Mbit/s", "1 Gbps"),
    ],
)
def test_the_same(left: str, right: str) -> None:
    assert agree(left, right)
    assert agree(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("480 MB/s", "480 Mbps"),
        ("480 MHz", "480 Mbps"),
        ("264 MB", "264 KB"),
        ("16 MB", "16 Mbit"),
        ("180 mA", "180 µA"),
        ("5 mW", "5 MW"),
        ("20°C to 85°C", "-20°C to 85°C"),
        ("150 MHz", "151 MHz"),
        ("25 °C", "25 °F"),
        ("34° N", "34° S"),
        ("30 days", "two months"),
        ("twice a day", "three times a day"),
        ("at least 2 GB", "at most 2 GB"),
        ("8 GPIO pins", "8 V"),
        ("60 %", "60 rpm"),
    ],
)
def test_not_the_same(left: str, right: str) -> None:
    assert not agree(left, right)


@pytest.mark.parametrize(
    ("text", "span", "value", "unit"),
    [
        ("It runs at up to 150 MHz.", "150 MHz", 150.0, "MHz"),
        ("It has 520 kB of SRAM.", "520 kB", 520.0, "KB"),
        ("A 3A supply.", "3A", 3.0, "A"),
        ("It draws (1000 Mbit/s).", "1000 Mbit/s", 1000.0, "Mbit/s"),
        ("From -40 to +85 °C.", "-40 to +85 °C", (-40.0, 85.0), "°C"),
        ("In 2019 it had 8 cores.", "8", 8.0, "cores"),
    ],
)
def test_value_and_unit_as_stated(text: str, span: str, value: object, unit: str) -> None:
    fact = next(f for f in find_facts(text) if f.text == span)
    assert fact.value == value
    assert fact.unit == unit
    assert text[fact.start : fact.end] == span


def test_numbers_that_share_a_unit() -> None:
    facts = find_facts("1, 2 or 4 GB")
    assert [(f.text, f.value, f.unit) for f in facts] == [("1", 1.0, "GB"), ("2", 2.0, "GB"), ("4 GB", 4.0, "GB")]


def test_the_question_may_name_the_unit() -> None:
    fact = only("500", question="How many milligrams are in a tablet?")
    assert (fact.unit, fact.dimension) == ("mg", "mass")


def test_a_change_claims_only_the_new_value() -> None:
    before, after = find_facts("It was raised from 19% to 21%.")
    assert before.dimension == "before:fraction"
    assert after.value == 21.0


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("at least 2 GB", "min"),
        ("2 GB or more", "min"),
        ("no more than 2 GB", "max"),
        ("up to 2 GB", "max"),
        ("do not take more than 2 g", "max"),
        ("more than 2 GB", "over"),
        ("less than 2 GB", "under"),
        ("about 2 GB", "about"),
        ("exactly 2 GB", ""),
    ],
)
def test_bounds(text: str, bound: str) -> None:
    assert only(text).bound == bound


@pytest.mark.parametrize(
    "text", ["not 133 MHz", "unlike 133 MHz parts", "rather than 133 MHz", "compared with 133 MHz"]
)
def test_set_apart(text: str) -> None:
    assert only(text).aside


@pytest.mark.parametrize(
    ("a", "b", "label"),
    [
        ("It is 12.4 cm by 3.1 cm.", "Length: 124 mm, width: 31 mm.", "same"),
        ("It covers 4.21 million km².", "It covers 4,213,800 km².", "same"),
        ("It covers 4.21 million km².", "It covers 4,313,800 km².", "different"),
        ("From −20 °C up to +70 °C.", "-20 to 70 °C", "same"),
        ("Take 2 g up to four times.", "Take 2 g.", "same"),
    ],
)
def test_the_same_amount_told_otherwise(a: str, b: str, label: str) -> None:
    assert compare(a, b).label == label
