"""Rows of a dataset as tokens and labels (needs no torch)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.errors import InputError
from data.formats.conversation import Conversation
from data.formats.pair import Pair
from data.rendered_row import LossOn, render_row
from data.templates import Template
from engine.training.job import Stage
from engine.training.labels import IGNORED


@dataclass(frozen=True, slots=True)
class Examples:
    """Tokenised rows, and what became of the others."""

    input_ids: list[list[int]]
    labels: list[list[int]]
    """For each token the token itself where it is trained on, else `IGNORED`."""
    places: list[int]
    """Which of the given rows each one is, from 0; dropped rows are missing, long texts are there several times."""
    cut: int
    """Rows that were longer than allowed and lost their end."""
    dropped: int
    """Rows whose prompt alone fills the allowed length: nothing of their answer is left to train on."""
    endless: int
    """Rows whose answer does not end with a token that ends the turn (rows that were cut are not counted)."""
    longest: int = 0
    """Tokens of the longest row before any was cut."""

    def __len__(self) -> int:
        return len(self.input_ids)

    @property
    def lengths(self) -> list[int]:
        """Tokens of each row."""
        return [len(row) for row in self.input_ids]


def encode(
    template: Template,
    rows: Sequence[Pair | Conversation],
    max_length: int,
    stage: Stage = "instruction",
    loss_on: LossOn = "answers",
) -> Examples:
    """The rows of a job as tokens and labels. Raises InputError when the template refuses a row."""
    if stage == "text":
        return encode_texts(template, rows, max_length)
    return encode_rows(template, rows, max_length, loss_on)


def encode_rows(
    template: Template, rows: Sequence[Pair | Conversation], max_length: int, loss_on: LossOn = "answers"
) -> Examples:
    """Render and tokenise rows with the template; the tokens that `loss_on` chooses become labels.

    Raises InputError naming the row that the template refuses.
    """
    input_ids: list[list[int]] = []
    labels: list[list[int]] = []
    places: list[int] = []
    cut = dropped = endless = longest = 0
    for place, row in enumerate(rows):
        try:
            rendered = render_row(template, row, max_length, loss_on)
        except InputError as error:
            raise InputError(f"Row {row.row_number} cannot be rendered: {error}", title=error.title) from error
        longest = max(longest, rendered.whole)
        if not rendered.fed:
            dropped += 1
            continue
        ids, targets = rendered.token_ids[: rendered.fed], rendered.target_mask[: rendered.fed]
        if rendered.cut:
            cut += 1
        elif loss_on != "everything" and ids[-1] not in template.end_of_turn_ids:
            endless += 1
        input_ids.append(list(ids))
        labels.append([token if target else IGNORED for token, target in zip(ids, targets, strict=True)])
        places.append(place)
    return Examples(input_ids, labels, places, cut, dropped, endless, longest)


def encode_texts(template: Template, rows: Sequence[Pair | Conversation], max_length: int) -> Examples:
    """Tokenise texts, each ended; every token is learnt.

    A text that is longer than allowed becomes several rows. Each begins with the token that the one before ended with,
    so that every token but the first is predicted once.
    """
    input_ids: list[list[int]] = []
    places: list[int] = []
    longest = 0
    for place, row in enumerate(rows):
        if isinstance(row, Pair):
            raise InputError(f"Row {row.row_number} is a question and its answer, not a text.")
        ids = template.document("\n\n".join(turn.text for turn in row.turns))
        longest = max(longest, len(ids))
        for start in range(0, max(1, len(ids) - 1), max_length - 1):
            input_ids.append(ids[start : start + max_length])
            places.append(place)
    return Examples(input_ids, [list(ids) for ids in input_ids], places, 0, 0, 0, longest)
