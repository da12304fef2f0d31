"""Things that are written exactly one way: hex numbers, code in backticks, flags, paths, addresses, complexities."""

from __future__ import annotations

import re

from data.facts.claims import number_fact, word_fact
from data.facts.model import Fact, Kind
from data.facts.patterns import lazy
from data.facts.reading import Reading, tell
from data.facts.units import parse_unit
from data.facts.vocabulary.function_words import SECTIONS

# Each pattern with the characters without which it cannot match: most texts hold few of them. A pattern starts with a
# character or a set of them, and looks behind after it, because only then is the search for its start a fast one.
_CODES = (
    (("0x", "0X"), lazy(r"(?P<hex>\b0[xX][0-9a-fA-F]+(?:[_'][0-9a-fA-F]+)*\b)")),
    (("#",), lazy(r"(?P<hex>#[0-9a-fA-F]{6}\b)")),
    (("U+",), lazy(r"(?P<point>\bU\+[0-9A-Fa-f]{4,6}\b)")),
    (("0b",), lazy(r"(?P<binary>\b0b_?[01][01_]*\b)")),
    (("0o",), lazy(r"(?P<octal>\b0o[0-7]+\b)")),
    (("'", '"'), lazy(r"(?P<quote>['\"](?<!\w['\"])(?:(?<=')[^\s']{1,16}'|(?<=\")[^\s\"]{1,16}\"))(?!\w)")),
    (("=", "<", ">", "&", "|", "*", "+"), lazy(r"(?P<operator>[=!<>:+\-*/%&|^](?<!\S.)[=!<>:+\-*/%&|^]{1,2})(?!\S)")),
    (("`",), lazy(r"(?P<tick>`[^`\n]{1,80}`)")),
    (("O(", "Θ(", "Ω("), lazy(r"(?P<order>(?:\b[OΘΩ]|Θ|Ω)\((?:[^()\n]|\([^()\n]*\)){1,24}\))")),
    (("://",), lazy(r"(?P<url>\bhttps?://[^\s)>\]]+[^\s)>\].,;:])")),
    (("/",), lazy(r"(?P<path>(?<![\w.])(?:~|\.{1,2})?/(?:[\w.-]+/)*[\w.-]*[\w-])")),
    ((" -", "--", "(-", "`-", "\n-"), lazy(r"(?P<flag>-(?<![\w-]-)-?[A-Za-z][\w-]*(?:=[\w.]+)?)")),
    (("()",), lazy(r"(?P<call>\b[A-Za-z_][\w.]*\(\))")),
    (("_",), lazy(r"(?P<snake>\b\w*[A-Za-z]\w*_\w+\b)")),
    (("Ctrl", "Control", "Cmd", "Alt", "Shift"), lazy(r"(?P<keys>\b(?:Ctrl|Control|Cmd|Alt"
                                                      r"|Shift)(?:\s?[+-]\s?(?:Ctrl|Alt|Shift|[A-Za-z0-9]+"
                                                      r"|F\d+))+\b)")),
)  # fmt: skip
_DOTTED = lazy(
    r"(?P<cidr>\b(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?\b)|(?P<dotted>\b[a-z_]\w*(?:\.[a-z_]\w*)+\b(?!\.\w))"
    r"|(?P<dotfile>(?<![\w.])\.[a-z][\w-]+(?:\.[\w-]+)*)"
)
_SUFFIXED = lazy(r"(?P<hex>\b[0-9a-fA-F]+\dh\b(?=[ ,.;)]))")
_INNER_DOT = lazy(r"\.(?:[a-z_]|\d{1,3}\.\d)")
_ABBREVIATIONS = frozenset(
    {"e.g", "i.e", "a.m", "p.m", "a.k.a", "vs", "et.al", "p.a", "b.i.d", "t.i.d", "q.i.d", "q.d", "o.d", "b.d"}
)
_COMPLEXITY = (
    ("1", "constant"),
    ("logn", "logarithmic"),
    ("nlogn", "linearithmic|log-?linear|quasilinear"),
    ("n", "linear"),
    ("n2", "quadratic"),
    ("n3", "cubic"),
    ("2n", "exponential"),
)
_COMPLEXITY_WORDS = lazy(
    rf"\b(?:{'|'.join(f'(?P<c{i}>{w})' for i, (_, w) in enumerate(_COMPLEXITY))})\b",
    re.IGNORECASE,
)
_COMPLEXITY_TELLS = tell(frozenset(SECTIONS["complexity"]))
_ABOUT_COMPLEXITY = lazy(
    r"complexity|[OΘ]\(|time to (?:search|insert|sort)|big[- ]?o|worst[- ]case|average[- ]case|amorti[sz]ed",
    re.IGNORECASE,
)
_NUMBER = lazy(r"[-+−]?\d[\d.,]*[ -]?")
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ", "0123456789n")


def find_codes(reading: Reading, question: str) -> list[Fact]:
    """Facts whose spelling is their value; a hex number is also a number (0x2000_0000 = 0x20000000)."""
    text, facts = reading.text, []
    framed = "\n" + text
    patterns = []
    for marks, pattern in _CODES:
        for mark in marks:
            if mark in framed:
                if mark != "/" or _has_path(text):
                    patterns.append(pattern)
                break
    if "h" in reading.behind:
        patterns.append(_SUFFIXED)
    if _INNER_DOT.search(text):
        patterns.append(_DOTTED)
    for pattern in patterns:
        for m in pattern.finditer(text):
            if reading.free(m.start(), m.end()) and (fact := _fact(reading, m)):
                facts.append(fact)
    if reading.has(_COMPLEXITY_TELLS) and (_ABOUT_COMPLEXITY.search(question) or _ABOUT_COMPLEXITY.search(text)):
        for m in _COMPLEXITY_WORDS.finditer(text):
            if reading.free(m.start(), m.end()):
                key = next(_COMPLEXITY[i][0] for i in range(len(_COMPLEXITY)) if m[f"c{i}"])
                facts.append(word_fact(reading, m.start(), m.end(), Kind.CODE, (key,), dimension="complexity"))
    return facts


def _has_path(text: str) -> bool:
    """Whether a slash stands where a path can start, and not between two words."""
    position = text.find("/")
    while position >= 0:
        if not position or not (text[position - 1].isalnum() or text[position - 1] == "_"):
            return True
        position = text.find("/", position + 1)
    return False


def _measured(inner: str) -> bool:
    """Whether what stands between backticks or quotes is a number with its unit, which is no code."""
    m = _NUMBER.match(inner)
    unit = parse_unit(inner, m.end()) if m else None
    return unit is not None and unit[1] == len(inner)


def _fact(reading: Reading, m: re.Match[str]) -> Fact | None:
    text, group = m.group(), m.lastgroup
    start, end = m.start(), m.end()
    if group in ("hex", "binary", "octal", "point"):
        text = text.replace("U+", "0x")
        if text.startswith("#"):
            return word_fact(reading, start, end, Kind.HEX, (text.lower(),), dimension="colour")
        digits = text.replace("_", "").replace("'", "").lower()
        if digits.endswith("h") and not digits.startswith("0x"):
            if not any(c in "abcdef" for c in digits[:-1]) and len(digits) < 4:
                return None
            value = int(digits[:-1], 16)
        else:
            value = int(digits, 0)
        shown = f"0x{value:x}"
        base = (float(value),) if value < 1 << 1000 else ()
        return number_fact(reading, start, end, Kind.HEX, shown, None, "hex", base, key=(shown,), digits=17)
    if group == "order":
        inner = text[text.index("(") + 1 : -1].translate(_SUPER).lower()
        key = (
            inner.replace(" ", "")
            .replace("^", "")
            .replace("**", "")
            .replace("*", "")
            .replace("·", "")
            .replace("log2", "log")
            .replace("log(n)", "logn")
            .replace("lgn", "logn")
        )
        return word_fact(reading, start, end, Kind.CODE, (key,), dimension="complexity")
    if group == "cidr":
        return word_fact(reading, start, end, Kind.IDENTIFIER, (text,), dimension="address")
    if group == "dotted" and (text.lower() in _ABBREVIATIONS or len(text) < 4):
        return None
    if group == "path" and len(text) < 3:
        return None
    if group == "snake" and text.strip("_").isdigit():
        return None
    if group == "keys":
        parts = [p.strip().lower() for p in text.replace("+", "-").split("-")]
        return word_fact(
            reading, start, end, Kind.CODE, ("+".join({"control": "ctrl"}.get(p, p) for p in parts),), dimension="keys"
        )
    if group in ("tick", "quote"):
        inner = text.strip("`'\" ")
        key = inner.removesuffix("()") if " " not in inner else inner
        if inner.replace(".", "").replace(",", "").replace("-", "").isdigit() or _measured(inner):
            return None
        words = tuple(key.split())
        if group == "tick" and inner:
            start = text.index(inner) + start
            end = start + len(inner)
        return word_fact(reading, start, end, Kind.CODE, words, dimension="flag" if key.startswith("-") else "code")
    key = text.removesuffix("()").removesuffix("/") if group != "flag" else text
    return word_fact(
        reading,
        start,
        end,
        Kind.CODE,
        (key,),
        dimension={"flag": "flag", "path": "path", "url": "url", "dotfile": "path"}.get(group or "", "code"),
    )
