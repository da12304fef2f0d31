"""Where a model can be asked, and how a connection to it is made."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One model behind an OpenAI-compatible API."""

    url: str
    """Without `/v1`: "http://127.0.0.1:8401"."""
    model: str
    """The name that the server gave its model; for `transformers serve` the directory."""
    api_key: str | None = field(default=None, repr=False)
    engine: Literal["vllm", "transformers", "other"] = "other"
    name: str = "the server"
    """How sentences call it: "the base server"."""

    @property
    def local(self) -> bool:
        """Whether it is on this machine, so that no proxy may come between."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


def connect(endpoint: Endpoint, *, read_seconds: float) -> httpx.AsyncClient:
    """A client for one endpoint; `read_seconds` is how long it may stay silent."""
    import httpx  # takes 60 to 110 ms, which the first paint must not wait for

    headers = {"Authorization": f"Bearer {endpoint.api_key}"} if endpoint.api_key else {}
    # Reading the certificate authorities takes 20 to 40 ms, a tenth of a first token; plain HTTP needs none of them.
    plain = endpoint.url.startswith("http://")
    return httpx.AsyncClient(
        base_url=endpoint.url,
        headers=headers,
        trust_env=not endpoint.local,
        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else True,
        timeout=httpx.Timeout(read_seconds, connect=5.0, write=10.0, pool=5.0),
    )
