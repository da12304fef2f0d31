"""One arm as lines to fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.errors import InputError
from engine.chat.arms import MOST_EXAMPLES, Arm, arm_of
from tui.dataset.ask_panel import Asked

_WHICH = ("first", "nearest")


def questions(arm: Arm, targets: Sequence[str]) -> list[Asked]:
    """One line for each part of an arm; `targets` are servers and runs that can be named."""
    known = f" Here: {', '.join(targets)}." if targets else ""
    return [
        Asked("name", "name", arm.name, about="What the screen calls this side; another name for each."),
        Asked(
            "target",
            "who answers",
            arm.target,
            about="A server of the workspace (base, tuned), a run's id, a model that is served, or the address of any "
            f"OpenAI-compatible server: http://HOST:PORT, with #MODEL behind it where it serves several.{known}",
        ),
        Asked(
            "examples",
            "rows in the prompt",
            str(arm.examples),
            about=f"So many rows of the dataset stand before the question as earlier turns, 0 to {MOST_EXAMPLES}: what "
            "a model can do that was shown the rows instead of being trained on them.",
        ),
        Asked(
            "which",
            "which rows",
            _WHICH[arm.nearest],
            _WHICH,
            about="The first ones, or the nearest to the question.",
        ),
        Asked(
            "dataset",
            "file of the rows",
            arm.dataset,
            about="A file of the workspace; empty for the one that the served run was trained on.",
        ),
        Asked(
            "key_env",
            "key variable",
            arm.key_env,
            about="The environment variable that holds the key of an address, such as OPENAI_API_KEY. The key itself "
            "is never kept, so do not type it here.",
        ),
    ]


def typed_arm(values: Mapping[str, str]) -> Arm:
    """The arm of what was typed. Raises InputError."""
    typed = {name: text.strip() for name, text in values.items()}
    rows = typed["examples"] or "0"
    if not rows.isdecimal():
        raise InputError(f"{rows!r} is no number of rows; 0 to {MOST_EXAMPLES} can stand in the prompt.")
    texts = {name: typed[name] for name in ("name", "target", "dataset", "key_env")}
    # How the rows are chosen says nothing where there are none, and is not kept then.
    chosen = {"examples": int(rows), "nearest": typed["which"] == _WHICH[1]} if int(rows) else {}
    return arm_of({**texts, **chosen}, f"Side {typed['name']}".rstrip())
