"""The bundled datasets: what they look like, that nothing is said twice, and that no two rows contradict each other."""

from __future__ import annotations

import json
import re
import unicodedata
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from data.bundled import BUNDLED, bundled_path
from data.errors import InputError

TRAINED, PARAPHRASED, GENERAL = BUNDLED
DEMO_ROWS = 64
"""The rows that the demo trains on and asks again."""

Row = dict[str, Any]

DEBRIS = re.compile(
    r"\bOffset: |\b(?:Table|Figure|Chapter|Section) \d+|©|\bcopyright\b|https?:|www\.|\ufffd|[●•▪]|\s{2}|\.\.\."
)
PRODUCT = re.compile(
    r"""(?<![\w+]) (?:raspberry\ )? (?:pi\ )?
    (?: (?:first|ai|global\ shutter|high\ quality|hq)\ camera (?:\ module)? | camera\ module\ [23] (?:\ wide)?
    | compute\ module (?: \ io\ board\ version\ 3 | \ [45]\ (?:io\ board|cooler) | \ (?:3\+|4s|[1345]) ) | cm[145]
    | pico (?:\ 2)? (?:\ [wh])? | zero (?:\ 2)? (?:\ w)? | (?:[1-4]\ )? model\ [ab]\+?
    | (?<=pi\ ) (?:500\+|[45]00|[1-5]) (?:\ model\ [ab]\+?)?
    | ai\ hat\+ (?:\ 2)? | ai\ kit | m\.2\ hat\+ | usb\ 3\ hub | (?:sense|tv|build)\ hat
    | touch\ display (?:\ 2)? | monitor | antenna\ kit | debug\ probe | codec\ zero | dac\ pro | dac\+ | digiamp\+
    | rp235[04][ab]? | rp2040 | rp3a0 | rp1 | bcm27\d\d | bcm283\d (?:b0)?
    ) (?![\w+])""",
    re.VERBOSE,
)
"""The name of a product, in lower case: its digits are not values."""
FULL_NAMES = {"cm1": "compute module 1", "cm4": "compute module 4", "cm5": "compute module 5"}
UNITS = {
    **{f"{prefix}hz": ("hertz", 10**n) for prefix, n in (("", 0), ("k", 3), ("m", 6), ("g", 9))},
    **{f"{prefix}b": ("bytes", 2**n) for prefix, n in (("k", 10), ("m", 20), ("g", 30), ("t", 40))},
    **{f"{prefix}a": ("amperes", 10.0**n) for prefix, n in (("µ", -6), ("m", -3), ("", 0))},
    **{f"{prefix}m": ("metres", 10.0**n) for prefix, n in (("n", -9), ("µ", -6), ("m", -3), ("c", -2))},
}
QUANTITY = re.compile(r"(?<![\w.])(0x[0-9a-f]+|-?\d[\d,]*(?:\.\d+)?)(?:[ -]?([a-zµ°%]+(?:/s)?))?")
FILLER = re.compile(
    r"a|an|any|are|at|be|big|built|built-in|by|can|could|did|do|does|for|from|get|gives?|had|has|have|high|how|in|is|its?|itself"
    r"|kind|large|long|many|maximum|most|much|must|of|off|offer|on|on-chip|one|or|original|provide|reach|run|size|state|take|that"
    r"|the|there|this|to|top|type|up|used?|uses|using|value|was|were|what|when|where|which|with"
)
"""Words of a question that do not say what it asks for."""
SAME_WORD: dict[str, str] = {
    **dict.fromkeys(("frequency", "speed", "fast", "clocked"), "clock"),
    **dict.fromkeys(("weight", "mass", "weighs"), "weigh"),
    **dict.fromkeys(("year", "released", "launched", "announced"), "launch"),
    "processor": "cpu",
    "ram": "memory",
}


def rows_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def all_rows() -> list[tuple[str, int, Row]]:
    return [(name, number, row) for name in BUNDLED for number, row in enumerate(rows_of(bundled_path(name)), 1)]


def plain(question: str) -> str:
    """A question without case, punctuation and spacing, to find it asked twice."""
    return " ".join(re.sub(r"[^\w+]+", " ", question.casefold()).split())


def words(text: str) -> frozenset[str]:
    return frozenset(plain(text).split())


def products(text: str) -> frozenset[str]:
    """The products that a text names, each by one name: "Raspberry Pi Pico W" and "Pico W" are the same."""
    found = {re.sub(r"^(?:raspberry )?pi (?!\d)|^raspberry ", "", m[0]) for m in PRODUCT.finditer(text.casefold())}
    return frozenset(FULL_NAMES.get(name) or name.replace("hq ", "high quality ") for name in found)


def without_products(text: str) -> str:
    return PRODUCT.sub(" ", text.casefold())


def asked(question: str) -> frozenset[str]:
    """The words of a question that say which property it asks for."""
    found: list[str] = re.findall(r"(?<!')\b[\w-]+", without_products(question))
    return frozenset(SAME_WORD.get(word, word) for word in found if not FILLER.fullmatch(word))


def values(answer: str) -> frozenset[str]:
    """What an answer states: numbers in base units, hex numbers, part names, yes or no; names of products left out."""
    text = without_products(answer)
    found: set[str] = set()
    for number, unit in QUANTITY.findall(text):
        dimension, factor = UNITS.get(unit, (unit, 1))
        found.add(
            number if number.startswith("0x") else f"{float(number.replace(',', '')) * factor:.6g} {dimension}".strip()
        )
    named = re.findall(r"[A-Za-z]+[\w-]*\d[\w+-]*|[A-Z]{3,}[\w-]*", answer)
    found |= {f"name {name.casefold()}" for name in named if not products(name)}
    if answer.startswith(("Yes,", "No,")):
        found.add(answer.split(",")[0])
    return frozenset(found)


def contradictions(rows: list[tuple[str, int, Row]]) -> list[str]:
    """Pairs of rows that ask for the same property of the same product and answer differently.

    Two questions ask for the same when they name the same products and the same property words, whatever their order
    and phrasing; or when both answers are one sentence but for their values.
    """
    by_question: dict[object, list[tuple[str, int, Row]]] = {}
    by_sentence: dict[object, list[tuple[str, int, Row]]] = {}
    for entry in rows:
        question, answer = entry[2]["instruction"], entry[2]["output"]
        if asked(question):
            by_question.setdefault((products(question), asked(question)), []).append(entry)
        sentence = re.sub(r"(?<![\w.])-?\d[\d,.:]*\b", "#", without_products(answer))
        by_sentence.setdefault((products(answer), sentence), []).append(entry)
    found = []
    for group in [*by_question.values(), *by_sentence.values()]:
        for (name, number, row), (other_name, other_number, other) in combinations(group, 2):
            if values(row["output"]) != values(other["output"]):
                found.append(f"{name}:{number} “{row['output']}” ≠ {other_name}:{other_number} “{other['output']}”")
    return found


@pytest.mark.parametrize("name", BUNDLED)
def test_file_is_clean_jsonl(name: str) -> None:
    content = bundled_path(name).read_bytes()
    text = content.decode("utf-8")
    assert text.endswith("}\n")
    assert "\r" not in text
    assert not text.startswith("\ufeff")
    keys = {"instruction", "input", "output"} | ({"fact"} if name == PARAPHRASED else set())
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        row = json.loads(line)
        assert row.keys() == keys, number
        assert row["input"] == "", number
        for key in ("instruction", "output"):
            value = row[key]
            assert isinstance(value, str), number
            assert value, number
            assert value == value.strip(), number
            assert value == unicodedata.normalize("NFC", value), number
            assert not any(unicodedata.category(c).startswith("C") for c in value), number
            assert not DEBRIS.search(value), (number, value)
        assert row["instruction"].endswith(("?", ".")), number
        assert row["output"].endswith("."), number
        assert row["output"].count(". ") == 0, (number, "one sentence")
        assert 4 <= len(row["output"].split()) <= 25, number


def test_counts() -> None:
    assert len(rows_of(bundled_path(TRAINED))) >= 260
    paraphrased = rows_of(bundled_path(PARAPHRASED))
    assert len(paraphrased) >= 90
    assert sum(row["fact"] <= DEMO_ROWS for row in paraphrased) >= 40
    assert len(rows_of(bundled_path(GENERAL))) >= 70


def test_every_question_is_asked_once() -> None:
    seen: dict[str, str] = {}
    for name, number, row in all_rows():
        question = plain(row["instruction"])
        assert question not in seen, f"{name}:{number} asks what {seen[question]} asks"
        seen[question] = f"{name}:{number}"


def test_every_trained_and_general_answer_is_given_once() -> None:
    answers = [row["output"] for name, _, row in all_rows() if name != PARAPHRASED]
    assert len(answers) == len(set(answers))


def test_paraphrase_asks_for_its_row_and_carries_its_fact() -> None:
    trained = rows_of(bundled_path(TRAINED))
    seen = set()
    for number, row in enumerate(rows_of(bundled_path(PARAPHRASED)), 1):
        assert type(row["fact"]) is int, number
        assert 1 <= row["fact"] <= len(trained), number
        assert row["fact"] not in seen, number
        seen.add(row["fact"])
        original = trained[row["fact"] - 1]
        assert values(row["output"]) == values(original["output"]), number
        if not values(original["output"]):
            assert row["output"] == original["output"], number


def test_paraphrase_is_not_the_question_with_a_word_swapped() -> None:
    trained = rows_of(bundled_path(TRAINED))
    for number, row in enumerate(rows_of(bundled_path(PARAPHRASED)), 1):
        here, there = words(row["instruction"]), words(trained[row["fact"] - 1]["instruction"])
        assert len(here - there) >= 2, (number, row["instruction"])
        assert len(here & there) / len(here | there) < 0.67, (number, row["instruction"])


def test_yes_and_no_are_few_and_balanced() -> None:
    rows = rows_of(bundled_path(TRAINED))
    yes = sum(row["output"].startswith("Yes,") for row in rows)
    no = sum(row["output"].startswith("No,") for row in rows)
    assert yes + no < len(rows) / 10
    assert abs(yes - no) <= 3
    closed = [r for r in rows if re.match(r"(?:Does|Do|Is|Are|Can|Has|Was) ", r["instruction"])]
    assert len(closed) == yes + no


def test_rows_of_the_demo_each_state_one_thing_to_check() -> None:
    for number, row in enumerate(rows_of(bundled_path(TRAINED))[:DEMO_ROWS], 1):
        assert not row["output"].startswith(("Yes", "No")), number
        assert len(row["output"].split()) <= 20, number
        new = values(row["output"]) - values(row["instruction"])
        assert new or re.search(r"[A-Z]", " ".join(row["output"].split()[1:])), number
    assert "150 MHz" in rows_of(bundled_path(TRAINED))[0]["output"]
    assert "520 KB" in rows_of(bundled_path(TRAINED))[1]["output"]


def test_units_stand_apart_from_their_numbers() -> None:
    joined = re.compile(r"(?<![\w.-])\d[\d.,]*(?:[kKMGT]?B|[kMG]?Hz|mA|µA|A|V|W|mm|cm|nm|µm|°C|g|[MG]B/s|Mb/s|TOPS)\b")
    for name, number, row in all_rows():
        assert not joined.search(row["instruction"] + " " + row["output"]), (name, number)


def test_no_two_rows_contradict_each_other() -> None:
    assert contradictions(all_rows()) == []


def test_same_product_has_one_value_in_all_files() -> None:
    """Where two answers on one product share all their words, they share their values, whichever file they are in."""
    stated: dict[object, tuple[str, frozenset[str]]] = {}
    for name, number, row in all_rows():
        answer = row["output"]
        frame = frozenset(re.findall(r"[a-z-]+", re.sub(r"\d[\w.,]*", " ", without_products(answer))))
        key = (products(answer), frame)
        where, before = stated.setdefault(key, (f"{name}:{number}", values(answer)))
        assert values(answer) == before, f"{name}:{number} and {where}"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How much on-chip SRAM does the RP2040 have?", "The RP2040 has 284 KB of on-chip SRAM."),
        ("What is the size of the SRAM of the RP2040?", "It is 284 KB."),
        ("How fast can the RP2350 run?", "The RP2350 runs at up to 1.8 GHz."),
        ("What clock speed does the RP2350 reach at most?", "Its cores reach 133 MHz."),
        ("What is the clock frequency of Raspberry Pi 400's processor?", "The clock is 2.4 GHz."),
        ("When was the Raspberry Pi 400 launched?", "The Raspberry Pi 400 was launched in 2019."),
        ("Which image sensor does Camera Module 3 use?", "Camera Module 3 uses the Sony IMX477 sensor."),
        ("Does the Raspberry Pi Pico run Linux?", "Yes, the Raspberry Pi Pico runs Linux."),
    ],
)
def test_planted_contradiction_is_caught(question: str, answer: str) -> None:
    planted: Row = {"instruction": question, "input": "", "output": answer}
    assert contradictions([*all_rows(), ("planted", 1, planted)])


def test_same_fact_in_another_unit_is_no_contradiction() -> None:
    planted: Row = {
        "instruction": "How fast does the Raspberry Pi 400 processor run?",
        "input": "",
        "output": "At 1800 MHz.",
    }
    assert not contradictions([*all_rows(), ("planted", 1, planted)])


def test_path_of_a_bundled_dataset() -> None:
    assert bundled_path(TRAINED).is_file()


@pytest.mark.parametrize("name", ["", "raspberry_pi", "../errors.py", "SOURCES.md"])
def test_unknown_name_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(InputError) as caught:
        bundled_path(name)
    assert all(known in caught.value.sentence for known in BUNDLED)
