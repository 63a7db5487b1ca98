"""The bodies and broken connections both fake services share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from aiohttp import web

from tests.fakes.faults import Fault

HTML = "<!doctype html><html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>"
HANG_SECONDS = 3600.0
TRANSPORT_FAULTS = frozenset({"silent", "hang", "drip", "reset", "html", "truncated", "empty_body", "redirect", "huge"})


def json_reply(body: str, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(text=body, status=status, content_type="application/json", headers=headers)


async def broken_transport(request: web.Request, fault: Fault, body: str) -> web.StreamResponse:
    """Answer `body`, or nothing, in one of the ways a network or a proxy can spoil an answer."""
    match fault.name:
        case "silent" | "hang":
            await asyncio.sleep(fault.number("seconds", HANG_SECONDS))
            return json_reply(body)
        case "drip":
            return await _drip(request, fault, body)
        case "reset":
            assert request.transport is not None
            request.transport.abort()
            return json_reply(body)
        case "html":
            return web.Response(text=HTML, content_type="text/html", status=int(fault.number("status", 200)))
        case "truncated":
            return json_reply(body[: len(body) // 2])
        case "redirect":
            return web.Response(status=302, headers={"Location": fault.options.get("to", "http://10.0.0.1/private")})
        case "huge":
            return await _huge(request, int(fault.number("megabytes", 50)))
        case _:
            return web.Response(text="", content_type="application/json")


async def _drip(request: web.Request, fault: Fault, body: str) -> web.StreamResponse:
    """One byte at a time, for ever; with `head=1` even the header section never ends."""
    interval = fault.number("interval", 0.1)
    if fault.number("head", 0):
        return await _drip_head(request, interval)
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(10**6)})
    await response.prepare(request)
    for byte in body.encode().ljust(10**6):
        await response.write(bytes((byte,)))
        await asyncio.sleep(interval)
    return response


async def _drip_head(request: web.Request, interval: float) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not request.transport.is_closing():
        request.transport.write(b"x")
        await asyncio.sleep(interval)
    return web.Response()


async def _huge(request: web.Request, megabytes: int) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for chunk in _megabytes(megabytes):
        await response.write(chunk)
    return response


def _megabytes(count: int) -> Iterator[bytes]:
    yield b'{"hits": [{"doc_id": "'
    for _ in range(count):
        yield b"x" * 2**20
    yield b'"}]}'
