"""One request to a model server, other than a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.chat.endpoint import Endpoint, connect
from engine.chat.refusals import refused, unreachable

if TYPE_CHECKING:
    import httpx


async def request(
    endpoint: Endpoint, method: str, path: str, body: dict[str, Any] | None = None, *, read_seconds: float
) -> httpx.Response:
    """Send a request and read all of its answer, whatever its status. Raises BurnishError when none comes."""
    import httpx  # takes 60 to 110 ms, which the first paint must not wait for

    try:
        async with connect(endpoint, read_seconds=read_seconds) as client:
            return await client.request(method, path, json=body)
    except httpx.HTTPError as error:
        raise unreachable(endpoint, error, read_seconds) from error


async def accepted(
    endpoint: Endpoint, method: str, path: str, body: dict[str, Any] | None = None, *, read_seconds: float
) -> httpx.Response:
    """The answer to a request that the server takes. Raises BurnishError when it refuses it, too."""
    response = await request(endpoint, method, path, body, read_seconds=read_seconds)
    if response.status_code != 200:
        raise refused(endpoint, response.status_code, response.text)
    return response
