"""What is known of rows beside their text: tokens, flags, tags, the loss that a run measured."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from data.quality.flag import Flag
from data.row_digest import row_digest
from data.rows.row import Row, as_bytes
from tui.dataset.checkup import Checkup, signs
from tui.dataset.columns import Format


class Tokens(Protocol):
    """Counts the tokens of a row."""

    @property
    def ready(self) -> bool:
        """Whether it can count now."""
        ...

    def count(self, values: Mapping[str, Any], number: int) -> int | None:
        """How many there are; None where the row cannot be rendered."""
        ...

    def glance(self, row: Row) -> int | None:
        """The same for drawing, which never takes long: None also while a long row is being counted."""
        ...


class KnownRows:
    """One place to ask; nothing is known at first."""

    def __init__(
        self,
        form: Format | None = None,
        checkup: Checkup | None = None,
        tags: Mapping[bytes, Collection[str]] | None = None,
    ) -> None:
        """`tags`: by the digest of the row's bytes."""
        self.form = form
        self.tokens_of: Tokens | None = None
        self._checkup = checkup or Checkup()
        self._tags: Mapping[bytes, Collection[str]] = {} if tags is None else tags
        self.losses: Mapping[bytes, float] = {}
        """Losses under the tuned model by the digest of the row's bytes."""
        self.base_losses: Mapping[bytes, float] = {}
        """The same under the base model."""

    def read_losses(self, workspace: Path, dataset: Path) -> None:
        """Take over what the newest run measured of the rows of this file. Reads files: not for the event loop."""
        from engine.training.row_losses import recorded_losses

        recorded = recorded_losses(workspace, dataset)
        self.losses = {digest: loss.tuned for digest, loss in recorded.items() if loss.tuned is not None}
        self.base_losses = {digest: loss.base for digest, loss in recorded.items() if loss.base is not None}

    @property
    def flagged(self) -> Mapping[int, Sequence[Flag]]:
        """Flags by the row's index."""
        return self._checkup.flags

    @property
    def counts_tokens(self) -> bool:
        """Whether there is a tokenizer."""
        known = self.form is not None and self.form.form is not None
        return known and self.tokens_of is not None and self.tokens_of.ready

    @property
    def has_losses(self) -> bool:
        """Whether a run has measured a loss for rows of this file."""
        return bool(self.losses)

    @property
    def has_labels(self) -> bool:
        """Whether any row has a flag or a tag."""
        return bool(self.flagged) or bool(self._tags)

    # -- for the table ------------------------------------------------------------------------------------------------

    def tokens_word(self, row: Row) -> str:
        """The number of tokens, empty where it cannot be told."""
        count = self.tokens_of.glance(row) if self.tokens_of is not None else None
        return "" if count is None else f"{count:,}"

    def loss_word(self, row: Row) -> str:
        """The loss with two places."""
        loss = self.loss(as_bytes(row.raw))
        return "" if loss is None else f"{loss:.2f}"

    def losses_words(self, row: Row) -> str:
        """Both losses: "loss 2.71 (base 5.30)"; empty where no run has measured the row."""
        text = as_bytes(row.raw)
        tuned, base = self.loss(text), self.base_losses.get(row_digest(text)) if self.base_losses else None
        if tuned is None:
            return ""
        return f"loss {tuned:.2f}" + (f" (base {base:.2f})" if base is not None else "")

    def labels_word(self, row: Row, *, short: bool) -> str:
        """Flags and tags of a row; `short`: their signs only."""
        flags = self.flagged.get(row.index, ())
        tags = self.tags_of_row(row)
        names = dict.fromkeys(flag.check for flag in flags)
        if short:
            return "".join(dict.fromkeys([*(signs().get(name, "!") for name in names), *("#" for _ in tags)]))
        words = [f"{signs().get(name, '!')} {name}" for name in names] + [f"# {tag}" for tag in tags]
        return words[0] + (f" +{len(words) - 1}" if len(words) > 1 else "") if words else ""

    def tags_of_row(self, row: Row) -> Collection[str]:
        """The tags of a row that is at hand."""
        return self.tags(as_bytes(row.raw))

    # -- for a query --------------------------------------------------------------------------------------------------

    def tokens(self, values: Mapping[str, Any], number: int) -> int | None:
        """How many tokens a row has; None where that cannot be told."""
        return self.tokens_of.count(values, number) if self.tokens_of is not None and self.tokens_of.ready else None

    def turns(self, values: Mapping[str, Any], number: int) -> int:  # noqa: ARG002 - what a query calls
        """How many turns a row has."""
        return self.form.turns(values) if self.form is not None else 0

    def part(self, name: str, values: Mapping[str, Any], number: int) -> str:  # noqa: ARG002 - what a query calls
        """The row's question, answer or system prompt."""
        if self.form is None:
            return ""
        reading = {"question": self.form.question, "answer": self.form.answer, "system": self.form.system}
        return reading[name](values)

    def loss(self, text: bytes) -> float | None:
        """The loss that a run measured for the row of these bytes."""
        return self.losses.get(row_digest(text)) if self.losses else None

    def flags(self, index: int) -> Collection[str]:
        """The names of the checks that flagged a row."""
        return [flag.check for flag in self.flagged.get(index, ())]

    def tags(self, text: bytes) -> Collection[str]:
        """The tags of the row of these bytes."""
        return self._tags.get(row_digest(text), ()) if self._tags else ()
