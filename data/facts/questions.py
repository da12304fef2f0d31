"""What a question asks for: yes or no, a count, a quantity of some dimension, a time, a name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from data.facts.patterns import lazy
from data.facts.reading import Reading
from data.facts.units import FOLDED, SYMBOLS, Unit
from data.facts.vocabulary.function_words import STOPWORDS


class Asked(NamedTuple):
    """The slot that a good answer fills."""

    form: str
    """"polarity", "count", "quantity", "date", "often", "version", "name", "choice", "open" or "" (no question given)."""
    dimension: str
    """Start of the dimension asked for ("frequency", "money"), or ""."""
    unit: Unit | None
    """The unit asked for ("How many milligrams …")."""
    noun: frozenset[str]
    """Stems of the thing counted or named."""
    stems: frozenset[str]
    """Stems of all content words."""
    words: frozenset[str]
    """All words in lower case."""
    many: bool
    """Whether a list is asked for."""
    last: frozenset[str]
    """Stems of its last two content words, which hold what is asked about the subject."""
    thing: bool
    """Whether it starts with "What is the …", which a bare name may answer."""
    lacking: frozenset[str]
    """Stems of what follows "without"."""
    ranked: bool
    """Whether a rank is asked for."""
    text: str


_AUXILIARY = lazy(
    r"^\W*(?:(?:and|so|then|by default,?|(?:in|for|under|on|at|according to) [^,]+,)\s+)?(?:is|are|was|were|does|do|did|can|could|will|would|should|shall|must|may|might|has|have|had|isn't|aren't|doesn't|don't|can't)\b",
    re.IGNORECASE,
)
_OR = lazy(
    r"\b(?:(\w[\w-]*(?: \w[\w-]*){0,4}),? or (?:a |an |the |in |by |on |to |at |from )?(\w[\w-]*))", re.IGNORECASE
)
_HOW_MANY = lazy(
    r"\bhow many ((?:[\w.-]+ ?){1,5})|\b(?:what|which) (?:is|was|are) the (?:total |maximum |minimum |average |typical )?(?:number|count|quantity) of ((?:[\w.-]+ ?){1,4})",
    re.IGNORECASE,
)
_OFTEN = lazy(
    r"\bhow (?:often|frequently|regularly)\b|\bhow many times (?:a|per|each|every)\b|\b(?:dosing|dosage) (?:frequency|interval|schedule)\b|at what intervals?\b",
    re.IGNORECASE,
)
_WHEN = lazy(
    r"^\W*when\b|\b(?:since|until|till|by|from) when\b|\b(?:what|which) (?:year|date|month|day|century|decade|quarter|time)\b|\buntil when\b|\bhow (?:recent|old is the)\b|\bdeadline\b|\brelease date\b|\bdate of\b",
    re.IGNORECASE,
)
_VERSION = lazy(
    r"\b(?:which|what) (?:[\w.+#-]+ ){0,3}(?:version|release|generation|revision)s?\b|\b(?:version|generation) of\b.*\?"
    r"|\b(?:Wi-?Fi|USB|wireless|Bluetooth|PCIe|802\.11|HDMI|network) (?:[\w-]+ )?standards?\b",
    re.IGNORECASE,
)
_NAME = lazy(
    r"\b(?:who|whom|whose|where|which|what(?= (?:is|was|are|were) the (?:\w+ )?(?:name|capital|chemical|scientific|author|currency|language|city|country|term|command|keyword|type|licen[sc]e|default))|what (?!is|was|are|were|does|do|did|happens|can|should|will)\w+)\b",
    re.IGNORECASE,
)
_WHICH = lazy(
    r"^\W*(?:(?:at|in|on|to|by|from|with|for|of|above|below|under|within) )?(?:which|what(?! (?:is|was|are|were|does|do|did|has|can)\b))(?:\W+[\w-]+){0,4}",
    re.IGNORECASE,
)
_THING = lazy(r"^\W*what (?:is|was|are|were) (?:the|its|a|an)\b", re.IGNORECASE)
_RANKED = lazy(r"\b(?:rank|place|position)\w*\b", re.IGNORECASE)
_EITHER = lazy(r"\W*(?:which|(?:who|what)\b[^,]*,)", re.IGNORECASE)
_GIVES = lazy(
    r"\bwhat (?:does|do|did|will|would) .*\b(?:return|print|output|yield|produce|evaluate|stand for|give|display|raise|throw)\b",
    re.IGNORECASE,
)
_WHO = lazy(r"^\W*(?:who|whom|whose|where)\b", re.IGNORECASE)
_OPEN = lazy(
    r"\b(?:why|how (?:do|does|did|can|should|is|are|was|were|would)|what (?:does|do|did|happens|happened|can|should|will)|explain|describe)\b",
    re.IGNORECASE,
)
_LIST = lazy(
    r"\b(?:which|what) are\b|\b(?:which|what) (?:two |three |four |five |other )?[\w-]+[^sui\W]s\b(?! is\b)"
    r"|\b(?:which|what) [\w-]+ [\w-]+[^sui\W]s (?:are|do|does|did|were|have|can|must|will|should|may)\b|\b(?:list|name) (?:the|all|three|four|five)\b",
    re.IGNORECASE,
)

# question pattern, dimension; the first that fits counts
_DIMENSIONS = [
    (lazy(pattern, re.IGNORECASE), dimension)
    for pattern, dimension in (
        (r"\bhow (?:often|frequently)|times (?:a|per) day", "recurrence"),
        (r"\bpercent|\bwhat (?:share|proportion|fraction)\b|\b(?:interest|tax|vat|mortality|unemployment|inflation|success|discount|withholding|contribution|corporation tax|duty|error) rate|\brate of (?:tax|vat|interest|inflation)|\bmargin\b|sensitivity|humidity|efficiency", "fraction"),
        (r"\b(?:how much|what) (?:does|do|did|is|are|was|were|will|would) [\w\s'’-]*\b(?:cost|pay|worth|charge|earn|owe)|\bprice|\bfees?\b|\bfines?\b|\bsalary|\bwage|\bpenalt|\bcost|\bexemption|\ballowance|\bcompensation|\bdeductible amount|\bcap on\b.*(?:\$|€|£)|\bmaximum grant|how much money|\bbudget\b|\brevenue|\bGDP\b|\bthreshold for", "money"),
        (r"\bhow long\b(?! is the (?:river|coast|border|wall|bridge|tunnel|cable|board))|\bhalf-?life|\bduration|\btime ?(?:out|limit)|\bperiod\b|\bdeadline|\blatency|\bhow soon|\bhow many (?:days|weeks|months|years|hours|minutes|seconds)|\bterm (?:of|for)|\bincubation|\btime (?:does|to)\b|\bstatute of limitations|\bwarranty|\bminimum age|\bhow old|\bage\b|\blifespan|\bgestation|\bnotice", "time"),
        (r"\btransfer rate|\bdata rate|\bbaud|\bthroughput|\bbandwidth|\bbit ?rate|\b(?:ethernet|network|link|usb|download|upload) speed", "data rate"),
        (r"\bclock\b|\bfrequenc|\bhow fast (?:is|does|can) the (?:\w+ )?(?:cpu|core|processor|chip|clock|rp\d+)|\bspeed of the (?:cpu|core|processor)|\brefresh rate|\bsampl(?:e|ing) (?:rate|frequency)|\bclocked|\boverclock|\bcrystal|\bband\b", "frequency"),
        (r"\bvoltage|\bvolts?\b|\bV(?:DD|CC)\b|\blogic level", "voltage"),
        (r"\bcurrent\b(?! (?:president|prime|ceo|version|law|rate|population))|\bamps?\b|\bamperes?\b", "current"),
        (r"\bpower (?:consumption|draw|rating|output|supply rating)|\bhow much power|\bwatts?\b|\bTDP\b", "power"),
        (r"\bhow much (?:\w+[ -]){0,3}(?:memory|ram|sram|flash|storage|cache|psram|eeprom|disk|space)|\b(?:memory|ram|sram|flash|storage|cache|rom|file|page|block|heap|buffer|stack|register|address|word) (?:size|capacity|width)|\bcapacity of the|\bhow (?:big|large) is the (?:\w+[ -]){0,3}(?:memory|ram|sram|flash|cache|rom|eeprom|buffer)|\bbits?\b|\bbytes?\b|\bhow much (?:sram|ram|memory|flash)|\b(?:memory|ram|sram|flash)\b|\bresolution of the adc|\badc resolution", "information"),
        (r"\btemperature|\bdegrees|\bhow (?:hot|cold|warm)|\b(?:boiling|melting|freezing) point|\bfever", "temperature"),
        (r"\bblood pressure", "pressure pair"),
        (r"\bpressure", "pressure"),
        (r"\bpopulation|\bhow many people|\binhabitants", "count"),
        (r"\barea\b|\bhow (?:big|large) is\b", "area"),
        (r"\bhow (?:tall|high|deep|wide|thick|far|long)|\belevation|\bheight|\bdepth|\bwidth|\blength|\bdistance|\bpitch\b|\bdiameter|\baltitude|\bradius|\bspacing|\bthickness|\bwavelength|\bthick", "length"),
        (r"\bdimensions|\bmeasurements|\bsize of the (?:board|module)|\bscreen resolution|\bresolution", "dimensions"),
        (r"\bdos(?:e|age|ing)|\bweigh|\bmass\b|\bhow much (?:\w+ )?(?:acetaminophen|paracetamol|salt|sugar|iron|calcium|vitamin|aspirin|caffeine|protein|fib)", "mass"),
        (r"\bheart rate|\bpulse|\bbeats", "beats"),
        (r"\bhow fast|\bspeed", ""),
        (r"\bport\b", "label:port"),
    )
]  # fmt: skip


@lru_cache(maxsize=256)
def ask(question: str) -> Asked:
    """The slot that a question opens; an `Asked` with an empty form when there is no question."""
    if not question.strip():
        return Asked(
            "", "", None, frozenset(), frozenset(), frozenset(), False, frozenset(), False, frozenset(), False, ""
        )
    reading = Reading(question)
    words = frozenset(w.lower for w in reading.words) | frozenset(
        p for w in reading.words for p in re.split(r"[-'’]", w.lower)
    )
    stems = frozenset(w.stem for w in reading.words if w.lower not in STOPWORDS)
    last = frozenset([w.stem for w in reading.words if w.lower not in STOPWORDS][-2:])
    scope = m.group() if (m := _WHICH.match(question)) else "" if _WHO.match(question) else question
    dimension = next((d for pattern, d in _DIMENSIONS if pattern.search(scope)), "")
    unit, noun, form = None, frozenset[str](), "open"
    how_many = _HOW_MANY.search(question)
    either = _OR.search(question)
    if _OFTEN.search(question):
        form, dimension = "often", "recurrence"
    elif how_many:
        form = "count"
        said = (how_many[1] or how_many[2]).split()
        unit = FOLDED.get(said[0].lower()) or (SYMBOLS.get(said[0].lower()) if len(said[0]) > 2 else None)
        if (unit and unit.dimension not in ("information", "level", "units", "clock cycles", "factor")) or (
            unit and said[0].lower() in ("bits", "bytes", "units")
        ):
            form, dimension = "quantity", unit.dimension
        else:
            unit, dimension = None, "count"
        noun = _nouns(said)
    elif _AUXILIARY.match(question):
        form = "choice" if either else "polarity"
        if not either:
            dimension = ""
    elif re.search(
        r"\bhow (?:much|long|far|tall|high|deep|wide|fast|big|large|old|heavy|hot|cold|thick|soon|late|early)\b",
        question,
        re.IGNORECASE,
    ):
        form = "quantity"
    elif _VERSION.search(question):
        form = "version"
    elif _WHEN.search(question) and not (
        dimension == "time" and not re.search(r"\bwhen\b|year|date", question, re.IGNORECASE)
    ):
        form, dimension = "date", "date"
    elif dimension and re.search(r"\bwhat|\bwhich|\bhow\b", question, re.IGNORECASE) and not _OPEN.search(question):
        form = "quantity"
    elif _NAME.search(question):
        form = "choice" if either and _EITHER.match(question) else "name"
    elif _GIVES.search(question):
        form = "name"
    elif either and not _OPEN.search(question):
        form = "choice"
    lacking = frozenset(w.stem for w in Reading(question.partition(" without ")[2]).words[:3])
    return Asked(
        form,
        dimension,
        unit,
        noun,
        stems,
        words,
        bool(_LIST.search(question)),
        last,
        bool(_THING.match(question)),
        lacking,
        bool(_RANKED.search(question)),
        question,
    )


def _nouns(words: list[str]) -> frozenset[str]:
    kept: list[str] = []
    for w in words:
        if w.lower() in STOPWORDS:
            break
        kept.append(w)
    return frozenset(w.stem for w in Reading(" ".join(kept)).words)
