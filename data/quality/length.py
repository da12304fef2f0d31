"""Rows with more tokens than training keeps."""

from __future__ import annotations

from collections.abc import Iterator

from data.formats.conversation import Conversation
from data.quality.check import Context, Examiner
from data.quality.examined import Examined, turns_of
from data.quality.flag import Flag
from data.rendered_row import count_rows
from data.templates import Template

CHARACTERS_PER_TOKEN = 4.4
"""Of English text in the vocabularies of today's models; 1.5 where a character is a word (Chinese) that they know."""


class _Length(Examiner):
    def __init__(self, template: Template | None, most: int) -> None:
        self._template, self._most = template, most

    def look(self, row: Examined) -> Iterator[Flag]:
        if row.conversation is None:
            return
        texts = _texts(row.conversation)
        estimate = estimated_tokens("".join(texts))
        if self._template is None:
            if estimate > self._most:
                reason = f"has about {estimate:,} tokens, as far as its length tells, where {self._most:,} are kept"
                yield Flag("too-long", row.index, reason)
        # No vocabulary needs more than a token for each byte, and a template adds some dozen.
        elif 4 * sum(map(len, texts)) + 64 * len(texts) > self._most:
            count = _counted(self._template, row.conversation)
            if count > self._most:
                reason = f"has {count:,} tokens where {self._most:,} are kept, so {count - self._most:,} are cut off"
                yield Flag("too-long", row.index, reason)


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has; characters outside ASCII count as two thirds of a token each."""
    wide = 0 if text.isascii() else sum(character > "\u2e7f" for character in text)
    return round((len(text) - wide) / CHARACTERS_PER_TOKEN + wide / 1.5)


def _counted(template: Template, conversation: Conversation) -> int:
    """The tokens of a row as training sees it; of the bare texts where it is not rendered."""
    whole = count_rows(template, [conversation])[0]
    return sum(map(template.count, _texts(conversation))) if whole is None else whole


def _texts(conversation: Conversation) -> list[str]:
    return [conversation.system or "", *(turn.text for turn in turns_of(conversation))]


def make(context: Context) -> Examiner:
    """A worker for one run."""
    return _Length(context.template, context.max_tokens)
