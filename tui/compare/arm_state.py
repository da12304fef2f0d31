"""Which server answers for an arm, as far as the screen knows."""

from __future__ import annotations

from collections.abc import Iterable

from engine.chat.arms import Arm
from engine.reports import ServerStatus
from tui.compare.serving import Serving


def server_of(arm: Arm, serving: Serving) -> ServerStatus | None:
    """The server of the workspace that an arm is asked at: by its own name, or by what it serves; None for a URL."""
    if arm.is_url:
        return None
    named = serving.server(arm.target)
    return named or next((server for server in serving.servers if server.model == arm.target), None)


def askable(arms: Iterable[Arm], serving: Serving) -> bool:
    """Whether any of the arms can answer now; of an address nobody knows before it is asked."""
    return any(
        arm.is_url or ((server := server_of(arm, serving)) is not None and server.state == "ready") for arm in arms
    )
