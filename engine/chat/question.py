"""What is asked of all arms at once: the prompt, what was said before it, and how the answers are chosen."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.chat.arms import Arm, default_arms
from engine.chat.sampling import Sampling

if TYPE_CHECKING:
    from data.templates import Message


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation, with what each arm said to it."""

    prompt: str
    answers: tuple[str, ...]
    """In the order of the arms; empty where one said nothing."""


def new_exchange() -> str:
    """A name for one question with its answers: its time (UTC) and some random characters."""
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"


@dataclass(frozen=True, slots=True)
class Question:
    """One prompt to one to four arms."""

    prompt: str
    reference: str | None = None
    """The dataset's answer to it, where it has one."""
    reference_row: int | None = None
    """Its row, counted from 1."""
    arms: tuple[Arm, ...] = field(default_factory=default_arms)
    sampling: Sampling = field(default_factory=Sampling)
    system: str = ""
    """The system prompt; empty for the one of the model's own template, if it has any."""
    earlier: tuple[Turn, ...] = ()
    """The conversation so far, of the same arms; empty for a question of its own."""
    exchange: str = field(default_factory=new_exchange)
    """Its name in the history."""

    def messages(self, arm: int) -> list[Message]:
        """What the arm of that place is sent: each carries its own earlier answers.

        A turn to which it said nothing is left out, for most chat templates refuse two questions in a row.
        """
        messages: list[Message] = [{"role": "system", "content": self.system}] if self.system else []
        for turn in self.earlier:
            if said := turn.answers[arm]:
                messages += [{"role": "user", "content": turn.prompt}, {"role": "assistant", "content": said}]
        return [*messages, {"role": "user", "content": self.prompt}]
