"""How often which of two sides was preferred, and whether that says anything.

Ties and pairs of bad answers are counted and say nothing about which side is better, so the share, its interval and
the test are of the other votes (Dixon and Mood, "The statistical sign test", 1946; its two-sided exact form is
McNemar's). The interval is Wilson's: "Probable inference, the law of succession, and statistical inference", 1927.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from data.preferences import Choice
from data.significance import FEWEST_CHANGED, LEVEL, mcnemar, wilson
from data.wording import counted


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes between the same two sides."""

    a: int = 0
    """For the first one."""
    b: int = 0
    ties: int = 0
    both_bad: int = 0

    @property
    def votes(self) -> int:
        """All of them."""
        return self.decided + self.ties + self.both_bad

    @property
    def decided(self) -> int:
        """Those for one side."""
        return self.a + self.b

    @property
    def interval(self) -> tuple[float, float]:
        """In which B's share of the decided votes lies with 95 % confidence, from 0 to 1."""
        return wilson(self.b, self.decided)

    @property
    def p(self) -> float:
        """How often a fair coin would part the decided votes as unevenly."""
        return mcnemar(self.a, self.b)

    @property
    def significant(self) -> bool:
        """Whether that is rarer than `LEVEL`."""
        return self.p < LEVEL

    def sentence(self, a: str, b: str) -> str:
        """The tally in words: "tuned preferred in 7 of 9 (45 to 94 %), 2 ties; not enough evidence (p = 0.18)"."""
        if not self.votes:
            return "No votes yet."
        said = [counted(self.ties, "tie")] if self.ties else []
        said += [f"{self.both_bad:,} both bad"] if self.both_bad else []
        if not self.decided:
            return f"{counted(self.votes, 'vote')}: {', '.join(said)}; none says which is better."
        low, high = (round(100 * each) for each in self.interval)
        share = f"{b} preferred to {a} in {self.b:,} of {self.decided:,} ({low} to {high} %)"
        return f"{', '.join([share, *said])}; {self._finding(a, b)}."

    def _finding(self, a: str, b: str) -> str:
        p = "p < 0.0001" if self.p < 0.0001 else f"p = {self.p:.2g}"
        if self.decided < FEWEST_CHANGED:
            return f"not enough evidence: fewer than {FEWEST_CHANGED} votes for one side show nothing"
        if not self.significant:
            return f"not enough evidence ({p}, exact sign test)"
        return f"{b if self.b > self.a else a} is better ({p}, exact sign test)"


def tallied(choices: Iterable[Choice]) -> Tally:
    """The tally of these votes."""
    found = Counter(choices)
    return Tally(found["A"], found["B"], found["tie"], found["both bad"])
