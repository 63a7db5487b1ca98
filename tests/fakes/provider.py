"""A model provider and a tribeRAG service in one small process, with latency and faults to order.

    python -m tests.fakes.provider --port 8901 --model-latency-ms 2000 --rag-latency-ms 200 --fault model:500:count=2

Point OPENAI_BASE_URL at `http://127.0.0.1:8901/v1` and RAG_API_URL at `http://127.0.0.1:8901`. With `--port 0` it picks
a free port; the first line it prints is its address. `GET /_calls` lists what it was asked (`?kind=model`,
`?prompts=0`), `DELETE /_calls` forgets it. `POST /_control` takes `{"fault": "model:429:retryAfter=1:count=4"}`,
`{"scope": "model", "fault": "429", "count": 4, …}`, `{"latencyMs": {"model": 50, "rag": 5, "variants": {"3": 900}}}` or
`{"clear": true}`, alone or together; `DELETE /_control` restores what it was started with. A latency counts for
requests that wait already, too. A brief can carry its own fault: `[[fault:model:500:count=1:variant=2]]`.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.fakes import model, rag
from tests.fakes.calls import Call, Calls
from tests.fakes.faults import Fault, Faults, fault_of, parse_fault
from tests.fakes.replies import TRANSPORT_FAULTS, broken_transport, json_reply

VARIANT_HEADER = "X-Session-Builder-Variant"
RAG_CONTENT_FAULTS = {"live_scores", "bare_documents"}


@dataclass(slots=True)
class Latencies:
    """Seconds before an answer; `variants` overrides `model` for single variant numbers."""

    model: float = 2.0
    rag: float = 0.2
    variants: dict[int, float] = field(default_factory=dict)

    def of(self, variant: int) -> float:
        return self.variants.get(variant, self.model)

    def set(self, wanted: dict[str, Any]) -> None:
        self.model = float(wanted.get("model", self.model * 1000)) / 1000
        self.rag = float(wanted.get("rag", self.rag * 1000)) / 1000
        self.variants.update({int(key): float(value) / 1000 for key, value in wanted.get("variants", {}).items()})


class Provider:
    """Both services. What can be computed once is, so that load tests measure the other side."""

    def __init__(self, latencies: Latencies, faults: list[Fault]) -> None:
        self._start = (latencies, faults)
        self.latencies, self.faults = copy.deepcopy(latencies), Faults(copy.deepcopy(faults))
        self.calls = Calls()
        self._changed = asyncio.Event()

    def app(self) -> web.Application:
        app = web.Application(client_max_size=8 * 2**20)
        app.add_routes(
            [
                web.post("/v1/chat/completions", self.chat),
                web.get("/v1/models", self.models),
                web.post("/search", self.search),
                web.get("/documents", self.documents),
                web.get("/health", self.health),
                web.get("/_calls", self.list_calls),
                web.delete("/_calls", self.forget_calls),
                web.get("/_control", self.show_control),
                web.post("/_control", self.control),
                web.delete("/_control", self.restore),
            ]
        )
        return app

    # The model

    async def models(self, request: web.Request) -> web.StreamResponse:
        self.calls.begin("models").end("answered", 200)
        return web.json_response(
            {"object": "list", "data": [{"id": "fake-model", "object": "model", "owned_by": "tests"}]}
        )

    async def chat(self, request: web.Request) -> web.StreamResponse:
        payload = json.loads(await request.read())
        variant = int(request.headers.get(VARIANT_HEADER, 0))
        prompt = "\n\n".join(str(message.get("content")) for message in payload["messages"])
        fault = self.faults.take("model", prompt, variant)
        call = self.calls.begin(
            "model",
            variant=variant,
            prompt=prompt,
            fault=fault and fault.name,
            parameters=tuple(sorted(payload)),
            response_format=(payload.get("response_format") or {}).get("type"),
        )
        authorization = request.headers.get("Authorization", "")
        return await _noted(call, self._chat_answer(request, payload, variant, fault, authorization))

    async def _chat_answer(
        self, request: web.Request, payload: dict[str, Any], variant: int, fault: Fault | None, authorization: str
    ) -> web.StreamResponse:
        error = model.error_reply(fault, payload, authorization) if fault else None
        if error is not None:
            return json_reply(*error)
        await self._wait(lambda: self.latencies.of(variant))
        content = model.wire_outline(model.plan_of(fault, variant, payload), payload)
        body = model.completion(content, str(payload.get("model", "")))
        if fault is None:
            return json_reply(body)
        if fault.name in TRANSPORT_FAULTS:
            return await broken_transport(request, fault, body)
        return json_reply(model.spoiled_body(fault, content, payload) or body)

    # tribeRAG

    async def search(self, request: web.Request) -> web.StreamResponse:
        payload = json.loads(await request.read())
        query, filters = str(payload.get("query", "")), payload.get("filters") or {}
        fault = self.faults.take("search", query)
        call = self.calls.begin("search", prompt=query, fault=fault and fault.name, parameters=tuple(sorted(filters)))
        body = rag.search_body(query, str(filters.get("category", "")))
        if fault is not None and fault.name in rag.SPOILED_SEARCH:
            body = rag.SPOILED_SEARCH[fault.name](query)
        return await _noted(call, self._rag_answer(request, fault, body))

    async def documents(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.take("documents", "")
        call = self.calls.begin("documents", fault=fault and fault.name)
        offset, limit = int(request.query.get("offset", 0)), min(1000, int(request.query.get("limit", 100)))
        bare = fault is not None and fault.name in RAG_CONTENT_FAULTS
        listed = rag.documents(datetime.now(UTC).date(), bare)[offset : offset + limit]
        return await _noted(call, self._rag_answer(request, fault, json.dumps({"documents": listed})))

    async def health(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.take("health", "")
        call = self.calls.begin("health", fault=fault and fault.name)
        return await _noted(call, self._rag_answer(request, fault, '{"status": "ok"}'))

    async def _rag_answer(self, request: web.Request, fault: Fault | None, body: str) -> web.StreamResponse:
        if fault is not None and fault.name in rag.ERROR_STATUSES:
            return json_reply(*rag.error_reply(fault))
        await self._wait(lambda: self.latencies.rag)
        if fault is not None and fault.name in TRANSPORT_FAULTS:
            return await broken_transport(request, fault, body)
        return json_reply(body)

    async def _wait(self, latency: Callable[[], float]) -> None:
        """Until the request is as old as the latency now in force."""
        came = time.monotonic()
        while (left := came + latency() - time.monotonic()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), left)

    def _wake(self) -> None:
        """Have those that wait look at their latency again."""
        self._changed.set()
        self._changed = asyncio.Event()

    # For tests

    async def list_calls(self, request: web.Request) -> web.Response:
        listed = self.calls.listed(request.query.get("kind"), request.query.get("prompts") != "0")
        return web.json_response({"calls": listed})

    async def forget_calls(self, request: web.Request) -> web.Response:
        self.calls.clear()
        return web.Response(status=204)

    async def show_control(self, request: web.Request) -> web.Response:
        active = [f"{fault.scope}:{fault.name}" for fault in self.faults.active if fault.count != 0]
        return web.json_response({"faults": active, "model": self.latencies.model, "rag": self.latencies.rag})

    async def control(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        if wanted.pop("clear", False):
            self.faults.clear()
        self.latencies.set(wanted.pop("latencyMs", {}))
        self._wake()
        if fault := wanted.pop("fault", None):
            scope = wanted.pop("scope", None)
            try:
                self.faults.active.append(fault_of(scope, str(fault), wanted) if scope else parse_fault(str(fault)))
            except ValueError as error:
                return web.json_response({"error": str(error)}, status=400)
        return web.Response(status=204)

    async def restore(self, request: web.Request) -> web.Response:
        latencies, faults = self._start
        self.latencies, self.faults = copy.deepcopy(latencies), Faults(copy.deepcopy(faults))
        self._wake()
        return web.Response(status=204)


async def _noted(call: Call, answer: Awaitable[web.StreamResponse]) -> web.StreamResponse:
    """The answer, with its end noted in the call; a client that goes away cancels the handler."""
    try:
        response = await answer
    except (asyncio.CancelledError, ConnectionError):
        call.end("dropped")
        raise
    call.end("answered", response.status)
    return response


async def serve(provider: Provider, port: int, announce: Callable[[str], None]) -> None:
    """Serve on 127.0.0.1 until cancelled; `announce` gets the address once it answers."""
    runner = web.AppRunner(provider.app(), access_log=None, handler_cancellation=True, keepalive_timeout=75)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, backlog=2048)
    await site.start()
    announce(f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(
        description="A model provider and a tribeRAG service for tests, benchmarks and demos."
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--model-latency-ms", type=float, default=2000)
    parser.add_argument("--rag-latency-ms", type=float, default=200)
    parser.add_argument("--fault", action="append", default=[], type=parse_fault)
    asked = parser.parse_args()
    latencies = Latencies(asked.model_latency_ms / 1000, asked.rag_latency_ms / 1000)
    provider = Provider(latencies, asked.fault)
    try:
        asyncio.run(serve(provider, asked.port, lambda address: print(address, flush=True)))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
