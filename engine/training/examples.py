"""Rows of a dataset as tokens and labels (worker side, though it needs no torch)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.formats.pair import Pair
from data.templates import Template
from engine.training.labels import IGNORED


@dataclass(frozen=True, slots=True)
class Examples:
    """Tokenised rows, and what became of the others."""

    input_ids: list[list[int]]
    labels: list[list[int]]
    """For each token the token itself where it is trained on, else `IGNORED`."""
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
    cut = dropped = endless = 0
    for row in rows:
        rendering = template.encode(row)
        ids = list(rendering.token_ids[:max_length])
        targets = [
            token if target else IGNORED for token, target in zip(ids, rendering.target_mask[:max_length], strict=True)
        ]
        if all(label == IGNORED for label in targets[1:]):
            dropped += 1
            continue
        if len(rendering.token_ids) > max_length:
            cut += 1
        elif [label for label in targets if label != IGNORED][-1] not in template.end_of_turn_ids:
            endless += 1
        # What follows the end of the turn is read by nobody: the model stops there, and nothing after it is trained.
        last = max(index for index, label in enumerate(targets) if label != IGNORED)
        input_ids.append(ids[: last + 1])
        labels.append(targets[: last + 1])
    return Examples(input_ids, labels, cut, dropped, endless)
