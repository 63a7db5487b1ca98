"""The network door: names, certificates, deadlines and reuse."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sessions_builder.clients.http import HttpDoor, HttpTrouble
from sessions_builder.clients.loop import network
from tests.fakes.process import ProviderProcess
from tests.support.certificates import self_signed

PATIENCE_S = 20.0
Door = Callable[..., HttpDoor]


@pytest.fixture
def door_to() -> Iterator[Door]:
    """A function that makes a door, closed after the test."""
    made: list[HttpDoor] = []

    def make(base_url: str, **options: int) -> HttpDoor:
        made.append(HttpDoor(base_url, **options))
        return made[-1]

    yield make
    for door in made:
        door.close()


def call(door: HttpDoor, path: str = "/health", *, seconds: float = PATIENCE_S, **request: Any) -> bytes:
    deadline = time.monotonic() + seconds
    return network.submit(door.call("GET", path, deadline=deadline, **request)).result(seconds + 10)


class Answering(BaseHTTPRequestHandler):
    """Answers with the port of the connection, keeps it, and is silent about it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = str(self.client_address[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server with a certificate nobody knows, and the certificate's file."""
    context, certificate = self_signed(tmp_path_factory.mktemp("certificate"))
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"https://localhost:{server.server_port}", certificate
        server.shutdown()
        serving.join()


def test_it_works(provider: ProviderProcess, door_to: Door) -> None:
    door = door_to(provider.url.replace("127.0.0.1", "localhost"))

    assert call(door) == b'{"status": "ok"}'
    door.close()
    assert call(door)


def test_a_host_that_does_not_exist_is_refused(door_to: Door) -> None:
    with pytest.raises(HttpTrouble) as raised:
        call(door_to("http://no-such-host.invalid"))

    assert raised.value.cause in ("refused", "timeout")


def test_plain_http_behind_https_is_refused(provider: ProviderProcess, door_to: Door) -> None:
    with pytest.raises(HttpTrouble, match="refused"):
        call(door_to(provider.url.replace("http:", "https:")))


def test_the_deadline_holds_for_a_name_lookup_that_hangs_and_others_are_called_meanwhile(
    provider: ProviderProcess, door_to: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    lookup = socket.getaddrinfo

    def hang(host: str, *args: Any, **kwargs: Any) -> Any:
        if host == "hangs.test":
            released.wait(2 * PATIENCE_S)
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        return lookup(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        hanging = door_to("http://hangs.test")
        for _ in range(40):
            with pytest.raises(HttpTrouble, match="timeout"):
                call(hanging, seconds=0.01)
        assert call(door_to(provider.url.replace("127.0.0.1", "localhost")))
    finally:
        released.set()


def test_the_surroundings_do_not_redirect_calls(
    provider: ProviderProcess, door_to: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    assert call(door_to(provider.url))


def test_a_private_authority_is_believed_where_the_surroundings_name_it(
    certified: tuple[str, str], door_to: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, certificate = certified
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(HttpTrouble, match="refused: ClientConnectorCertificateError"):
        call(door_to(address))

    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    assert call(door_to(address))

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate)
    monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
    assert call(door_to(address))


def test_connections_are_kept(door_to: Door) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        door = door_to(f"http://127.0.0.1:{server.server_port}")
        ports = {call(door) for _ in range(5)}
        door.close()
        ports_after = {call(door)}
        door.close()
        server.shutdown()
        serving.join()

    assert len(ports) == 1
    assert ports_after != ports


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_makes_its_own_connections(provider: ProviderProcess, door_to: Door) -> None:
    door = door_to(provider.url)
    call(door)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        answer = b"no"
        try:
            answer = call(door)[:2]
        finally:
            os.write(write, answer)
            os._exit(0)
    os.waitpid(child, 0)

    assert os.read(read, 2) == b'{"'
    assert call(door)
    os.close(read)
    os.close(write)
