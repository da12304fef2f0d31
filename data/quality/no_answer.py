"""Answers that do not answer: no fact of the kind that the question asks for, a refusal, or nothing new."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.facts.extract import analyse
from data.facts.patterns import lazy
from data.facts.questions import ask
from data.facts.reading import Reading
from data.facts.vocabulary.function_words import STOPWORDS
from data.quality.check import Context, Examiner
from data.quality.examined import Examined, Exchange
from data.quality.flag import Flag

_LONGEST_QUESTION = 300
_LONGEST_ANSWER = 600
"""Characters beyond which a text is a task and its solution rather than a question and its answer."""
_NUMBER = lazy(
    r"\d|[½⅓¼¾²³∞]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|billions?|zero|none|no|not|any|half|single|both"
    r"|pair|once|twice|double|triple|unlimited|infinite\w*|many|few|several|all|every|an?|same|free|depends?|var(?:y|ies))\b",
    re.IGNORECASE,
)
_TIME = lazy(
    r"\d|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn"
    r"|fall|winter|\w+day|century|decade|era|age|period|war|today|tomorrow|now|never|always|not|ago|during|before|after|when"
    r"|while|until|since|once|first|year|month|night|morning|noon|midnight|easter|christmas|dynasty|reign)s?\b",
    re.IGNORECASE,
)
_REFUSES = lazy(
    r"\W*(?:(?:i['’]?m|i am) (?:very |really |truly )?sorry|sorry|unfortunately|i apologi[sz]e"
    r"|no answer\b|as an? (?:ai|artificial|language|large language)\b|i (?:am |['’]m )(?:not able|unable|not sure)\b"
    r"|i (?:do not|don['’]t) (?:know|understand|have (?:the |any |enough )?(?:information|access|idea|data|answer))\b"
    r"|i (?:can ?not|can['’]t) (?:answer|help|assist|provide|tell|say|know|comply|fulfil|do that|access|determine)\b"
    r"|i have no (?:idea|information|data|answer)\b"
    r"|(?:n/?a|unknown|not (?:available|applicable|specified|provided))\W*$)",
    re.IGNORECASE,
)
_CANNOT = lazy(
    r"\b(?:can ?not|can['’]t|unable|not able|not sure|(?:do not|don['’]t) (?:know|understand|have|possess)"
    r"|no (?:idea|answer|information|data|access)|n/?a|unknown|not (?:available|applicable|specified|provided))\b",
    re.IGNORECASE,
)
_ELSEWHERE = lazy(
    r"(?:please )?(?:see|refer to|consult|visit)\b"
    r"|for [^.]{2,120}?[, ](?:please )?(?:see|refer to|consult|visit)\b",
    re.IGNORECASE,
)
_ASKS_WHERE = lazy(r"\b(?:where|how|should i|which (?:page|section|document|site|file|command))\b", re.IGNORECASE)
_FEW_WORDS = 40
"""An answer of more words says something, even if it begins by refusing or by naming another place."""
_OPTIONS = lazy(
    r"\bor\b|\bbetween\b|\bof (?:these|the following|those)\b|\bwhich of\b|[:\n\"“]|\b(?:sentence|passage|text)\b",
    re.IGNORECASE,
)
_REQUEST = lazy(r"\W*(?:can|could|would|will|may) (?:you|we|i)\b|.*\bplease\b", re.IGNORECASE)
"""What looks like a question for yes or no and asks for something to be done."""
_ENGLISH = lazy(
    r"\w\W+(?:the|an?|of|in|on|you|your|i|it|this|that|to|have|with|be|any|there|for|[\w-]+s)\b", re.IGNORECASE
)
"""What an English question has behind its first word: "was" asks for a thing in German."""
_MEASURES = lazy(
    r"\bhow (?:many|much|long|far|tall|high|deep|wide|fast|big|large|old|heavy|hot|cold|thick|often)\b"
    r"|\bwhat (?:is|was|are|were) the (?:[\w-]+ ){0,3}"
    r"(?:weight|height|length|width|depth|speed|frequency|size|capacity|temperature|voltage"
    r"|current|power|price|cost|distance|mass|age|duration|rate|resolution|number|percentage|area|volume)\b",
    re.IGNORECASE,
)
"""What surely asks for a number, among the questions that may."""
_HEDGES = lazy(
    r"\W*(?:sort of|kind of|sometimes|maybe|perhaps|usually|often|rarely|never|always|of course|sure|certainly"
    r"|definitely|absolutely|indeed|true|false|correct|right|possibly|probably|partly|almost|not|nope|yep|yeah|ja|si|oui)\b",
    re.IGNORECASE,
)
"""How an answer begins that is neither yes nor no and answers all the same."""
_STATES = lazy(r"\W*(?:it|they|there|this|these|that|those|he|she|we|you|i|both|all|some|most|only)\b", re.IGNORECASE)
"""How an answer begins that goes on from the question, and affirms or denies in any words."""


class _NoAnswer(Examiner):
    def look(self, row: Examined) -> Iterator[Flag]:
        if row.conversation is None or row.conversation.tools:
            return
        for exchange in row.exchanges:
            if len(exchange.answer) <= _LONGEST_ANSWER and (reason := lack(exchange)):
                yield Flag("no-answer", row.index, reason)
                return


def lack(exchange: Exchange) -> str:
    """Why an answer does not answer its question, in words; empty when it does, and where nobody can tell."""
    question, answer = exchange.question, exchange.answer.strip()
    short = len(answer.split()) <= _FEW_WORDS
    if short and _REFUSES.match(answer) and _CANNOT.search(answer):
        return "refuses or says that it does not know"
    if short and _ELSEWHERE.match(answer) and "?" in question and not _ASKS_WHERE.search(question):
        return "only names another place to look"
    if not exchange.alone or not question.rstrip().endswith("?") or len(question) > _LONGEST_QUESTION:
        return ""
    asked = ask(question)
    measured = asked.form in ("count", "quantity") and _MEASURES.search(question) and not _OPTIONS.search(question)
    if measured and not _NUMBER.search(answer):
        return "gives no number where one is asked for"
    if asked.form == "date" and not _TIME.search(answer):
        return "gives no time where one is asked for"
    if (
        asked.form == "polarity"
        and _ENGLISH.search(question)
        and not _REQUEST.match(question)
        and _says_neither(question, answer)
    ):
        return "says neither yes nor no"
    if asked.form not in ("polarity", "choice", "") and not _OPTIONS.search(question) and _repeats(question, answer):
        return "says nothing that the question does not say"
    return ""


def _says_neither(question: str, answer: str) -> bool:
    if _STATES.match(answer) or _HEDGES.match(answer):
        return False
    found = analyse(answer, question)
    return found.polarity is None and not found.refusal


def _repeats(question: str, answer: str) -> bool:
    said = {word.stem for word in Reading(answer).words if word.lower not in STOPWORDS}
    return len(answer.split()) > 2 and bool(said) and said <= {word.stem for word in Reading(question).words}


def make(_: Context) -> Examiner:
    """A worker for one run."""
    return _NoAnswer()
