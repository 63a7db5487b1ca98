"""The two addresses by plain requests: what is answered, cached and refused."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from featureflags import services
from featureflags.models import Source
from featureflags.ofrep import throttle

V2 = "variant_generation_v2"
SINGLE = f"/ofrep/v1/evaluate/flags/{V2}"
BULK = "/ofrep/v1/evaluate/flags"
SUCCESS = {"key", "value", "reason", "variant", "metadata"}
FAILURE = {*SUCCESS, "errorCode", "errorDetails"}
Login = Callable[[User], Client]


def post(client: Client, url: str, body: Any = None, **headers: str) -> Any:
    return client.post(url, json.dumps({} if body is None else body), "application/json", headers=headers)


def context(key: object, **attributes: object) -> dict[str, Any]:
    return {"context": {"targetingKey": key, **attributes}}


def test_it_works(login: Login, product: User) -> None:
    answer = post(login(product), BULK, context("7"))
    assert answer.status_code == 200
    body = answer.json()
    assert body["metadata"] == {"version": 4}
    assert [flag["key"] for flag in body["flags"]] == [
        "offline_composer",
        "rag_integration",
        V2,
        "variant_selection_logging",
    ]
    assert all(flag.keys() == SUCCESS for flag in body["flags"])
    assert [flag["value"] for flag in body["flags"]] == [True, True, False, True]
    assert answer["Cache-Control"] == "private, no-cache"


def test_single_and_bulk_agree(login: Login, product: User) -> None:
    client = login(product)
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True, percentage=50)
    for key in map(str, range(20)):
        bulk = {flag["key"]: flag for flag in post(client, BULK, context(key)).json()["flags"]}
        assert post(client, SINGLE, context(key)).json() == bulk[V2]


def test_a_flag_that_cannot_be_evaluated_fails_alone_in_bulk(login: Login, product: User) -> None:
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True, percentage=50)
    answer = post(login(product), BULK)
    assert answer.status_code == 200
    flags = {flag["key"]: flag for flag in answer.json()["flags"]}
    assert flags[V2].keys() == FAILURE
    assert (flags[V2]["errorCode"], flags[V2]["value"]) == ("TARGETING_KEY_MISSING", False)
    assert flags["offline_composer"]["value"] is True


# --- ETag -------------------------------------------------------------------------------------------------------------


def test_the_same_question_again_is_not_modified(
    server: str, bearer: Callable[..., dict[str, str]], product: User
) -> None:
    headers = bearer(product, "flags:read")
    first = requests.post(server + BULK, json=context("7"), headers=headers, timeout=10)
    again = requests.post(
        server + BULK, json=context("7"), headers={**headers, "If-None-Match": first.headers["ETag"]}, timeout=10
    )
    assert first.status_code == 200
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', "*"])
def test_if_none_match_in_all_its_shapes(login: Login, product: User, shape: str) -> None:
    client = login(product)
    etag = post(client, BULK, context("7"))["ETag"]
    assert post(client, BULK, context("7"), if_none_match=shape.format(etag)).status_code == 304


@pytest.mark.parametrize("header", ["", '"other"', "nonsense", '"'])
def test_another_etag_gets_the_whole_answer(login: Login, product: User, header: str) -> None:
    assert post(login(product), BULK, context("7"), if_none_match=header).status_code == 200


def test_a_change_of_any_flag_moves_the_etag(login: Login, product: User) -> None:
    client = login(product)
    etag = post(client, BULK, context("7"))["ETag"]
    services.change_flag("offline_composer", source=Source.ADMIN, reason="", details={"owner": "anna"})
    changed = post(client, BULK, context("7"), if_none_match=etag)
    assert changed.status_code == 200
    assert changed["ETag"] != etag


def test_another_context_has_another_etag(login: Login, product: User) -> None:
    client = login(product)
    bodies = [context("7"), context("8"), context("7", plan="team"), {}]
    assert len({post(client, BULK, body)["ETag"] for body in bodies}) == len(bodies)


def test_the_order_of_the_attributes_does_not_matter(login: Login, product: User) -> None:
    client = login(product)
    one, other = {"context": {"a": 1, "b": 2}}, {"context": {"b": 2, "a": 1}}
    assert post(client, BULK, one)["ETag"] == post(client, BULK, other)["ETag"]


def test_an_override_that_expires_moves_the_etag_without_a_change(
    login: Login, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = login(author)
    services.change_flag(V2, source=Source.ADMIN, reason="pilot", enabled=True)
    soon = timezone.now() + timedelta(minutes=5)
    services.set_override(V2, user=author, enabled=True, reason="pilot", source=Source.ADMIN, expires_at=soon)
    etag = post(client, BULK, context(str(author.pk)))["ETag"]

    class Later:
        @staticmethod
        def now(zone: object) -> object:
            return soon + timedelta(seconds=1)

    monkeypatch.setattr("featureflags.flags.datetime", Later)
    assert post(client, BULK, context(str(author.pk)), if_none_match=etag).status_code == 200


def test_a_kill_by_the_environment_moves_the_etag_without_a_change(
    login: Login, product: User, settings: object
) -> None:
    client = login(product)
    etag = post(client, BULK, context("7"))["ETag"]
    settings.RAG_API_URL = ""
    assert post(client, BULK, context("7"), if_none_match=etag).status_code == 200


# --- who may ask ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [SINGLE, BULK])
@pytest.mark.parametrize("header", [{}, {"authorization": "Bearer sb_wrong"}])
def test_nobody_in_particular_is_unauthorized(client: Client, db: None, url: str, header: dict[str, str]) -> None:
    answer = post(client, url, **header)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["errorCode"] == "GENERAL"


@pytest.mark.parametrize("url", [SINGLE, BULK])
@pytest.mark.parametrize(
    ("scopes", "status"), [((), 200), (("flags:read",), 200), (("flags:write",), 403), (("analytics:read",), 403)]
)
def test_a_limited_token_needs_the_scope(
    client: Client, product: User, bearer: Callable[..., dict[str, str]], url: str, scopes: tuple[str, ...], status: int
) -> None:
    headers = {name.lower(): value for name, value in bearer(product, *scopes).items()}
    assert post(client, url, **headers).status_code == status


@pytest.mark.parametrize("url", [SINGLE, BULK])
@pytest.mark.parametrize(
    ("role", "status"), [("product", 200), ("operator", 200), ("author", 403), ("analyst", 403), ("admin", 200)]
)
def test_only_product_and_operator_ask_for_others(
    login: Login, request: pytest.FixtureRequest, author2: User, url: str, role: str, status: int
) -> None:
    client = login(request.getfixturevalue(role))
    answer = post(client, url, context(str(author2.pk)))
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["errorCode"] == "GENERAL"
        assert answer.json()["error"]["code"] == "permission_denied"


def test_an_author_learns_no_settings(login: Login, author: User) -> None:
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True, percentage=50)
    body = post(login(author), BULK, context(str(author.pk))).json()
    assert body["metadata"] == {}
    assert [flag["metadata"] for flag in body["flags"]] == [{}] * 4


# --- bodies that cannot be used ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [SINGLE, BULK])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "PARSE_ERROR"),
        (b"null", "PARSE_ERROR"),
        (b"[]", "PARSE_ERROR"),
        (b'"text"', "PARSE_ERROR"),
        (b'{"context": NaN}', "PARSE_ERROR"),
        (b"\xff\xfe", "PARSE_ERROR"),
        (b"[" * 100_000, "PARSE_ERROR"),
        (b'{"context": []}', "INVALID_CONTEXT"),
        (b'{"context": "7"}', "INVALID_CONTEXT"),
        (b'{"context": {"targetingKey": 7}}', "INVALID_CONTEXT"),
        (b'{"context": {"targetingKey": ["7"]}}', "INVALID_CONTEXT"),
        (b'{"context": {"targetingKey": false}}', "INVALID_CONTEXT"),
    ],
)
def test_a_bad_body_is_a_400_that_says_why(login: Login, product: User, url: str, body: bytes, code: str) -> None:
    answer = login(product).post(url, body, "application/json")
    assert answer.status_code == 400
    assert answer.json()["errorCode"] == code
    assert answer.json()["errorDetails"]


@pytest.mark.parametrize(
    "body", [{}, {"context": None}, {"context": {}}, context(None), context(""), context("\ud800"), context("7" * 9999)]
)
def test_unusual_bodies_that_are_fine(login: Login, product: User, body: dict[str, Any]) -> None:
    client = login(product)
    assert post(client, SINGLE, body).status_code == 200
    assert post(client, BULK, body).status_code == 200


def test_a_body_may_be_left_out(login: Login, product: User) -> None:
    client = login(product)
    assert client.post(SINGLE, b"", "application/json").json() == post(client, SINGLE).json()


def test_errors_of_one_flag_have_all_fields_and_our_shape(login: Login, product: User) -> None:
    answer = login(product).post(SINGLE, b"{", "application/json").json()
    assert answer.keys() == {*FAILURE, "error"}
    assert answer["key"] == V2


def test_another_media_type_and_method_are_refused(login: Login, product: User) -> None:
    client = login(product)
    assert client.post(BULK, "x", "text/plain").status_code == 415
    assert client.get(BULK).status_code == 405


def test_a_body_too_large_is_refused(login: Login, product: User) -> None:
    assert post(login(product), BULK, context("7", notes="x" * 300_000)).status_code == 413


def test_a_slash_at_the_end_changes_nothing(login: Login, product: User) -> None:
    client = login(product)
    assert post(client, f"{BULK}/", context("7")).json() == post(client, BULK, context("7")).json()


def test_too_many_requests_say_when_to_come_back(login: Login, product: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "requests", throttle.RequestCounter(clock=lambda: 5.0))  # one window for both
    monkeypatch.setattr(throttle.PoliteThrottle, "limit", 1)
    client = login(product)
    assert post(client, BULK).status_code == 200
    answer = post(client, BULK)
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 10


def test_a_warm_evaluation_asks_the_database_only_who_is_asking(
    login: Login, product: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client = login(product)
    post(client, BULK, context("7"))
    with django_assert_num_queries(4):  # the session, the user, and the permissions by group and by user
        post(client, BULK, context("7"))
