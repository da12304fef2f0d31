"""One sentence for each way in which a server does not answer."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from data.errors import BurnishError
from engine.chat.endpoint import Endpoint
from engine.jobs.log_tail import plain

if TYPE_CHECKING:
    import httpx

_TOO_LONG = re.compile(r"context length|max_model_len|maximum (?:model|context)|too long|input_tokens", re.IGNORECASE)
TITLE = "No answer"


class BusyError(BurnishError):
    """The server takes no more requests for the moment (status 429)."""


def refused(endpoint: Endpoint, status: int, body: str) -> BurnishError:
    """The server answered with an error status (or sent an error within its stream)."""
    said = said_in(body)
    name, because = named(endpoint), f": {said}" if said else ""
    if status == 400 and _TOO_LONG.search(said):
        sentence = f"Prompt and answer are too long for {endpoint.name}; shorten one of them{because}"
    elif status in (401, 403):
        sentence = f"{name} does not accept the API key; start the server again or give its key{because}"
    elif status == 404:
        sentence = f"{name} does not serve {endpoint.model} at {endpoint.url}; is it the right server{because or '?'}"
    elif status == 429:
        sentence = f"{name} is busy with other requests; try again in a moment{because}"
    elif status >= 500:
        sentence = f"{name} failed while it answered (status {status}); its log says more{because}"
    else:
        sentence = f"{name} refused the request (status {status}){because}"
    kind = BusyError if status == 429 else BurnishError
    return kind(_ended(sentence), title=TITLE)


def unreachable(endpoint: Endpoint, error: httpx.HTTPError, read_seconds: float) -> BurnishError:
    """No connection, or silence on it."""
    import httpx

    name = named(endpoint)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        sentence = f"{name} does not answer at {endpoint.url}; start it, or look at its log if it should be running."
    elif isinstance(error, httpx.TimeoutException):
        sentence = (
            f"{named(endpoint)} has been silent for {read_seconds:.0f} s; try again, or restart the server if it hangs."
        )
    else:
        sentence = f"{name} closed the connection without an answer; look at its log, then try again."
    return BurnishError(sentence, title=TITLE)


def broken_off(endpoint: Endpoint) -> BurnishError:
    """The stream ended before the answer did."""
    return BurnishError(
        f"{named(endpoint)} went away in the middle of its answer; what it said so far is kept, and its log says more.",
        title="Answer broken off",
    )


def malformed(endpoint: Endpoint, data: str) -> BurnishError:
    """The server sent something that is not a piece of an answer."""
    return BurnishError(
        f"{named(endpoint)} sent something that is no chat stream ({_short(data)}); is {endpoint.url} a model server?",
        title="Answer broken off",
    )


def named(endpoint: Endpoint) -> str:
    """The endpoint's name as a sentence begins with it."""
    return endpoint.name[:1].upper() + endpoint.name[1:]


def said_in(body: str) -> str:
    """What an error's body says: OpenAI's `error.message`, FastAPI's `detail`, or its first words."""
    try:
        values: Any = json.loads(body)
    except ValueError:
        return "" if body.lstrip().startswith("<") else _short(body)
    if isinstance(values, dict):
        inner = values.get("error", values)
        if isinstance(inner, dict):
            inner = inner.get("message") or inner.get("detail") or ""
        return _short(inner if isinstance(inner, str) else json.dumps(inner))
    return _short(body)


def _short(text: str) -> str:
    """Foreign text fit for a sentence: one line, no control characters, not long."""
    line = plain(" ".join(text.split()))
    return line if len(line) <= 240 else line[:239] + "…"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "…")) else sentence + "."
