"""Running the checks over a file, in steps so short that a screen lives between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from time import perf_counter

from data.errors import InputError
from data.formats.format import Format
from data.quality.check import Check, Context, Examiner, Reported
from data.quality.examined import Reader
from data.quality.flag import Finding, Flag
from data.quality.registry import CHECKS, NAMES
from data.rows.row import Snapshot
from data.templates import Template

MAX_TOKENS = 2048
"""The limit for a row where none is given."""
_STEP = 0.002
"""Seconds of work between two pauses."""
_FIRST = 0.8
"""The part of the work that looking at each row is; the rest is comparing them."""
MOST = 100_000
"""Flags of one check that are kept; all are counted."""


class Checker:
    """One run of some checks over the rows of a snapshot.

    Drive `run` to its end, or give it up at any step; what was found so far is in `flags`, `findings` and `counts`.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        form: Format | None,
        *,
        checks: Collection[str] = NAMES,
        template: Template | None = None,
        max_tokens: int | None = None,
    ) -> None:
        """Raises InputError for the name of a check that does not exist."""
        if unknown := [name for name in checks if name not in NAMES]:
            raise InputError(f"There is no check “{unknown[0]}”; there are {', '.join(NAMES)}.")
        reader = Reader(snapshot, form)
        self.context = Context(reader, form, template, max_tokens or MAX_TOKENS)
        self.checks: tuple[Check, ...] = tuple(check for check in CHECKS if check.name in checks)
        self.rows = len(reader)
        """Rows in the snapshot."""
        self.seen = 0
        """Rows looked at so far."""
        self.flags: dict[int, list[Flag]] = {}
        """The flags of each row that has any, by its index."""
        self.findings: list[Finding] = []
        self.counts: Counter[str] = Counter()
        """How many flags each check raised."""
        self.seconds: dict[str, float] = {check.name: 0.0 for check in self.checks}
        """What each check cost."""

    def run(self) -> Iterator[float]:
        """Look at all rows; yields the part done, 0 to 1, about every 2 ms of work."""
        examiners: list[tuple[str, Examiner]] = []
        for check in self.checks:
            examiners.append((check.name, check.make(self.context)))
            yield 0.0
        paused = perf_counter()
        for row in self.context.reader.rows():
            before = perf_counter()
            for name, examiner in examiners:
                for flag in examiner.look(row):
                    self._take(name, flag)
                after = perf_counter()
                self.seconds[name] += after - before
                if after - paused > _STEP:
                    yield _FIRST * self.seen / self.rows
                    after = paused = perf_counter()
                before = after
            self.seen += 1
        for place, (name, examiner) in enumerate(examiners):
            for done in self._finish(name, examiner):
                yield _FIRST + (1 - _FIRST) * (place + done) / len(examiners)
        yield 1.0

    def _finish(self, name: str, examiner: Examiner) -> Iterator[float]:
        before = paused = perf_counter()
        for reported in examiner.finish():
            if isinstance(reported, Flag | Finding):
                self._take(name, reported)
            now = perf_counter()
            if isinstance(reported, float) and now - paused > _STEP:
                self.seconds[name] += now - before
                yield reported
                before = paused = perf_counter()
        self.seconds[name] += perf_counter() - before
        if self.counts[name] > MOST:
            text = f"Only the first {MOST:,} of {self.counts[name]:,} flags of this check are kept."
            self.findings.append(Finding(name, text, {"flags": self.counts[name]}))

    def _take(self, name: str, reported: Reported) -> None:
        if isinstance(reported, Finding):
            self.findings.append(replace(reported, text=_without_secrets(reported.text)))
        elif isinstance(reported, Flag):
            self.counts[name] += 1
            if self.counts[name] <= MOST:
                shown = replace(reported, reason=_without_secrets(reported.reason))
                self.flags.setdefault(reported.row, []).append(shown)


def _without_secrets(text: str) -> str:
    """Words for a person that may quote a row, without its secrets and addresses."""
    from data.quality import emails, secrets

    return emails.hidden(secrets.hidden(text))
