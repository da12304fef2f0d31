"""Numbers as people write them: digits with separators, exponents and fractions, and number words."""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import itemgetter
from typing import NamedTuple

from data.facts.patterns import lazy
from data.facts.reading import Reading, tell
from data.facts.vocabulary.function_words import SECTIONS, STOPWORDS


class Number(NamedTuple):
    """One number of a text."""

    start: int
    end: int
    value: float
    digits: int
    """Significant digits as written ("8.9" has 2, "1500" counts as 2, words as 0)."""
    signed: bool
    word: bool
    fraction: bool = False


_ONES = {word: n for n, word in enumerate(SECTIONS["ones"])}
_TENS = {word: 10 * n for n, word in enumerate(SECTIONS["tens"], 2)}
_SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12, "score": 20,
    "lakh": 10**5, "crore": 10**7, "mn": 10**6, "bn": 10**9, "tn": 10**12,
}  # fmt: skip
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "twelfth": 12, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_PARTS |= {name + "s": n for name, n in _PARTS.items() if not name.startswith("hal")}
_VULGAR = {
    "½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125, "⅜": 0.375, "⅝": 0.625, "⅞": 0.875,
    "⅕": 0.2, "⅖": 0.4, "⅗": 0.6, "⅘": 0.8, "⅙": 1 / 6,
}  # fmt: skip
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")

_DIGITS = lazy(
    r"10(?:\^(?P<power>[+\-−]?\d+)|(?P<super>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
    r"|(?P<body>\d{1,3}(?:\.\d{3})+,\d+(?![\d.])"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)"
    r"|\d{1,3}(?:[\u00a0\u2009\u202f'’_]\d{3})+(?:\.\d+)?(?!\d)"
    r"|\d{1,3}(?: \d{3})+(?![\d.])"
    r"|\d+,\d{1,2}(?![\d,])(?=\s?[%°a-zA-ZµΩ])"
    r"|\d+(?:\.\d+)?|\.\d+)"
    r"(?P<vulgar>\s?[½¼¾⅓⅔⅛⅜⅝⅞⅕⅖⅗⅘⅙])?"
    r"(?P<exponent>[eE][+\-−]?\d+(?!\w)|\s?[×x·*]\s?10(?:\s?\^\s?\{?[+\-−]?\d+\}?|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))?"
    r"|(?P<alone>[½¼¾⅓⅔⅛⅜⅝⅞⅕⅖⅗⅘⅙])"
)  # fmt: skip
_STARTS_NAME = lazy(r"Zero (?:\d|[A-Z]\b)")
_EXPONENT = lazy(r"^\s?(?:[eE]|[×x·*]\s?10\s?\^?\s?\{?)|\}")
_SPACES = lazy(r"[,\s'’_\u00a0\u2009\u202f]")
_SIGNS = "+-−–"
_UNIT_WORD = "|".join(
    sorted([*_ONES, *_TENS, "hundred", "thousand", "million", "billion", "trillion", "dozen"], key=len, reverse=True)
)
_PART_WORD = "|".join(sorted(_PARTS, key=len, reverse=True))
_WORDS = lazy(
    rf"(?<![\w-])(?<!\d )(?:(?:an? (?=hundred|thousand|million|billion|trillion|dozen)|half an? (?=million|billion"
    rf"|dozen|thousand))?"
    rf"(?:{_UNIT_WORD})(?:[ -](?:and )?(?:{_UNIT_WORD}))*(?P<and>[ -]and (?:a |an |one )?(?:half|quarter)\b(?! an? ))?"
    rf"(?P<part>[ -](?:{_PART_WORD})\b)?|(?P<lone>(?:an? )?(?:{_PART_WORD})))(?=$|[^\w]|-)",
    re.IGNORECASE,
)
_SCALE = lazy(
    r"[ -]?((?i:hundred|thousand|million|billion|trillion|dozen|lakh|crore|mn|bn|tn))\b|(?<=\d)([kK])(?![\w%°])"
    r"|(?<=\d)(M)(?![\w%°/])"
)
_SPOKEN = frozenset([*_ONES, *_TENS, *_SCALES, *_PARTS])
_SPOKEN_TELLS = tell(_SPOKEN)
_ORDINAL_ONLY = frozenset(
    {
        "third",
        "quarter",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "twelfth",
        "hundredth",
        "thousandth",
        "halves",
        "score",
    }
)


def _plain(body: str) -> tuple[float, int]:
    if body.count(",") == 1 and "." in body and body.rindex(",") > body.rindex("."):
        body = body.replace(".", "").replace(",", ".")
    elif body.count(",") == 1 and len(body) - body.index(",") <= 3:
        body = body.replace(",", ".")
    if not body.isdigit():
        body = _SPACES.sub("", body)
    bare = body.replace(".", "").lstrip("0")
    return float(body), len(bare) if "." in body else len(bare.rstrip("0")) or 1


def spoken_value(words: str) -> float:
    """The value of number words ("twenty-four")."""
    total, current, scale = 0.0, 0.0, 1.0
    for w in re.split(r"[ -]+", words.lower()):
        if w in _ONES:
            current += _ONES[w]
        elif w in _TENS:
            current += _TENS[w]
        elif w in ("hundred", "dozen"):
            current = (current or 1) * _SCALES[w]
        elif w in _SCALES:
            scale = _SCALES[w]
            total, current = total + (current or 1) * scale, 0.0
    return total + current


def find_numbers(reading: Reading) -> list[Number]:
    """All numbers of a text in order: "1,500", "1.5e3", "½", "two and a half", "a dozen", "1.5 million"."""
    found = _in_digits(reading)
    spoken = _spoken_numbers(reading)
    if not spoken:
        return found
    if not found:
        return spoken
    numbers = sorted(found + spoken, key=_START)
    # Neither sort overlaps itself, so that what overlaps stands next to each other.
    pairs = zip([None, *numbers], numbers, [*numbers[1:], None], strict=False)
    return [n for before, n, behind in pairs if n.word or not (_spoken_in(before, n) or _spoken_in(behind, n))]


def _spoken_in(other: Number | None, n: Number) -> bool:
    return other is not None and other.word and other.start < n.end and n.start < other.end


_START = itemgetter(0)


def _spoken_numbers(reading: Reading) -> list[Number]:
    text, words, lower, found = reading.text, reading.words, reading.lower, []
    behind = 0
    for i in reading.places(_SPOKEN_TELLS):
        word = lower[i]
        if (word if "-" not in word else word.partition("-")[0]) not in _SPOKEN or words[i].start < behind:
            continue
        start, end = words[i].start, words[i].end
        value = _ONES.get(word)
        if value is not None and words[i].text == word and _stands_alone(text, start, end, lower[i + 1 : i + 2]):
            behind = end
            found.append(Number(start, end, float(value), 0, False, True))
            continue
        starts = (words[i - 1].start, start) if i and lower[i - 1] in ("a", "an") else (start,)
        m = next((m for start in starts if (m := _WORDS.match(text, start))), None)
        if m:
            behind = m.end()
            if n := _word_number(m):
                found.append(n)
    return found


def _stands_alone(text: str, start: int, end: int, following: list[str]) -> bool:
    """Whether a number word is a number by itself: no hyphen, digit or other number word belongs to it."""
    if following and (following[0] == "and" or following[0].partition("-")[0] in _SPOKEN):
        return False
    before = text[start - 2 : start] if start > 1 else " " + text[:start]
    return before[-1:] in (" ", "(", "\n", "") and not before[:1].isdigit() and text[end : end + 1] in _AFTER_WORD


_AFTER_WORD = frozenset(" .,;:)!?\n") | {""}


def _in_digits(reading: Reading) -> list[Number]:
    text = reading.text
    found: list[Number] = []
    behind = 0
    for start, stop in reading.digits:
        if start < behind:
            continue
        before = text[start - 1 : start]
        if before == "." and not text[max(0, start - 2) : start - 1].isalnum():
            start -= 1
            before = text[start - 1 : start]
        signed = before != "" and before in _SIGNS and not _closes(text, start - 2)
        if not (signed or before == " " or _may_start(text, start)):
            continue
        first = start - 1 if signed else start
        after = text[stop : stop + 2]
        body = text[start:stop]
        plain = after[:1] in _PLAIN_AFTER or (after[:1] == " " and after[1:] in _PLAIN_NEXT)
        if plain and body.isdecimal():
            behind = stop
            value, digits = float(body), len(body.lstrip("0").rstrip("0")) or 1
        elif after[:1] == "." != body[:1] and (end := _decimals(reading, stop)) and (body := text[start:end]).isascii():
            behind = end
            value, digits = float(body), len(body.replace(".", "").lstrip("0"))
        else:
            m = _DIGITS.match(text, start)
            if not m:
                continue
            behind = m.end()
            if m["alone"]:
                found.append(Number(first, behind, _VULGAR[m["alone"]], 2, False, False, True))
                continue
            if m["power"] or m["super"]:
                power = (m["power"] or m["super"].translate(_SUPERSCRIPT)).replace("−", "-")
                found.append(Number(first, behind, _ten_to(power), 1, False, False))
                continue
            value, digits = _plain(m["body"])
            if m["vulgar"]:
                value, digits = value + _VULGAR[m["vulgar"].strip()], digits + 2
            if m["exponent"]:
                power = _EXPONENT.sub("", m["exponent"]).translate(_SUPERSCRIPT).replace("−", "-")
                negative = signed and text[first] != "+"
                value *= _ten_to(power)
                found.append(Number(first, behind, -value if negative else value, digits, signed, False))
                continue
        scale = text[behind : behind + 3].lstrip(" -")
        if (scale[:1] in _SCALE_LETTERS or scale[:2].lower() in _SCALE_STARTS) and (s := _SCALE.match(text, behind)):
            word = (s[1] or "").lower() or {"k": "thousand", "m": "million"}[(s[2] or s[3]).lower()]
            value, behind = value * _SCALES[word], s.end()
        if value > _GREATEST:
            continue  # hundreds of digits are no number that anybody means
        negative = signed and text[first] != "+"
        found.append(Number(first, behind, -value if negative else value, digits, signed, False))
    return found


def _decimals(reading: Reading, stop: int) -> int:
    """Where a number ends that goes on with a point and digits, and with nothing else; 0 when it does not."""
    i = bisect_left(reading.digits, (stop + 1, 0))
    if i == len(reading.digits) or reading.digits[i][0] != stop + 1:
        return 0
    end = reading.digits[i][1]
    after = reading.text[end : end + 2]
    return end if after[:1] in _PLAIN_AFTER or (after[:1] == " " and after[1:] in _PLAIN_NEXT) else 0


_GREATEST = 1e300
_PLAIN_AFTER = frozenset(")%;:!?\n°") | {""}
"""Characters behind a run of digits that end the number whatever follows."""
_PLAIN_NEXT = frozenset("abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWYZ°µ(") | {""}
"""Characters that do so behind a space: no further digits, no power of ten."""
_SCALE_LETTERS = frozenset("kKM")
_SCALE_STARTS = frozenset(["hu", "th", "mi", "bi", "tr", "do", "la", "cr", "mn", "bn", "tn"])


def _closes(text: str, i: int) -> bool:
    """Whether the character in front of a sign makes it a dash ("10-20", "QFN-60")."""
    return i >= 0 and (text[i].isalnum() or text[i] in "_)]%°")


def _may_start(text: str, start: int) -> bool:
    """Whether a number can start here: not inside a word ("QFN-60") or a number ("1.2.3"), but after "1920x"."""
    if not start:
        return True
    before, further = text[start - 1], text[start - 2 : start - 1] if start > 1 else ""
    if before.isalnum() or before == "_":
        return before in "xX" and further.isdigit()
    if before == "." and further.isupper() and not text[start - 3 : start - 2].isalpha():
        return False  # "M.2", "H.264"
    if before in ".,":
        return not further.isdigit()
    return not (before == "-" and further.isalpha())


def _ends_name(text: str, start: int) -> bool:
    """Whether a capitalised word stands right in front, with which a capitalised number word makes a name."""
    before = text[max(0, start - 40) : start].rsplit(None, 1)
    return (
        bool(before)
        and text[start - 1 : start] == " "
        and before[-1][0].isupper()
        and before[-1].isalnum()
        and before[-1].lower() not in STOPWORDS
    )


def _ten_to(power: str) -> float:
    if len(power) > _LONGEST_POWER:
        return 0.0
    exponent = int(power)
    return 10.0**exponent if abs(exponent) < 300 else 0.0


_LONGEST_POWER = 6


def _word_number(m: re.Match[str]) -> Number | None:
    if m.group()[0].isupper() and (_ends_name(m.string, m.start()) or _STARTS_NAME.match(m.string, m.start())):
        return None  # neither the Pi Zero nor the Zero 2 W is a number
    if lone := m["lone"]:
        words = lone.lower().split()
        if words[-1] in _ORDINAL_ONLY and len(words) == 1:
            return None
        return Number(m.start(), m.end(), 1 / _PARTS[words[-1]], 0, False, True, True)
    words, share = m.group(), 1.0
    if words[:7].lower() == "half a ":
        words, share = words[7:], 0.5
    if m["part"]:
        words = words[: -len(m["part"])]
    if m["and"]:
        words = words[: -len(m["and"])] if words.endswith(m["and"]) else words.replace(m["and"], "")
    value = spoken_value(re.sub(r"^an? ", "", words, flags=re.IGNORECASE))
    fraction = False
    if m["part"]:
        value, fraction = value / _PARTS[m["part"][1:].lower()], True
    if m["and"]:
        value += 0.5 if m["and"].lower().endswith("half") else 0.25
    return Number(m.start(), m.end(), value * share, 0, False, True, fraction)
