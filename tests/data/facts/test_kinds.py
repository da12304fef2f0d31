"""Versions, dates, money, codes, labels and names: what is found, and when two of them are the same."""

from __future__ import annotations

import pytest

from data.facts import Kind, compare, find_facts


def kinds(text: str, question: str = "") -> list[tuple[str, Kind]]:
    """Span and kind of each fact."""
    return [(f.text, f.kind) for f in find_facts(text, question=question)]


def label(left: str, right: str, question: str = "") -> str:
    """Label of two answers."""
    return compare(left, right, question=question).label


@pytest.mark.parametrize(
    ("text", "span", "kind"),
    [
        ("It has a USB 1.1 controller.", "USB 1.1", Kind.VERSION),
        ("It exposes PCIe 2.0 x1.", "PCIe 2.0 x1", Kind.VERSION),
        ("It supports IEEE 802.11 b/g/n/ac.", "IEEE 802.11 b/g/n/ac", Kind.VERSION),
        ("Needs Python 3.10.", "Python 3.10", Kind.VERSION),
        ("Fixed in v2.17.1.", "v2.17.1", Kind.VERSION),
        ("Until January 2034.", "January 2034", Kind.DATE),
        ("On 31 March 2027.", "31 March 2027", Kind.DATE),
        ("On 2020-01-01.", "2020-01-01", Kind.DATE),
        ("In Q2 2023.", "Q2 2023", Kind.DATE),
        ("In the 19th century.", "19th century", Kind.DATE),
        ("At 07:00.", "07:00", Kind.DATE),
        ("It opened in 1869.", "1869", Kind.DATE),
        ("It costs $1.5 million.", "$1.5 million", Kind.MONEY),
        ("It costs 12,570 pounds.", "12,570 pounds", Kind.MONEY),
        ("SRAM starts at 0x2000_0000.", "0x2000_0000", Kind.HEX),
        ("Use `--force`.", "--force", Kind.CODE),
        ("Stored in /etc/passwd.", "/etc/passwd", Kind.CODE),
        ("It takes O(n log n) time.", "O(n log n)", Kind.CODE),
        ("It listens on port 443.", "port 443", Kind.IDENTIFIER),
        ("See Article 17(1).", "Article 17(1)", Kind.IDENTIFIER),
        ("In phase III.", "phase III", Kind.IDENTIFIER),
        ("It uses the BCM2711.", "BCM2711", Kind.IDENTIFIER),
        ("It was written by Guido van Rossum.", "Guido van Rossum", Kind.NAME),
        ("It is a quad-core part.", "quad-core", Kind.COUNT),
        ("It is the third largest.", "third", Kind.ORDINAL),
        ("It measures 55 × 40 mm.", "55 × 40 mm", Kind.DIMENSIONS),
        ("The ratio is 16:9.", "16:9", Kind.RATIO),
    ],
)
def test_found(text: str, span: str, kind: Kind) -> None:
    assert (span, kind) in kinds(text)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("USB 3.0", "USB 3"),
        ("PCIe Gen 2", "PCIe 2.0 x1"),
        ("802.11ac", "IEEE 802.11 b/g/n/ac"),
        ("Wi-Fi 5", "802.11ac"),
        ("March 31, 2027", "31 March 2027"),
        ("In 1869.", "On 17 November 1869."),
        ("Q2 2023", "the second quarter of 2023"),
        ("753 BC", "753 BCE"),
        ("7 a.m.", "07:00"),
        ("UTC+5:30", "UTC +05:30"),
        ("$1,500,000", "$1.5m"),
        ("€2.5bn", "EUR 2.5 billion"),
        ("$120 per year", "$10 a month"),
        ("($500)", "-$500"),
        ("0x20000000", "0x2000_0000"),
        ("0x0F", "0xf"),
        ("O(n^2)", "O(n²)"),
        ("Art. 6", "Article 6"),
        ("Phase III", "phase 3"),
        ("GPIO25", "GPIO 25"),
        ("the First Amendment", "the 1st Amendment"),
        ("Cortex-A76", "Cortex A76"),
        ("the UN", "the United Nations"),
        ("acetaminophen", "paracetamol"),
        ("the Securities and Exchange Commission", "the SEC"),
        ("CSI", "the Camera Serial Interface"),
        ("four cores", "quad-core"),
        ("a pair of ports", "2 ports"),
    ],
)
def test_the_same(left: str, right: str) -> None:
    assert label(left, right) == "same"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Python 3.1", "Python 3.10"),
        ("USB 3.0", "USB 3.2"),
        ("PCIe 3.0 x4", "PCIe 2.0 x1"),
        ("802.11n", "802.11ac"),
        ("January 2028", "January 2034"),
        ("753 BC", "753 AD"),
        ("€25,000", "$25,000"),
        ("0x10000000", "0x20000000"),
        ("-v", "-V"),
        ("Article 6", "Article 8"),
        ("type 1", "type 2"),
        ("RP2040", "RP2350"),
        ("Canberra", "Sydney"),
        ("the femur", "the tibia"),
        ("MIT", "GPLv3"),
        ("orally", "intravenously"),
    ],
)
def test_not_the_same(left: str, right: str) -> None:
    assert label(left, right) == "different"


def test_what_only_repeats_the_question_is_no_fact() -> None:
    question = "How much SRAM does the RP2350 have?"
    assert kinds("The RP2350 has 520 KB of SRAM.", question) == [("520 KB", Kind.QUANTITY)]


def test_a_number_may_belong_to_a_name() -> None:
    assert kinds("The Raspberry Pi Zero 2 W and the Raspberry Pi 500+.") == [
        ("Raspberry Pi Zero 2 W", Kind.NAME),
        ("Raspberry Pi 500+", Kind.NAME),
    ]


def test_capitals_make_a_name_of_a_common_word() -> None:
    assert kinds("It can use the CAN.") == [("CAN", Kind.TERM)] or not kinds("It can.")
    assert ("Black Forest", Kind.NAME) in kinds("It rises in the Black Forest.")
