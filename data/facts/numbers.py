"""Numbers as people write them: digits with separators, exponents and fractions, and number words."""

from __future__ import annotations

import re
from typing import NamedTuple

from data.facts.patterns import lazy


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


_ONES = dict(zip(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"], range(20), strict=True))  # fmt: skip
_TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
)
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12, "score": 20,
           "lakh": 10**5, "crore": 10**7, "mn": 10**6, "bn": 10**9, "tn": 10**12}  # fmt: skip
_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6,
          "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9, "tenth": 10, "tenths": 10, "twelfth": 12, "hundredth": 100, "thousandth": 1000}  # fmt: skip
_VULGAR = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125, "⅜": 0.375, "⅝": 0.625, "⅞": 0.875, "⅕": 0.2, "⅖": 0.4, "⅗": 0.6, "⅘": 0.8, "⅙": 1 / 6}  # fmt: skip
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")

_DIGITS = lazy(
    r"(?:(?<!\w)|(?<=\d[xX]))(?<!\d[.,])(?<![A-Za-z]-)(?P<sign>(?<![\w)\]%°])[+\-−–](?=[\d.]))?"
    r"(?P<body>\d{1,3}(?:\.\d{3})+,\d+(?![\d.])"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)"
    r"|\d{1,3}(?:[\u00a0\u2009\u202f'’_]\d{3})+(?:\.\d+)?(?!\d)"
    r"|\d{1,3}(?: \d{3})+(?![\d.])"
    r"|\d+,\d{1,2}(?![\d,])(?=\s?[%°a-zA-ZµΩ])"
    r"|\d+(?:\.\d+)?|(?<!\d)\.\d+)"
    r"(?P<vulgar>\s?[½¼¾⅓⅔⅛⅜⅝⅞⅕⅖⅗⅘⅙])?"
    r"(?P<exponent>[eE][+\-−]?\d+(?!\w)|\s?[×x·*]\s?10(?:\s?\^\s?\{?[+\-−]?\d+\}?|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))?"
    r"|(?P<alone>[½¼¾⅓⅔⅛⅜⅝⅞⅕⅖⅗⅘⅙])"
    r"|(?<![\w.])10(?:\^(?P<power>[+\-−]?\d+)|(?P<super>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
)  # fmt: skip
_UNIT_WORD = "|".join(
    sorted([*_ONES, *_TENS, "hundred", "thousand", "million", "billion", "trillion", "dozen"], key=len, reverse=True)
)
_PART_WORD = "|".join(sorted(_PARTS, key=len, reverse=True))
_WORDS = lazy(
    rf"(?<![\w-])(?<!\d )(?:(?:an? (?=hundred|thousand|million|billion|trillion|dozen)|half an? (?=million|billion|dozen|thousand))?"
    rf"(?:{_UNIT_WORD})(?:[ -](?:and )?(?:{_UNIT_WORD}))*(?P<and>[ -]and (?:a |an |one )?(?:half|quarter)\b(?! an? ))?"
    rf"(?P<part>[ -](?:{_PART_WORD})\b)?|(?P<lone>(?:an? )?(?:{_PART_WORD})))(?=$|[^\w]|-)",
    re.IGNORECASE,
)
_SCALE = lazy(
    r"[ -]?((?i:hundred|thousand|million|billion|trillion|dozen|lakh|crore|mn|bn|tn))\b|(?<=\d)([kK])(?![\w%°])|(?<=\d)(M)(?![\w%°/])"
)
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
    elif re.fullmatch(r"\d+,\d{1,2}", body):
        body = body.replace(",", ".")
    body = re.sub(r"[,\s'’_\u00a0\u2009\u202f]", "", body)
    bare = body.replace(".", "").lstrip("0")
    return float(body), len(bare) if "." in body else len(bare.rstrip("0")) or 1


def _spoken(words: str) -> float:
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


def find_numbers(text: str) -> list[Number]:
    """All numbers of a text in order: "1,500", "1.5e3", "½", "two and a half", "a dozen", "1.5 million"."""
    found: list[Number] = []
    for m in _DIGITS.finditer(text):
        if m["alone"]:
            found.append(Number(m.start(), m.end(), _VULGAR[m["alone"]], 2, False, False, True))
            continue
        if m["power"] or m["super"]:
            power = (m["power"] or m["super"].translate(_SUPERSCRIPT)).replace("−", "-")
            found.append(Number(m.start(), m.end(), _ten_to(power), 1, False, False))
            continue
        value, digits = _plain(m["body"])
        end = m.end()
        if m["vulgar"]:
            value, digits = value + _VULGAR[m["vulgar"].strip()], digits + 2
        if m["exponent"]:
            power = (
                re.sub(r"^\s?(?:[eE]|[×x·*]\s?10\s?\^?\s?\{?)|\}", "", m["exponent"])
                .translate(_SUPERSCRIPT)
                .replace("−", "-")
            )
            value *= _ten_to(power)
        elif s := _SCALE.match(text, end):
            word = (s[1] or "").lower() or {"k": "thousand", "m": "million"}[(s[2] or s[3]).lower()]
            value, end = value * _SCALES[word], s.end()
        sign = m["sign"] or ""
        found.append(Number(m.start(), end, -value if sign and sign in "-−–" else value, digits, bool(sign), False))
    spoken = [n for m in _WORDS.finditer(text) if (n := _word_number(m))]
    if not spoken:
        return found
    return sorted(
        (n for n in (*found, *spoken) if n.word or not any(s.start < n.end and n.start < s.end for s in spoken)),
        key=lambda n: n.start,
    )


def _ten_to(power: str) -> float:
    exponent = int(power)
    return 10.0**exponent if abs(exponent) < 300 else 0.0


def _word_number(m: re.Match[str]) -> Number | None:
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
    value = _spoken(re.sub(r"^an? ", "", words, flags=re.IGNORECASE))
    fraction = False
    if m["part"]:
        value, fraction = value / _PARTS[m["part"][1:].lower()], True
    if m["and"]:
        value += 0.5 if m["and"].lower().endswith("half") else 0.25
    return Number(m.start(), m.end(), value * share, 0, False, True, fraction)
