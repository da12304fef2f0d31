"""Counting the tokens of rows with the tokenizer of the model that is to be trained."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from data.errors import InputError

if TYPE_CHECKING:
    from data.formats.conversation import Conversation
    from data.formats.format import Format
    from data.rendered_row import RenderedRow
    from data.rows.row import Row
    from data.templates import Template
    from engine.models.tokenizer import Tokenizing

_LONG = 20_000
"""Characters of a row from which it is not counted while the screen is drawn: some 5 ms."""
_KEPT = 20_000
"""Counts that are kept: more rows than anybody scrolls through at once."""


class TokenCounter:
    """Knows no tokenizer until `load` has read one; may be asked from any thread."""

    def __init__(self) -> None:
        self.name = ""
        """What the model is called."""
        self.max_tokens = 0
        """The maximum length that training cuts rows to."""
        self.problem = "the tokenizer is still being read"
        """Why nothing can be counted, a sentence; empty when it can."""
        self.form: Format | None = None
        """The format that rows are read by; None: each by its own fields."""
        self.template: Template | None = None
        self.on_long_row: Callable[[], object] = lambda: None
        """Called when `glance` put a row off; `count_long_rows` is to be called on another thread then."""
        self._long: dict[int, Row] = {}
        self._directory = Path()
        self._counts = _Counts()
        self._loading = Lock()

    def read_as(self, form: Format | None) -> None:
        """Read rows by this format from now on."""
        self.form = form
        self._counts = _Counts()

    @property
    def ready(self) -> bool:
        """Whether tokens can be counted."""
        return self.template is not None

    def load(self, workspace: Path, wanted: Tokenizing | None = None) -> None:
        """Read the tokenizer of the model that is wanted, else of the workspace's newest run, else of the default.

        Takes tenths of a second: not on the event loop. What goes wrong is told by `problem`.
        """
        from data.templates import Template
        from engine.models.tokenizer import context_length, tokenizer_directory, tokenizing_of

        with self._loading:
            wanted = wanted or tokenizing_of(workspace)
            self.name = Path(wanted.model).name
            try:
                directory = tokenizer_directory(wanted.model, workspace)
                if self.template is None or directory != self._directory:
                    template = Template.from_model(directory)
                    template.ending  # noqa: B018 - reads the tokenizer and tries the template
                    self._counts, self._directory, self.template = _Counts(), directory, template
            except InputError as error:
                self.template, self.problem = None, error.sentence
                return
            self.max_tokens = min(wanted.max_length, context_length(directory) or wanted.max_length)
            self.problem = ""

    def render(self, values: Mapping[str, Any], number: int) -> RenderedRow:
        """The row as training sees it. Raises InputError with why it cannot be."""
        from data.rendered_row import read_conversation, render_row

        if self.template is None:
            raise InputError(self.problem, title="No tokenizer")
        return render_row(self.template, read_conversation(values, number, self._form_for(values)), self.max_tokens)

    def count(self, values: Mapping[str, Any], number: int) -> int | None:
        """Tokens of a row from the first to the last that is learnt; None where it cannot be rendered.

        About 0.1 ms for a short row; the same content is counted once.
        """
        return self.count_many([(values, number)])[0]

    def glance(self, row: Row) -> int | None:
        """`count` for drawing: None for a long row that was not counted yet, and then it is put off."""
        if row.values is None or self.template is None:
            return None
        if len(row.raw) <= _LONG:
            return self.count(row.values, row.number)
        key = hash(row.raw)
        if key not in self._counts and key not in self._long:
            self._long[key] = row
            self.on_long_row()
        return self._counts.get(key)

    def count_long_rows(self) -> None:
        """Count the rows that `glance` has put off. Takes up to seconds."""
        while self._long:
            key, row = next(iter(self._long.items()))
            counts = self._counts
            counts.keep({key: self.count(row.values, row.number) if row.values is not None else None})
            self._long.pop(key, None)

    def count_many(self, rows: Sequence[tuple[Mapping[str, Any], int]]) -> list[int | None]:
        """`count` for many rows at once, which is quicker. Other threads go on for most of the time."""
        from data.rendered_row import count_rows, read_conversation

        template, counts = self.template, self._counts
        if template is None:
            return [None] * len(rows)
        keys = [_key(values) for values, _ in rows]
        found = {key: counts[key] for key in keys if key in counts}
        unknown = {key: row for key, row in zip(keys, rows, strict=True) if key not in found}
        read: dict[int, Conversation] = {}
        for key, (values, number) in unknown.items():
            try:
                read[key] = read_conversation(values, number, self._form_for(values))
            except InputError:
                found[key] = None
        found |= dict(zip(read, count_rows(template, list(read.values())), strict=True))
        counts.keep({key: found[key] for key in unknown})
        return [found[key] for key in keys]

    def _form_for(self, values: Mapping[str, Any]) -> Format | None:
        """The file's format for rows of it; other rows are read by their own fields, as the table shows them."""
        return self.form if self.form is not None and self.form.evidence(values) else None


class _Counts(OrderedDict[int, int | None]):
    """What was counted, by the content of the row; the oldest go first."""

    def keep(self, counts: Mapping[int, int | None]) -> None:
        self.update(counts)
        while len(self) > _KEPT:
            self.popitem(last=False)


def _key(values: Mapping[str, Any]) -> int:
    """Equal for equal content; for what is nested too deeply to be compared, of the object itself."""
    try:
        return hash(repr(values))
    except RecursionError:
        return id(values)
