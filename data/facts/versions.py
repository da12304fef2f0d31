"""Versions, generations and standards: "USB 3.0", "PCIe Gen 2", "Python 3.10", "v1.2.3", "IEEE 802.11 b/g/n/ac"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import takewhile

from data.facts.claims import word_fact
from data.facts.model import Fact, Kind
from data.facts.patterns import lazy
from data.facts.reading import Reading, stem, tell
from data.facts.units import parse_unit
from data.facts.vocabulary import lines
from data.facts.vocabulary.function_words import SECTIONS, STOPWORDS

_PRODUCTS = lines("products.txt")


def _any_of(patterns: list[str]) -> str:
    """An alternation of patterns by their first letter: a word that starts otherwise is passed over at once."""
    letters = dict.fromkeys(p.removeprefix("\\")[0] for p in patterns)
    groups = [(c, [p.removeprefix("\\")[1:] for p in patterns if p.removeprefix("\\")[0] == c]) for c in letters]
    return "|".join(f"{re.escape(c)}(?:{'|'.join(rests)})" for c, rests in groups)


_INTEGER_OK = frozenset(SECTIONS["whole version"])
"""Products of which a number without a dot is a version, too ("USB 3")."""
_VERSION = lazy(
    r"(?<![\w.])(?=[A-Za-z.0-9>=≥])(?:(?P<wifi>(?:IEEE )?802\.(?P<family>\d+)(?P<letters>(?:[ -]?[a-z]{1,2}(?![a-z]))?"
    r"(?:\s?[/,]\s?[a-z]{1,2}(?![a-z]))*(?:\s(?:and|or|&)\s(?:802\.11)?[a-z]{1,2}(?![a-z]))?))"
    rf"|(?:(?P<op>>=|≥|==)\s?)?(?:(?P<product>{_any_of(_PRODUCTS)})(?:[ -](?:version|release|Gen(?:eration)?"
    rf"|v))?[ \-/]?[vV]?(?P<number>\d+(?:\.\d+)*)"
    r"|(?P<word>[A-Z][\w+#-]*+) [vV]?(?P<dotted>\d+(?:\.\d+)+))"
    r"(?P<tag>(?:[-.]?(?:rc|alpha|beta|b|a)\d*)?)(?P<plus>\+(?!\w))?(?P<sub> Gen ?\d(?:x\d)?)?(?P<lanes> "
    r"?[x×]\d+)?(?![\w%°])"
    r"|[vV](?P<bare>\d+(?:\.\d+)+|\d+)(?![\w%])"
    r"|(?<!,)(?P<triple>\d+\.\d+\.\d+(?:[-.]?(?:rc|alpha|beta)\d*)?)(?!\w|\.\d)"
    r"|(?P<nth>first|second|third|fourth|fifth|sixth|seventh|\d(?:st|nd|rd|th))[ -]gen(?:eration)?\b)"
)
_NTH = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7"}
_NTH_STARTS = frozenset(word[:3] for word in (*_NTH, "1st", "2nd", *(f"{n}th" for n in range(10)), "3rd"))
_GENERATIONS = tell(frozenset(["gen", "generation"]))
_JOINTS = frozenset("-‑+&'’")
_REACH = 24
"""Characters from the first word of the longest product to its number ("Bluetooth Low Energy version 5")."""
_PLAIN_PRODUCTS = tell(frozenset(p.rstrip(".?\\") for p in _PRODUCTS if p[0].islower()))
"""Those that are written in small letters."""
_SAME_PRODUCT = dict(line.split("\t") for line in lines("same_products.txt"))
_WIFI_GENERATIONS = {"4": "n", "5": "ac", "6": "ax", "7": "be"}


class _Leads:
    """Words that may start a version, or hold the start of one behind a hyphen."""

    _runs = frozenset(
        run.lower()
        for p in _PRODUCTS
        for form in (p.replace("?", ""), re.sub(r"\W\?", "", p))
        for run in (re.sub(r"\W", " ", form).split()[0].rstrip("0123456789"),)
    ) | {"ieee", "v", "i", "m"}
    """The letters that products start with, to the first that is none."""

    def __contains__(self, surface: object) -> bool:
        word = str(surface)
        if word.islower() and word.isalpha():
            return False
        return not word.isalnum() or self.starts(word)

    def starts(self, word: str) -> bool:
        """Whether the letters that a word starts with are those of a product, perhaps with a v behind them."""
        run = (word if word.isalpha() else "".join(takewhile(str.isalpha, word))).lower()
        return run in self._runs or (run[-1:] == "v" and run[:-1] in self._runs)


_LEADS = tell(_Leads(), "surface")


def find_versions(reading: Reading) -> list[Fact]:
    """Facts on versions; the key is the components so that 3 is a less exact 3.0, and 3.10 ≠ 3.1."""
    facts = []
    for m in _matches(reading):
        start = m.start() + len(m.group()) - len(m.group().lstrip())
        if not reading.free(start, m.end()):
            continue
        if m["wifi"]:
            facts.append(_standard(reading, m))
        elif m["bare"] or m["triple"]:
            facts.append(_version(reading, start, m.end(), m["bare"] or m["triple"], ""))
        elif m["nth"]:
            facts.append(_version(reading, start, m.end(), _NTH.get(m["nth"].lower()) or m["nth"][0], ""))
        elif fact := _of_product(reading, m):
            facts.append(fact)
    return facts


def _matches(reading: Reading) -> Iterator[re.Match[str]]:
    """All matches of `_VERSION`, which is tried only where the words near a number let one start."""
    text, words = reading.text, reading.words
    starts = set[int]()
    for start, end in reading.digits:
        if text[end : end + 1] == ".":
            starts.add(start)
            i = reading.word_index(start)
            if i and words[i - 1].text[0].isupper():
                starts |= _starts(text, words[i - 1].start)
    near = reading.places(_LEADS | _PLAIN_PRODUCTS)
    numbers = [start for start, _ in reading.digits] if near else []
    for k in near:
        first, said = words[k].start, words[k].text
        n = bisect_left(numbers, first)
        if n == len(numbers) or numbers[n] - words[k].end > _REACH:
            continue
        starts |= _starts(text, first)
        if not said.isalnum():
            starts.update(first + n + 1 for n, c in enumerate(said) if c in _JOINTS)
    if reading.has(_GENERATIONS):
        starts.update(w.start for w in words if w.lower[:3] in _NTH_STARTS)
    behind = 0
    for start in sorted(starts):
        if start >= behind and (m := _VERSION.match(text, start)):
            behind = m.end()
            yield m


def _starts(text: str, first: int) -> set[int]:
    """Where a match with this first word can start: at the word, or at a sign in front ("≥ 3.8", ".NET")."""
    sign = first - 1 if text[first - 1 : first] == " " else first
    if text[sign - 1 : sign] not in ("=", "≥", "."):
        return {first}
    return {first, sign - 1, max(0, sign - 2)}


def _of_product(reading: Reading, m: re.Match[str]) -> Fact | None:
    text, number = reading.text, m["number"] or m["dotted"]
    product = (m["product"] or m["word"]).lower()
    if m["word"]:
        if product in STOPWORDS:
            return None
    elif "." not in number and product not in _INTEGER_OK:
        return None
    position = m.end("number" if m["number"] else "dotted")
    while text[position : position + 1] in (" ", "-") and text[position : position + 1]:
        position += 1
    unit = parse_unit(text, position)
    if (
        unit
        and not m["lanes"]
        and not m["sub"]
        and (m["word"] or unit[0].dimension not in ("factor", "information", "length", "times"))
    ):
        return None
    if not m["product"] and text[m.end() : m.end() + 3].strip()[:1] in ("–", "±"):
        return None
    key = number + (m["sub"] or "").lower().replace(" gen", ".g").replace(" ", "")
    if product in ("wifi", "wi-fi") and number in _WIFI_GENERATIONS:
        return word_fact(
            reading, m.start(), m.end("number"), Kind.VERSION, (_WIFI_GENERATIONS[number],), dimension="802.11"
        )
    start = m.start() + len(m.group()) - len(m.group().lstrip())
    lanes = (m["lanes"] or "").replace("×", "x").strip()
    return _version(reading, start, m.end(), key, _SAME_PRODUCT.get(product, stem(product)), lanes)


def _version(reading: Reading, start: int, end: int, number: str, product: str, lanes: str = "") -> Fact:
    parts = number.lower().split(".")
    shown = number + (" " + lanes if lanes else "")
    noun = (product,) if product else ()
    return word_fact(
        reading,
        start,
        end,
        Kind.VERSION,
        (*parts, *((lanes,) if lanes else ())),
        dimension="version",
        value=shown,
        noun=noun,
    )


def _standard(reading: Reading, m: re.Match[str]) -> Fact:
    letters = tuple(sorted(set(re.findall(r"[a-z]{1,2}", re.sub(r"\b(?:and|or)\b", " ", m["letters"])))))
    end = m.end() if m["letters"].strip() else m.end("family")
    return word_fact(
        reading,
        m.start(),
        end,
        Kind.VERSION,
        letters,
        dimension="802." + m["family"],
        value="802." + m["family"] + "/".join(letters),
    )
