"""Rows of a dataset as examples in a prompt: what a model can do without having been trained on them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from data.errors import InputError
from data.formats.pair import Pair
from data.formats.reading import each_pair
from data.templates import Message
from engine.chat.arms import Arm
from engine.serving.registry import list_servers
from engine.training.job import read_job
from engine.training.runs import JOB_FILE, RUNS

MOST_ROWS = 20_000
"""Rows of a file that are looked through; more take longer than a person waits for an answer."""
_K1, _B = 1.5, 0.75
"""Of Okapi BM25 as Robertson and Zaragoza give them (The Probabilistic Relevance Framework, 2009, section 3.2)."""
_WORD = re.compile(r"\w+")


class ExampleRows:
    """The questions and answers of one file."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._pairs = list(pairs)

    @classmethod
    def read(cls, path: Path) -> ExampleRows:
        """Read the first `MOST_ROWS` rows that are a question with its answer. Raises InputError when none is."""
        pairs: list[Pair] = []
        for row in each_pair(path):
            if isinstance(row, Pair):
                pairs.append(row)
            if len(pairs) == MOST_ROWS:
                break
        if not pairs:
            raise InputError(f"{path.name} has no row with a question and its answer; choose another file of examples.")
        return cls(pairs)

    def first(self, count: int, question: str) -> list[Pair]:
        """The first rows, without those that ask the question itself."""
        asked = _plain(question)
        others = (pair for pair in self._pairs if _plain(pair.question) != asked)
        return [pair for _, pair in zip(range(count), others, strict=False)]

    def nearest(self, count: int, question: str) -> list[Pair]:
        """The rows whose questions have most in common with it (BM25 over words), the nearest last.

        Those that ask the question itself are left out: their answer would be the one that is asked for. The nearest
        stands last, right before the question.
        """
        scores = self._index.scores(_words(question))
        asked = _plain(question)
        order = sorted(scores, key=lambda place: (-scores[place], place))
        others = (place for place in order if _plain(self._pairs[place].question) != asked)
        found = [self._pairs[place] for _, place in zip(range(count), others, strict=False)]
        return found[::-1]

    @cached_property
    def _index(self) -> _WordIndex:
        return _WordIndex([_words(pair.question) for pair in self._pairs])


class _WordIndex:
    """Which texts have which words, and what each of them counts for."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._lengths = [len(words) for words in texts]
        self._mean = sum(self._lengths) / max(1, len(texts)) or 1.0
        self._holders: dict[str, list[tuple[int, int]]] = {}
        for place, words in enumerate(texts):
            for word, times in Counter(words).items():
                self._holders.setdefault(word, []).append((place, times))

    def scores(self, words: Sequence[str]) -> dict[int, float]:
        """How near each text is that has any of the words."""
        found: dict[int, float] = {}
        total = len(self._lengths)
        for word in dict.fromkeys(words):
            holders = self._holders.get(word, [])
            weight = math.log(1 + (total - len(holders) + 0.5) / (len(holders) + 0.5))
            for place, times in holders:
                long = 1 - _B + _B * self._lengths[place] / self._mean
                found[place] = found.get(place, 0.0) + weight * times * (_K1 + 1) / (times + _K1 * long)
        return found


def example_rows(workspace: Path, arm: Arm) -> ExampleRows | None:
    """The rows that an arm takes its examples from; None for an arm without. Raises InputError when there are none."""
    if not arm.examples:
        return None
    return ExampleRows.read(_file(workspace, arm))


def arm_messages(arm: Arm, messages: Sequence[Message], rows: ExampleRows | None) -> list[Message]:
    """What an arm is sent: the conversation, with the arm's examples as turns behind its system prompt."""
    if rows is None or not arm.examples:
        return list(messages)
    question = next((each["content"] for each in reversed(messages) if each["role"] == "user"), "")
    pairs = (rows.nearest if arm.nearest else rows.first)(arm.examples, question)
    start = 1 if messages and messages[0]["role"] == "system" else 0
    turns: list[Message] = []
    for pair in pairs:
        turns += [{"role": "user", "content": pair.question}, {"role": "assistant", "content": pair.answer}]
    return [*messages[:start], *turns, *messages[start:]]


def _file(workspace: Path, arm: Arm) -> Path:
    if arm.dataset:
        path = (workspace / arm.dataset).resolve()
        if not path.is_relative_to(workspace.resolve()):
            raise InputError(f"Arm {arm.name} takes its examples from {arm.dataset}, which is outside the workspace.")
        if not path.is_file():
            raise InputError(f"Arm {arm.name} takes its examples from {arm.dataset}, which is not there.")
        return path
    runs = workspace.resolve() / RUNS
    for server in list_servers(workspace):
        folder = server.model.parent
        if folder.parent == runs:
            return workspace / read_job(folder / JOB_FILE).dataset.path
    raise InputError(f"Arm {arm.name} needs a file of examples: no run is served whose dataset it could take.")


def _plain(text: str) -> str:
    return " ".join(_words(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
