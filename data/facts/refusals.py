"""Answers that say that they do not know."""

from __future__ import annotations

import re

from data.facts.patterns import lazy
from data.facts.reading import Reading, tell
from data.facts.vocabulary.function_words import SECTIONS

_TOLD = (
    "specified|stated|mentioned|documented|given|listed|provided|known|disclosed|published|clear|publicly available"
    "|defined|available in|covered|made public|included in|released|revealed|reported|recorded|determined|established"
)
_TELLS = (
    "say|state|publish|specify|mention|know|give|list|disclose|indicate|reveal|tell"
    "|(?:have|provide|contain) (?:enough |any |that |the |this )?information"
)
_REFUSAL = lazy(
    rf"\b(?:(?:is|are|was|were)(?: not|n't) (?:yet |currently |explicitly )?(?:{_TOLD})|(?:has|have)(?: not"
    rf"|n't) (?:yet )?been (?:{_TOLD})"
    rf"|(?:does|do|did)(?: not|n't) (?:explicitly )?(?:{_TELLS})"
    r"|not (?:yet )?(?:public|sure|specified|stated|known|documented|mentioned|available|given|listed|disclosed"
    r"|published)\b|unknown|undisclosed|unspecified"
    r"|no (?:\w+ )?(?:information|data|details?|answer|figures?|specification|record) (?:is|are|was|were|on|about"
    r"|available|given|provided|for|exists?)"
    r"|(?:i|we) (?:do not|don't|cannot|can't|could not|couldn't|am not|am unable|are unable)\b"
    r"|(?:cannot|can't|could not|unable to|not able to) (?:be )?(?:determined?|say|find|answer|confirm|verify"
    r"|provide|help|tell)"
    r"|not enough information|insufficient information|(?:it|that|this)(?: really)? depends\b|consult (?:the|a"
    r"|your)|please (?:refer|check|see|consult|ask)"
    r"|ask your (?:doctor|lawyer|pharmacist)|as an ai|no idea|remains unclear|is unclear|hard to say|(?:i'm"
    r"|i am) sorry|sorry,"
    r"|(?:varies|differs) (?:by|between|from|widely|depending)|(?:gives?|contains?|provides?|has|have|there (?:is"
    r"|are)) no (?:\w+ )?(?:figure|data|number|information|answer|mention|detail|record)s?)",
    re.IGNORECASE,
)


_WORDS = tell(frozenset(SECTIONS["refusal"]))
"""Words without one of which no text refuses."""
_TOPICS = tell(frozenset(SECTIONS["refusal topic"]))
"""The same: what is not told, or the way of saying so."""


_FIRST = frozenset(SECTIONS["refusal start"])
"""The words that a refusal starts with."""
_STARTS = tell(_FIRST)


def refuses(reading: Reading) -> bool:
    """Whether a text says that it does not know, and so claims nothing."""
    if not reading.has(_WORDS) or not reading.has(_TOPICS):
        return False
    text = reading.text
    words = reading.words
    return any(_REFUSAL.match(text, words[i].start) for i in reading.places(_STARTS) if words[i].lower in _FIRST)
