"""A row as training sees it: the one function that turns a row into tokens, for the trainer and for every preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from data.errors import InputError
from data.formats.conversation import Conversation, Turn
from data.formats.detect import format_of
from data.formats.format import Format
from data.formats.pair import Pair, PairError
from data.templates import Message, Template, conversation

LossOn = Literal["answers", "last-answer", "everything"]
"""Which tokens are learnt: those of every answer, of the last answer, or all."""


@dataclass(frozen=True, slots=True)
class RenderedRow:
    """What the template writes for a row, and which part of it training is fed."""

    text: str
    token_ids: tuple[int, ...]
    """Every token of the text."""
    target_mask: tuple[bool, ...]
    """For each token whether it is learnt: it belongs to an answer, the token that ends the turn included."""
    offsets: tuple[tuple[int, int], ...]
    """For each token where it begins and ends in `text`, in characters."""
    whole: int
    """Tokens from the first to the last that is learnt; what follows is never fed. All where none is learnt."""
    fed: int
    """Tokens that training is fed: up to the last that is learnt within the maximum length; 0 where none is."""
    cut: int
    """Tokens of `whole` beyond the maximum length."""

    @property
    def learnt(self) -> int:
        """Tokens that training is fed and that carry loss. The first token of a row is predicted from nothing."""
        return sum(self.target_mask[1 : self.fed])


def read_conversation(values: Mapping[str, Any], row_number: int, form: Format | None = None) -> Conversation:
    """What a row says, as `form` has it or the format that its own fields show. Raises InputError with the reason."""
    form = form or format_of(values)
    if form is None:
        raise InputError(f"Row {row_number} has the fields of no known format.", title="Unknown format")
    try:
        return form.conversation(values, row_number)
    except PairError as error:
        raise InputError(f"Row {row_number} {error}.", title="A row cannot be used") from error


def messages_of(row: Pair | Conversation) -> tuple[list[Message], frozenset[int]]:
    """The messages of a row for a chat template, and the places of those that carry no loss (weight 0).

    Of two answers the chosen one. Raises InputError for what is not rendered: tools, media, reasoning kept apart, plain
    text.
    """
    if isinstance(row, Pair):
        return conversation(row.question, row.answer, system=row.system), frozenset()
    turns = row.turns + (row.preference.chosen if row.preference else ())
    if reason := _why_not(row, turns):
        raise InputError(f"Row {row.row_number} {reason}.", title="A row cannot be rendered")
    messages: list[Message] = [{"role": "system", "content": row.system}] if row.system else []
    silent = frozenset(len(messages) + place for place, turn in enumerate(turns) if turn.weight == 0)
    return [*messages, *({"role": turn.role, "content": turn.text} for turn in turns)], silent


def why_not_trained(row: Conversation) -> str:
    """Why a conversation cannot be trained on, after "row 12"; empty when it can."""
    turns = row.turns + (row.preference.chosen if row.preference else ())
    if row.label is False:
        return "is marked as a bad answer, which cannot be trained on"
    if reason := _why_not(row, turns):
        return reason
    answers = [turn for turn in turns if turn.role == "assistant"]
    if not answers:
        return "has no answer"
    if all(turn.role != "user" for turn in turns):
        return "has no question"
    if any(turn.role == "user" and not turn.text.strip() for turn in turns):
        return "has a question without text"
    if all(turn.weight == 0 for turn in answers):
        return "says of no answer that it is to be trained on"
    if any(turn.weight != 0 and not turn.text.strip() for turn in answers):
        return "has an answer without text"
    other = next((turn.weight for turn in answers if turn.weight not in (None, 0, 1)), None)
    return f"has an answer of the weight {other:g}, where only 0 and 1 can be trained with" if other is not None else ""


def render_row(
    template: Template, row: Pair | Conversation, max_tokens: int | None = None, loss_on: LossOn = "answers"
) -> RenderedRow:
    """Text, tokens and targets of a row; `max_tokens`: the maximum length of training, None for no limit.

    Answers of weight 0 are not learnt, whichever `loss_on` chooses, unless it is everything. Raises InputError as
    `messages_of` does, and when the template refuses the row.
    """
    messages, silent = messages_of(row)
    if loss_on == "last-answer":
        answers = [place for place, each in enumerate(messages) if each["role"] == "assistant" and place not in silent]
        silent |= frozenset(answers[:-1])
    rendering = template.encode(messages, without_loss=silent)
    if loss_on == "everything":
        rendering = replace(rendering, target_mask=(True,) * len(rendering.token_ids))
    learnt = [place for place in range(1, len(rendering.token_ids)) if rendering.target_mask[place]]
    whole = learnt[-1] + 1 if learnt else len(rendering.token_ids)
    limit = whole if max_tokens is None else min(max_tokens, whole)
    return RenderedRow(
        rendering.text,
        rendering.token_ids,
        rendering.target_mask,
        rendering.offsets,
        whole=whole,
        fed=max((place + 1 for place in learnt if place < limit), default=0),
        cut=whole - limit,
    )


def count_rows(template: Template, rows: Sequence[Pair | Conversation]) -> list[int | None]:
    """The `whole` of each row, None for one that is not rendered: about twice as quick as rendering them one by one.

    Other threads go on while the tokens are counted.
    """
    texts: list[str] = []
    places: list[int] = []
    counts: list[int | None] = [None] * len(rows)
    for place, row in enumerate(rows):
        try:
            messages, silent = messages_of(row)
            text = template.render(messages)
        except InputError:
            continue
        if template.ending and text.endswith(template.ending) and _learnt_last(messages, silent):
            texts.append(text)
            places.append(place)
        else:
            counts[place] = _whole(template, row)
    # A special token stands for itself whatever is before it, so what follows it has the same tokens in every row.
    after = len(template.tokenise([template.ending])[0][0]) - 1 if texts else 0
    for place, (token_ids, _) in zip(places, template.tokenise(texts), strict=True):
        counts[place] = len(token_ids) - after
    return counts


def _learnt_last(messages: Sequence[Message], silent: frozenset[int]) -> bool:
    return messages[-1]["role"] == "assistant" and len(messages) - 1 not in silent


def _whole(template: Template, row: Pair | Conversation) -> int | None:
    try:
        return render_row(template, row).whole
    except InputError:
        return None


def _why_not(row: Conversation, turns: tuple[Turn, ...]) -> str:
    """Why a conversation is not rendered, after "row 12"; empty when it is."""
    media = [*row.media, *(kind for turn in turns for kind in turn.media)]
    if not turns:
        return "has no turns"
    if media:
        return f"has {media[0]}, which is no text"
    if row.tools or any(turn.calls or turn.role == "tool" for turn in turns):
        return "has tools, which are not rendered yet"
    if any(turn.reasoning for turn in turns):
        return "has reasoning apart from its answer, which is not rendered yet"
    if any(turn.role == "text" for turn in turns):
        return "is plain text, which has no question and answer for a chat template"
    return ""
