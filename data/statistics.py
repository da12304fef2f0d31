"""What a dataset amounts to: rows, lengths, turns, different questions."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from time import perf_counter

from data.formats.conversation import Conversation
from data.formats.format import Format
from data.formats.pair import PairError
from data.formats.reading import read_as
from data.rows.row import Snapshot
from data.splitting.questions import asked, fold

CountTokens = Callable[[Sequence[Conversation]], Sequence[int | None]]
"""Tokens of each of some rows as training would see them; None for one that cannot be rendered."""

_SLICE = 0.004
"""Seconds of work between two reports of progress, so that an event loop can do it."""
_BATCH = 8
"""Rows whose tokens are counted at once."""
_PARTS = 256
"""Parts of the keys of questions, so that counting the different ones takes little memory and short steps."""
_BINS = 12
"""Most bins of a histogram, the last one open."""
_EIGHTHS = " ▏▎▍▌▋▊▉"


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows whose length is from `low` to below `high`."""

    low: int
    high: int | None
    """None for the last bin, which has no end."""
    rows: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long rows are."""

    unit: str
    """"tokens" or "characters"."""
    rows: int
    """Rows measured."""
    total: int
    median: int
    most: int
    """The 95th percentile: 19 rows of 20 are no longer."""
    longest: int
    longest_row: int
    """Number of the longest row, from 1."""
    histogram: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a dataset amounts to."""

    rows: int
    unusable: int
    """Rows that cannot be read as the format."""
    first_unusable: int | None
    """The first of them, from 1."""
    reason: str
    """Why that one cannot be read: the words after "row 12"."""
    lengths: Lengths | None
    """None where no row could be measured."""
    turns: Mapping[int, int]
    """Rows by the number of their turns, without the system prompt, in order."""
    questions: int
    """Different questions, however they are typed."""


class Counting:
    """Looks at every row; `run` until it ends, then `result` is there."""

    def __init__(self, snapshot: Snapshot, form: Format, count_tokens: CountTokens | None = None) -> None:
        """`count_tokens`: None measures rows in characters."""
        self.result: Statistics | None = None
        self._snapshot, self._form, self._count = snapshot, form, count_tokens
        self._lengths: Counter[int] = Counter()
        self._turns: Counter[int] = Counter()
        self._questions = [array("Q") for _ in range(_PARTS)]
        self._longest = (-1, 0)
        self._unusable, self._first, self._reason = 0, None, ""

    def run(self) -> Iterator[float]:
        """Look at the rows, a few milliseconds at a time; yields the fraction done."""
        total, seen, began = max(len(self._snapshot), 1), 0, perf_counter()
        batch: list[Conversation] = []
        for row in self._snapshot.rows():
            seen = row.number
            if row.values is None:
                self._unused(row.number, (row.error or "").removeprefix(f"Row {row.number} ").removesuffix("."))
            else:
                try:
                    batch.append(read_as(self._form, row.values, row.number))
                except PairError as error:
                    self._unused(row.number, str(error))
            if len(batch) >= _BATCH:
                self._take(batch)
                batch = []
            if perf_counter() - began > _SLICE:
                yield seen / total
                began = perf_counter()
        self._take(batch)
        questions = 0
        for part in self._questions:
            questions += len(set(part))
            if perf_counter() - began > _SLICE:
                yield 1.0
                began = perf_counter()
        self.result = Statistics(
            seen,
            self._unusable,
            self._first,
            self._reason,
            self._measured(),
            dict(sorted(self._turns.items())),
            questions,
        )
        yield 1.0

    def _take(self, batch: list[Conversation]) -> None:
        lengths = self._count(batch) if self._count else [_characters(each) for each in batch]
        for conversation, length in zip(batch, lengths, strict=True):
            both = conversation.preference
            self._turns[len(conversation.turns) + (len(both.chosen) if both else 0)] += 1
            key = int.from_bytes(blake2b(_encoded(fold(asked(conversation))), digest_size=8).digest(), "little")
            self._questions[key % _PARTS].append(key)
            if length is not None:
                self._lengths[length] += 1
                if length > self._longest[0]:
                    self._longest = length, conversation.row_number

    def _unused(self, number: int, reason: str) -> None:
        if not self._unusable:
            self._first, self._reason = number, reason
        self._unusable += 1

    def _measured(self) -> Lengths | None:
        rows = self._lengths.total()
        if not rows:
            return None
        unit = "tokens" if self._count else "characters"
        total = sum(length * count for length, count in self._lengths.items())
        median, most = (_percentile(self._lengths, rows, share) for share in (0.5, 0.95))
        longest, number = self._longest
        return Lengths(unit, rows, total, median, most, longest, number, _bins(self._lengths, most, longest))


def statistics(snapshot: Snapshot, form: Format, count_tokens: CountTokens | None = None) -> Statistics:
    """Look at all rows at once; see `Counting` for a screen."""
    counting = Counting(snapshot, form, count_tokens)
    for _ in counting.run():
        pass
    assert counting.result is not None
    return counting.result


def drawn(bins: Sequence[Bin], width: int) -> list[str]:
    """A histogram as lines of at most `width` characters: the range, a bar, the number of rows."""
    labels = [f"{each.low:,}–{each.high - 1:,}" if each.high else f"{each.low:,} and more" for each in bins]
    counts = [f"{each.rows:,}" for each in bins]
    left, right = max(map(len, labels), default=0), max(map(len, counts), default=0)
    room, most = max(width - left - right - 4, 1), max((each.rows for each in bins), default=0)
    return [
        f"{label:>{left}}  {_bar(each.rows, most, room)}  {count:>{right}}"
        for label, count, each in zip(labels, counts, bins, strict=True)
    ]


def _bar(rows: int, most: int, room: int) -> str:
    eighths = round(8 * room * rows / most) if most else 0
    eighths = max(eighths, 1) if rows else 0
    return f"{'█' * (eighths // 8)}{_EIGHTHS[eighths % 8] if eighths % 8 else ''}".ljust(room)


def _bins(lengths: Mapping[int, int], most: int, longest: int) -> tuple[Bin, ...]:
    """Bins of one width, which is 1, 2 or 5 with zeros; what is far beyond the 95th percentile is in the last one."""
    step = 1
    while step * (_BINS - 1) <= most:
        step = step // 2 * 5 if str(step).startswith("2") else step * 2
    whole = min(longest // step + 1, _BINS - 1)
    counts = [0] * _BINS
    for length, rows in lengths.items():
        counts[min(length // step, whole)] += rows
    bins = [Bin(place * step, (place + 1) * step, counts[place]) for place in range(whole)]
    return (*bins, Bin(whole * step, None, counts[whole])) if counts[whole] else tuple(bins)


def _percentile(lengths: Mapping[int, int], rows: int, share: float) -> int:
    seen = 0
    for length in sorted(lengths):
        seen += lengths[length]
        if seen >= share * rows:
            return length
    return 0


def _characters(conversation: Conversation) -> int:
    both = conversation.preference
    turns = conversation.turns + (both.chosen if both else ())
    return len(conversation.system or "") + sum(len(turn.text) + len(turn.reasoning) for turn in turns)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
