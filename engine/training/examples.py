"""Rows of a dataset as tokens and labels (worker side, though it needs no torch)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.formats.pair import Pair
from data.rendered_row import render_row
from data.templates import Template
from engine.training.labels import IGNORED


@dataclass(frozen=True, slots=True)
class Examples:
    """Tokenised rows, and what became of the others."""

    input_ids: list[list[int]]
    labels: list[list[int]]
    """For each token the token itself where it is trained on, else `IGNORED`."""
    places: list[int]
    """Which of the given rows each one is, from 0; dropped rows are missing."""
    cut: int
    """Rows that were longer than allowed and lost their end."""
    dropped: int
    """Rows whose prompt alone fills the allowed length: nothing of their answer is left to train on."""
    endless: int
    """Rows whose answer does not end with a token that ends the turn (rows that were cut are not counted)."""

    def __len__(self) -> int:
        return len(self.input_ids)

    @property
    def lengths(self) -> list[int]:
        """Tokens of each row."""
        return [len(row) for row in self.input_ids]


def encode_rows(template: Template, rows: Sequence[Pair], max_length: int) -> Examples:
    """Render and tokenise rows with the model's template; the answer's tokens become labels."""
    input_ids: list[list[int]] = []
    labels: list[list[int]] = []
    places: list[int] = []
    cut = dropped = endless = 0
    for place, row in enumerate(rows):
        rendered = render_row(template, row, max_length)
        if not rendered.fed:
            dropped += 1
            continue
        ids, targets = rendered.token_ids[: rendered.fed], rendered.target_mask[: rendered.fed]
        if rendered.cut:
            cut += 1
        elif ids[-1] not in template.end_of_turn_ids:
            endless += 1
        input_ids.append(list(ids))
        labels.append([token if target else IGNORED for token, target in zip(ids, targets, strict=True)])
        places.append(place)
    return Examples(input_ids, labels, places, cut, dropped, endless)
