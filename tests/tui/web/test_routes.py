"""Who gets in, and what those see who do not."""

from __future__ import annotations

import re

import aiohttp
import pytest

from tests.tui.web.conftest import Serve, let_in
from tui.web.access import COOKIE, OTHER_NAME, OTHER_PAGE, STRANGER, Access

ROUTES = ("", "static/js/textual.js", "static/css/xterm.css", "page/burnish.js", "page/burnish.css", "ws", "download/a")
"""Everything in the server's folder."""

OUTSIDE = (
    "/",
    "/ws",
    "/static/js/textual.js",
    "/download/a",
    "/nothing",
    "/?token=",
    "/?token=wrong",
    "/?token=%ff%c3",
)


def addresses(access: Access) -> list[str]:
    return [*OUTSIDE, *(f"{access.folder}/{route}" for route in ROUTES), f"{access.folder}/?token={access.token}"]


async def test_without_the_token_every_address_answers_the_same_nothing(serve: Serve) -> None:
    client, access, _ = await serve()
    for address in addresses(access):
        response = await client.get(address)
        assert (response.status, await response.text()) == (403, STRANGER), address
        assert "Set-Cookie" not in response.headers
        response = await client.post(address, data="x")
        assert response.status == 403, address


async def test_a_wrong_cookie_opens_nothing(serve: Serve) -> None:
    client, access, _ = await serve()
    for value in ("", "wrong", access.token, access.folder):
        for address in addresses(access):
            response = await client.get(address, headers={"Cookie": f"{COOKIE}={value}"})
            assert (response.status, await response.text()) == (403, STRANGER), (value, address)


async def test_the_token_opens_the_folder_by_a_cookie_that_only_the_folder_gets(serve: Serve) -> None:
    client, access, _ = await serve()
    response = await client.get("/", params={"token": access.token})
    assert response.status == 200
    assert access.token not in await response.text()
    cookie = response.headers["Set-Cookie"]
    assert access.token not in cookie
    for attribute in ("HttpOnly", "SameSite=Strict", f"Path={access.folder}"):
        assert attribute in cookie
    for route in ROUTES[:-2]:
        response = await client.get(f"{access.folder}/{route}")
        assert response.status == 200, route
        assert access.token not in await response.text()
    # The cookie is not for the first page, and where nothing is, there is nothing.
    assert (await client.get("/")).status == 403
    assert (await client.get(f"{access.folder}/static/")).status in (403, 404)
    assert (await client.get(f"{access.folder}/page/../server.py")).status in (403, 404)
    assert (await client.get(f"{access.folder}/page/%2e%2e/server.py")).status in (403, 404)


async def test_two_servers_have_nothing_in_common(serve: Serve) -> None:
    one, other = Access("127.0.0.1"), Access("127.0.0.1")
    assert len({one.token, other.token, one.folder, other.folder}) == 4
    assert len(one.token) >= 43  # 256 bits


async def test_our_pages_name_no_other_host(serve: Serve) -> None:
    client, access, _ = await serve()
    await let_in(client, access)
    for route in ("", "page/burnish.js", "page/burnish.css"):
        text = await (await client.get(f"{access.folder}/{route}")).text()
        assert not re.search(r"(https?:)?//[a-z0-9]", text), route


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "10.0.0.1", "127.0.0.1.evil.example", "", "[::1"])
async def test_a_name_that_was_pointed_here_is_refused(serve: Serve, host: str) -> None:
    client, access, _ = await serve()
    response = await client.get("/", params={"token": access.token}, headers={"Host": host})
    assert (response.status, await response.text()) == (403, OTHER_NAME)


@pytest.mark.parametrize("host", ["localhost:9000", "127.0.0.1", "[::1]:8000", "LOCALHOST"])
async def test_the_other_end_of_a_tunnel_is_no_other_name(serve: Serve, host: str) -> None:
    client, access, _ = await serve()
    assert (await client.get("/", params={"token": access.token}, headers={"Host": host})).status == 200


async def test_a_server_for_other_machines_answers_under_its_addresses_but_not_under_any_name(serve: Serve) -> None:
    client, access, _ = await serve(listens_on="0.0.0.0")
    for host, status in (("10.1.2.3:8000", 200), ("[2001:db8::1]:8000", 200), ("evil.example", 403)):
        response = await client.get("/", params={"token": access.token}, headers={"Host": host})
        assert response.status == status, host


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
async def test_a_page_of_another_site_is_refused_although_the_browser_has_the_cookie(serve: Serve, origin: str) -> None:
    client, access, _ = await serve()
    await let_in(client, access)
    response = await client.get(f"{access.folder}/", headers={"Origin": origin})
    assert (response.status, await response.text()) == (403, OTHER_PAGE)
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await client.ws_connect(f"{access.folder}/ws", origin=origin)


async def test_a_websocket_of_no_page_is_refused(serve: Serve) -> None:
    client, access, _ = await serve()
    await let_in(client, access)
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await client.ws_connect(f"{access.folder}/ws")


async def test_every_answer_forbids_to_tell_the_address_and_to_load_from_elsewhere(serve: Serve) -> None:
    client, access, _ = await serve()
    statuses = []
    for prepare in (None, let_in):
        if prepare:
            await prepare(client, access)
        for address in ("/", f"{access.folder}/", f"{access.folder}/nothing", f"{access.folder}/page/burnish.js"):
            response = await client.get(address)
            statuses.append(response.status)
            assert response.headers["Referrer-Policy"] == "no-referrer"
            assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
            assert response.headers["Cache-Control"] == "no-store"
    assert set(statuses) == {200, 403, 404}
