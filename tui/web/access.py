"""Who is let in: whoever has the address, from a page of our own, under a name that is ours."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import socket

from aiohttp import hdrs, web

COOKIE = "burnish"

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    # xterm.js puts style elements into the page; everything else comes from this server.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
}
"""What every answer carries: the address is told to nobody, and nothing is loaded from elsewhere."""

STRANGER = "Open the address that burnish printed when it started: without it there is nothing to see here.\n"
OTHER_NAME = "burnish does not answer under this name; open the address that it printed when it started.\n"
OTHER_PAGE = "Only burnish's own page may ask this.\n"


class Access:
    """The secrets of one server. The token opens the first page, which then has a cookie for everything else.

    Browsers send a cookie to every port of a host: that is why the cookie is no token, and why all that it opens is
    in a folder with a random name, which other servers of this machine cannot know.
    """

    def __init__(self, listens_on: str) -> None:
        self.token = secrets.token_urlsafe(32)
        self.folder = "/" + secrets.token_urlsafe(12)
        self._ticket = secrets.token_urlsafe(32)
        self._open_to_all = not is_loopback(listens_on)
        self._names = {"localhost", listens_on.lower()}
        if self._open_to_all:
            self._names |= {socket.gethostname().lower(), socket.getfqdn().lower()}

    def refusal(self, request: web.Request) -> str | None:
        """Why a request is refused, whatever it asks for; None when it may go on."""
        host = request.headers.get(hdrs.HOST, "")
        if not self._known(host):
            return OTHER_NAME
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is None and request.headers.get(hdrs.UPGRADE):
            return OTHER_PAGE  # every browser names the page that opens a websocket
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return OTHER_PAGE
        if request.path == "/":
            return None if _same(request.query.get("token", ""), self.token) else STRANGER
        return None if _same(request.cookies.get(COOKIE, ""), self._ticket) else STRANGER

    def let_in(self, response: web.StreamResponse) -> None:
        """Give the browser its cookie."""
        response.set_cookie(COOKIE, self._ticket, path=self.folder, httponly=True, samesite="Strict")

    def _known(self, host: str) -> bool:
        """Whether a Host header names this machine. A page of another site whose name is pointed here does not.

        The port may be another one: it is that of a tunnel.
        """
        name = host.rpartition(":")[0] if ":" in host.rpartition("]")[2] else host
        name = name.strip("[]").lower()
        if name in self._names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or self._open_to_all  # an address cannot be pointed elsewhere


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach an IP address."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())
