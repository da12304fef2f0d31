"""Which tokens of a rendered conversation the model learns to say: the assistant's turns, each with its end."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

_STAND_IN = "\ue0ffanswer\ue0ff"
"""Rendered in an answer's place to find where the template writes it; private-use characters, so in no text."""


class LeftOut(ValueError):  # noqa: N818 - what the template did
    """The template leaves out an answer that it is given."""


class Render(Protocol):
    """The text that a chat template makes of messages."""

    def __call__(self, messages: Sequence[Mapping[str, str]], *, add_generation_prompt: bool = False) -> str: ...


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """Where an answer stands in the text, in characters."""

    begin: int
    """Where the prompt ends."""
    end: int
    """Where the answer's own words end, whitespace after them left out."""
    turn_end: int
    """Where the next turn begins."""


def answer_spans(
    render: Render, text: str, messages: Sequence[Mapping[str, str]], without_loss: Collection[int] = ()
) -> list[AnswerSpan]:
    """The span of each assistant turn in `text`, the rendering of all `messages`; those of `without_loss` are left out.

    Raises LeftOut, and what `render` raises.
    """
    spans: list[AnswerSpan] = []
    for place, message in enumerate(messages):
        if message["role"] == "assistant" and place not in without_loss:
            begin, end = _answer(render, text, messages, place, spans[-1].end if spans else 0)
            spans.append(AnswerSpan(begin, end, _turn_end(render, text, messages, place)))
    return spans


def target_mask(
    token_ids: Sequence[int], offsets: Sequence[tuple[int, int]], spans: Sequence[AnswerSpan], special: Collection[int]
) -> tuple[bool, ...]:
    """For each token whether it is learnt: from where the prompt ends to the special token that ends the turn.

    A token that lies across the end of the prompt is not. Without a special token in the rest of the turn, the
    answer's own words are all there is.
    """
    mask = [False] * len(token_ids)
    starts = [start for start, _ in offsets]
    for span in spans:
        first, after = bisect_left(starts, span.begin), bisect_left(starts, span.end)
        closing = (place for place in range(after, bisect_left(starts, span.turn_end)) if token_ids[place] in special)
        last = next(closing, after - 1)
        mask[first : last + 1] = [True] * (last + 1 - first)
    return tuple(mask)


def _answer(
    render: Render, text: str, messages: Sequence[Mapping[str, str]], place: int, earliest: int
) -> tuple[int, int]:
    """Where one answer begins and where its own words end."""
    answers = tuple(_as_written(messages[place]["content"]))
    prompt = render(messages[:place], add_generation_prompt=True) if place else ""
    begin = len(prompt) if place and text.startswith(prompt) else None
    if begin is not None:
        for answer in answers:
            if text.startswith(answer, begin):
                return begin, begin + len(answer.rstrip())
    # Some templates write more than the answer after the prompt, or the end of the prompt differently once it is
    # answered (thinking models): what they write around a stand-in shows where the answer is.
    stand_in = {**messages[place], "content": _STAND_IN}
    around = render([*messages[:place], stand_in, *messages[place + 1 :]])
    before, found, after = around.partition(_STAND_IN)
    if found and text.startswith(before) and text.endswith(after) and len(before) + len(after) <= len(text):
        said = text[len(before) : len(text) - len(after)]
        return len(before) if begin is None else min(begin, len(before)), len(before) + len(said.rstrip())
    for answer in answers:
        at = text.find(answer, max(begin or 0, earliest))
        if at >= 0:
            return at if begin is None else begin, at + len(answer.rstrip())
    raise LeftOut


def _as_written(content: str) -> Iterator[str]:
    """Some templates trim what they are given."""
    yield content
    yield content.strip()


def _turn_end(render: Render, text: str, messages: Sequence[Mapping[str, str]], place: int) -> int:
    if place == len(messages) - 1:
        return len(text)
    so_far = render(messages[: place + 1])
    return len(so_far) if text.startswith(so_far) else len(text)
