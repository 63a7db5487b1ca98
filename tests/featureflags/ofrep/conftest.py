"""A real HTTP server in a thread, which sees what the test has not committed because it shares the connection."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer
from django.db import connections

from sessions_builder.services.tokens import token_create

Bearer = Callable[..., dict[str, str]]


class SilentHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def server(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve the product on a free port; return its address. One request at a time, as the connection is shared."""
    shared = connections["default"]
    # Django closes a connection inside a transaction at every request; this one is the test's.
    monkeypatch.setattr(shared, "close_if_unusable_or_obsolete", lambda: None)
    wsgi = WSGIServer(("127.0.0.1", 0), SilentHandler)
    wsgi.set_app(WSGIHandler())

    def serve() -> None:
        connections["default"] = shared
        wsgi.serve_forever(poll_interval=0.01)

    shared.inc_thread_sharing()
    thread = Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{wsgi.server_port}"
    wsgi.shutdown()
    thread.join()
    wsgi.server_close()
    shared.dec_thread_sharing()


@pytest.fixture
def bearer() -> Bearer:
    """Return a function that makes a token for a user and returns the header that carries it."""

    def header(user: User, *scopes: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token_create(user=user, scopes=scopes).secret}"}

    return header
