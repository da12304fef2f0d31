"""One question after the other to ask both models: held-out rows first, for those say whether the model has learnt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from data.errors import BurnishError
from data.formats.mapping_file import mapping_of
from data.formats.pair import Pair
from data.formats.reading import each_pair
from tui.workspace import held_out_beside


class QuestionRound:
    """Goes through the held-out rows of a dataset, or through its own rows where it has none, and begins again."""

    def __init__(self, *, held_out: bool = True) -> None:
        self._wants_held_out = held_out
        self._dataset: Path | None = None
        self._rows: Iterator[Pair] = iter(())

    def follow(self, dataset: Path) -> None:
        """Take the questions from this dataset from now on."""
        if dataset != self._dataset:
            self._dataset = dataset
            self._rows = iter(())

    def next(self) -> tuple[str, str | None, int | None] | None:
        """The next question, the dataset's answer, and its row (None for a held-out row); None without a usable row."""
        if self._dataset is None:
            return None
        held_out = held_out_beside(self._dataset) if self._wants_held_out else None
        try:
            row = next(self._rows, None)
            if row is None:
                self._rows = _usable(held_out or self._dataset)
                row = next(self._rows, None)
        except BurnishError:
            return None
        return (row.question, row.answer, None if held_out else row.row_number) if row else None


def _usable(dataset: Path) -> Iterator[Pair]:
    """The rows of a file that ask something. Raises BurnishError when the file cannot be read."""
    return (each for each in each_pair(dataset, mapping_of(dataset)) if isinstance(each, Pair))
