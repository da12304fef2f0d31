"""How the state of a server is shown, the same everywhere: a sign, a colour and a word."""

from __future__ import annotations

from typing import NamedTuple


class ServerLook(NamedTuple):
    """Readable without its colour."""

    sign: str
    """One cell wide."""
    style: str
    """In Textual's words, with theme variables."""
    word: str


ABSENT = ServerLook("○", "$text-muted", "not served")

_LOOKS = {
    "starting": ServerLook("◌", "$differs", "starting"),
    "ready": ServerLook("●", "$agrees", "ready"),
    "failed": ServerLook("✗", "$disagrees", "failed"),
    "gone": ServerLook("✗", "$disagrees", "gone"),
    "stopped": ABSENT,
}


def server_look(state: str | None) -> ServerLook:
    """The look of a state of `engine.reports.ServerStatus`; None where no server is known."""
    return ABSENT if state is None else _LOOKS.get(state, ServerLook("?", "$text-muted", state))
