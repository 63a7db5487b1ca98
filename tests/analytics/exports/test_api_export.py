import csv
import gzip
import hashlib
import io
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from psycopg.errors import DivisionByZero

from analytics import registry
from analytics.datasets import EVENTS
from analytics.exports.audit import audited, open_export
from analytics.exports.stream import FORMATS, Selection
from analytics.models import Event, Export
from analytics.periods import Period
from analytics.registry import Column, Dataset, Kind
from tests.analytics.history import DAY_ONE, event, interaction, selection

pytestmark = pytest.mark.django_db

Login = Callable[[User], Client]
ADDRESS = "/api/analytics/export"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def table(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(response).decode(), newline="")))


def test_it_works(login: Login, analyst: User) -> None:
    row = event("kitchen_opened", category="Team Building", metadata={"activeTime": 5, "note": 'a "b"\nc'})

    response = login(analyst).get(ADDRESS, {"format": "csv"})

    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="events.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    [found] = table(response)
    assert list(found) == [column.name for column in EVENTS.columns]
    assert found["id"] == str(row.id)
    assert found["occurredAt"] == "2026-03-01T10:00:00.000000Z"
    assert found["isDemo"] == "false"
    assert found["processingTime"] == ""
    assert json.loads(found["metadata"]) == {"activeTime": 5, "note": 'a "b"\nc'}


def test_every_line_ends_with_crlf_and_cells_keep_their_own_line_ends(login: Login, analyst: User) -> None:
    for text in ("one\ntwo", "three\r\nfour", 'say "five"', "six,seven"):
        event("kitchen_opened", category=text)

    content = body(login(analyst).get(ADDRESS)).decode()

    assert content.endswith("\r\n")
    rows = list(csv.DictReader(io.StringIO(content, newline=""), strict=True))
    assert sorted(row["category"] for row in rows) == ["one\ntwo", 'say "five"', "six,seven", "three\r\nfour"]
    assert content.count("\r\n") == 5 + 1


@pytest.mark.parametrize("name", ["events", "interactions", "selections"])
def test_a_file_without_rows_still_has_its_names(login: Login, analyst: User, name: str) -> None:
    content = body(login(analyst).get(ADDRESS, {"dataset": name})).decode()

    assert content == ",".join(column.name for column in registry.dataset(name).columns) + "\r\n"


HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\ufeff=1",
    "\u200b=1",
    "\u00a0-1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
]


def test_nothing_in_a_cell_can_be_a_formula(login: Login, analyst: User) -> None:
    for text in HOSTILE:
        event("kitchen_opened", category=text, error_code=text)
    event("kitchen_opened", category="a=b", error_code="x-y")
    client = login(analyst)

    guarded = {row["category"] for row in table(client.get(ADDRESS))}
    assert guarded == {f"'{text}" for text in HOSTILE} | {"a=b"}
    raw = {row["category"] for row in table(client.get(ADDRESS, {"raw": "1"}))}
    assert raw == {*HOSTILE, "a=b"}
    assert [export.raw for export in Export.objects.order_by("started_at")] == [False, True]


def test_json(login: Login, analyst: User) -> None:
    first = event("kitchen_opened", metadata={"text": 'back\\slash "quote"\n\u2028é'}, category="=1")
    event("meal_served", DAY_ONE + timedelta(minutes=1), processing_ms=1200)

    document = json.loads(body(login(analyst).get(ADDRESS, {"format": "json"})))

    assert document["rowCount"] == 2
    assert document["events"][0]["id"] == str(first.id)
    assert document["events"][0]["metadata"] == {"text": 'back\\slash "quote"\n\u2028é'}
    assert document["events"][0]["category"] == "=1"
    assert document["events"][1]["processingTime"] == 1200
    assert document["events"][1]["occurredAt"] == "2026-03-01T10:01:00.000000Z"


def test_empty_json_is_json(login: Login, analyst: User) -> None:
    client = login(analyst)

    assert json.loads(body(client.get(ADDRESS, {"format": "json"}))) == {"events": [], "rowCount": 0}
    assert body(client.get(ADDRESS, {"format": "ndjson"})) == b""


def test_a_line_per_row(login: Login, analyst: User) -> None:
    for number in (1, 2, 4):
        selection(number=number)

    lines = body(login(analyst).get(ADDRESS, {"format": "ndjson", "dataset": "selections"})).decode().split("\n")

    assert lines[-1] == ""
    assert sorted(json.loads(line)["variantId"] for line in lines[:-1]) == [1, 2, 4]


def test_range_and_type(login: Login, analyst: User) -> None:
    for hours in (0, 5, 30):
        event("kitchen_opened", DAY_ONE + timedelta(hours=hours))
    event("meal_served")
    client = login(analyst)

    assert len(table(client.get(ADDRESS, {"type": "kitchen_opened"}))) == 3
    response = client.get(ADDRESS, {"start": "2026-03-01", "end": "2026-03-01"})
    assert len(table(response)) == 3
    assert response["Content-Disposition"].endswith('"events-20260301T0000-20260302T0000.csv"')
    assert len(table(client.get(ADDRESS, {"start": "2026-03-01T15:00:00Z"}))) == 2


@pytest.mark.parametrize(
    ("name", "store"), [("events", event), ("interactions", interaction), ("selections", selection)]
)
def test_real_or_demonstration_rows_never_both(
    login: Login, analyst: User, name: str, store: Callable[..., Any]
) -> None:
    kind = ("kitchen_opened",) if name == "events" else ()
    store(*kind)
    for _ in range(2):
        store(*kind, is_demo=True)
    client = login(analyst)

    for query, rows in (({}, ["false"]), ({"demo": "0"}, ["false"]), ({"demo": "1"}, ["true", "true"])):
        response = client.get(ADDRESS, {"dataset": name, **query})
        assert [row["isDemo"] for row in table(response)] == rows
        manifest = client.get(f"{ADDRESS}/manifest", {"id": response["X-Export-Id"]}).json()
        assert (manifest["demo"], manifest["rowCount"]) == (rows[0] == "true", len(rows))


def test_excel_gets_its_mark(login: Login, analyst: User) -> None:
    client = login(analyst)

    assert body(client.get(ADDRESS, {"bom": "1"})).startswith(b"\xef\xbb\xbfid,")
    assert body(client.get(ADDRESS, {"bom": "1", "format": "json"})).startswith(b"{")


def test_the_manifest_proves_the_file(login: Login, analyst: User) -> None:
    for n in range(300):
        event("kitchen_opened", DAY_ONE + timedelta(seconds=n), metadata={"filler": "x" * 100})
    client = login(analyst)
    response = client.get(ADDRESS, {"start": "2026-03-01"}, headers={"Accept-Encoding": "br, gzip"})
    packed = body(response)
    content = gzip.decompress(packed)

    manifest = client.get(f"{ADDRESS}/manifest", {"id": response["X-Export-Id"]}).json()

    assert response["Content-Encoding"] == "gzip"
    assert len(packed) < len(content) / 4
    assert manifest["sha256"] == hashlib.sha256(content).hexdigest()
    assert (manifest["rowCount"], manifest["size"], manifest["state"]) == (300, len(content), "finished")
    assert manifest["start"] == "2026-03-01T00:00:00Z"
    assert manifest["finishedAt"]


@pytest.mark.parametrize(
    ("accept", "packed"), [("gzip", True), ("gzip;q=0", False), ("gzip; q=0.5", True), ("identity", False), ("", False)]
)
def test_gzip_when_asked(login: Login, analyst: User, accept: str, packed: bool) -> None:
    response = login(analyst).get(ADDRESS, headers={"Accept-Encoding": accept})

    assert response.has_header("Content-Encoding") is packed
    assert body(response)


def test_chunks_are_of_one_size_however_many_rows(admin: User) -> None:
    Event.objects.bulk_create(
        Event(event_type="x", occurred_at=DAY_ONE, received_at=DAY_ONE, metadata={"filler": "x" * 1000})
        for _ in range(700)
    )
    wanted = Selection(dataset=EVENTS, format=FORMATS["csv"], period=Period())

    sizes = [len(chunk) for chunk in audited(wanted, open_export(wanted, admin))]

    assert len(sizes) > 10
    assert max(sizes) < 70_000


def test_a_client_that_leaves_stops_the_query(admin: User) -> None:
    Event.objects.bulk_create(
        Event(event_type="x", occurred_at=DAY_ONE, received_at=DAY_ONE, metadata={"filler": "x" * 5000})
        for _ in range(200)
    )
    wanted = Selection(dataset=EVENTS, format=FORMATS["csv"], period=Period())
    stream = audited(wanted, open_export(wanted, admin))
    next(stream)

    stream.close()

    export = Export.objects.get()
    assert (export.state, export.sha256) == ("abandoned", "")
    assert 0 < export.rows < 200
    assert Event.objects.count() == 200


@pytest.fixture
def breaking() -> Iterator[None]:
    """A dataset whose last row cannot be computed."""
    Event.objects.bulk_create(
        Event(event_type="x" * 200, occurred_at=DAY_ONE + timedelta(seconds=n), received_at=DAY_ONE, processing_ms=n)
        for n in range(700)
    )
    columns = (
        Column("name", Kind.CODE, "event_type", ""),
        Column("value", Kind.NUMBER, "1 / (699 - processing_ms)", ""),
    )
    registry.register_dataset(
        Dataset(
            name="breaking",
            title="Breaking",
            table="analytics_event",
            time="occurred_at",
            key="id",
            columns=columns,
        )
    )
    yield
    del registry._datasets["breaking"]


@pytest.mark.usefixtures("breaking")
def test_a_failure_midway_is_not_a_shorter_file(login: Login, analyst: User) -> None:
    response = login(analyst).get(ADDRESS, {"dataset": "breaking", "format": "json"})
    received = []

    with pytest.raises(DivisionByZero):
        received.extend(response.streaming_content)

    assert received
    with pytest.raises(json.JSONDecodeError):
        json.loads(b"".join(received))
    assert Export.objects.get().state == "broken"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"format": "xls"}, "format"),
        ({"dataset": "users"}, "dataset"),
        ({"type": "unheard_of"}, "type"),
        ({"type": "meal_served", "dataset": "selections"}, "type"),
        ({"start": "2026-03-02", "end": "2026-03-01"}, "start"),
        ({"raw": "perhaps"}, "raw"),
        ({"demo": "perhaps"}, "demo"),
        ({"demo": "1", "dataset": "generations"}, "demo"),
    ],
)
def test_bad_queries(login: Login, analyst: User, query: dict[str, str], field: str) -> None:
    response = login(analyst).get(ADDRESS, query)

    assert response.status_code == 400
    assert response["Content-Type"].startswith("application/json")
    assert field in response.json()["error"]["fields"]
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"), [("author", 403), ("product", 200), ("analyst", 200), ("operator", 200), ("admin", 200)]
)
def test_who_may(login: Login, request: pytest.FixtureRequest, role: str, status: int) -> None:
    response = login(request.getfixturevalue(role)).get(ADDRESS, headers={"Accept": "text/csv"})

    assert response.status_code == status
    if status == 200:
        assert body(response)


@pytest.mark.parametrize("role", ["analyst", "product", "operator"])
def test_no_role_gets_prompts(login: Login, request: pytest.FixtureRequest, role: str) -> None:
    interaction(prompt="canary", response="canary")
    client = login(request.getfixturevalue(role))

    assert client.get(ADDRESS, {"dataset": "interactions", "prompts": "1"}).status_code == 403
    assert b"canary" not in body(client.get(ADDRESS, {"dataset": "interactions"}))


def test_prompts_for_those_who_may(login: Login, analyst: User) -> None:
    interaction(prompt="=canary", response="answer")
    analyst.user_permissions.add(Permission.objects.get(codename="view_prompt"))

    [row] = table(login(analyst).get(ADDRESS, {"dataset": "interactions", "prompts": "1"}))

    assert (row["prompt"], row["response"]) == ("'=canary", "answer")
    assert Export.objects.get().prompts


def test_analysts_see_that_a_reason_was_given_and_not_which(login: Login, analyst: User) -> None:
    """In files, in rows of the API and in the admin, where it cannot be guessed from a filter either."""
    row = event("ai_content_rejected", metadata={"variantId": 1, "reason": "canary"})
    silent = event("ai_content_rejected", metadata={"variantId": 2, "reason": None})
    client = login(analyst)

    for form in ("csv", "json", "ndjson"):
        assert b"canary" not in body(client.get(ADDRESS, {"format": form}))
    told = {found["id"]: json.loads(found["metadata"]) for found in table(client.get(ADDRESS))}
    assert told[str(row.id)] == {"variantId": 1, "reason": "given"}
    assert told[str(silent.id)] == {"variantId": 2, "reason": None}
    shown = {found["id"]: found["metadata"] for found in client.get("/api/analytics/events").json()["events"]}
    assert {str(key) for key in told} == set(shown)
    assert shown[str(row.id)]["reason"] == "given"
    page = client.get(f"/admin/analytics/event/{row.id}/change/").content.decode()
    assert "given" in page
    assert "canary" not in page
    guess = client.get("/admin/analytics/event/", {"metadata__reason__startswith": "can"})
    assert guess.status_code in (302, 400)


def test_who_may_see_prompts_gets_the_reason(login: Login, analyst: User) -> None:
    event("ai_content_rejected", metadata={"variantId": 1, "reason": "=canary"})
    event("kitchen_opened", metadata={"reason": "no rejection"})
    analyst.user_permissions.add(Permission.objects.get(codename="view_prompt"))

    rows = table(login(analyst).get(ADDRESS, {"prompts": "1"}))

    assert {found["eventType"]: found["rejectionReason"] for found in rows} == {
        "ai_content_rejected": "'=canary",
        "kitchen_opened": "",
    }


def test_a_manifest_is_for_its_owner_and_those_who_see_all(
    login: Login, product: User, analyst: User, operator: User, make_user: Any
) -> None:
    mine = login(product).get(ADDRESS)["X-Export-Id"]
    where = f"{ADDRESS}/manifest"

    assert login(product).get(where, {"id": mine}).status_code == 200
    assert login(operator).get(where, {"id": mine}).status_code == 200
    assert login(make_user("product2", "product")).get(where, {"id": mine}).status_code == 404
    assert login(operator).get(where, {"id": uuid.uuid4()}).status_code == 404
    assert login(operator).get(where, {"id": "1"}).status_code == 400


def test_users_are_pseudonyms(login: Login, analyst: User) -> None:
    event("kitchen_opened", user_id=4_711_000)

    for form in FORMATS:
        assert b"4711000" not in body(login(analyst).get(ADDRESS, {"format": form}))
