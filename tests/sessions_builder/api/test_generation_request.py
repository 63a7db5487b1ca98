"""POST /api/generations: what is taken, what is refused, and that the same key gives the same generation."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sessions_builder.models import Audience, Category, Generation, Tone
from tests.sessions_builder.api.conftest import BRIEF

pytestmark = pytest.mark.usefixtures("reference_data", "several")
URL = "/api/generations"


def ask(client: Client, body: Any = BRIEF, **headers: str) -> Any:
    return client.post(URL, body, content_type="application/json", headers=headers)


def test_it_works(api: Client, author: User) -> None:
    response = ask(api)
    body = response.json()
    assert response.status_code == 202
    generation = Generation.objects.get()
    assert generation.owner == author
    assert response["Location"] == body["statusUrl"] == f"/api/generations/{generation.pk}"
    assert response["Retry-After"] == "1"
    assert (body["id"], body["state"], body["mode"]) == (str(generation.pk), "queued", "multi_variant")
    assert generation.brief["durationMinutes"] == 90
    assert api.get(response["Location"]).status_code == 200


def test_statements_of_a_submission(
    client: Client, bearer: dict[str, str], reference_data: Category, django_assert_num_queries: Any
) -> None:
    audience = Audience.objects.create(name="Advisors", avoid_topics=["politics"])
    tone = Tone.objects.create(name="Calm", example_phrases=["Take your time."])
    ask(client, **bearer)  # notes the use of the token
    # The token with user and right; a savepoint; lock and counts; what is named; generation and event; a savepoint.
    with django_assert_num_queries(6):
        assert ask(client, {**BRIEF, "audienceId": audience.pk, "toneId": tone.pk}, **bearer).status_code == 202
    brief = Generation.objects.latest("created_at").snapshot["brief"]
    assert (brief["audience"]["name"], brief["audience"]["avoidTopics"]) == ("Advisors", ["politics"])
    assert (brief["tone"]["name"], brief["tone"]["examplePhrases"]) == ("Calm", ["Take your time."])


def test_everything_a_brief_can_hold(api: Client, reference_data: Category) -> None:
    body = {
        **BRIEF,
        "category": reference_data.pk,
        "title": " Calls that book ",
        "currentProblem": "Nobody calls.\nNobody.",
        "specificTopics": ["opening", "objections"],
        "startTime": "2026-03-02T09:00",
        "endTime": "2026-03-02T10:45",
        "timeZone": "Europe/Berlin",
        "audienceName": "New advisors",
        "groupSize": 8,
        "avoidTopics": ["politics"],
        "online": True,
        "language": "de-AT",
        "chosenSources": [],
        "previewId": None,
        "notes": "Use the blue script 📘.",
    }
    assert ask(api, body).status_code == 202
    brief = Generation.objects.get().brief
    assert brief["title"] == "Calls that book"
    assert brief["durationMinutes"] == 105
    assert (brief["startTime"], brief["endTime"]) == ("2026-03-02T08:00:00Z", "2026-03-02T09:45:00Z")
    assert brief["chosenSources"] == []


@pytest.mark.parametrize("category", ["Prospecting", "prospecting", " Prospecting "])
def test_a_category_by_its_name(api: Client, category: str) -> None:
    assert ask(api, {**BRIEF, "category": category}).status_code == 202


def test_the_same_key_gives_the_same_generation(api: Client) -> None:
    first = ask(api, **{"Idempotency-Key": "k1"})
    second = ask(api, **{"Idempotency-Key": "k1"})
    assert "Idempotency-Replayed" not in first
    assert (second.status_code, second["Idempotency-Replayed"]) == (202, "true")
    assert first.json()["id"] == second.json()["id"]
    assert Generation.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(api: Client) -> None:
    ask(api, **{"Idempotency-Key": "k1"})
    response = ask(api, {**BRIEF, "groupSize": 5}, **{"Idempotency-Key": "k1"})
    assert (response.status_code, response.json()["error"]["code"]) == (422, "idempotency_mismatch")


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "ü"])
def test_a_key_that_is_none(api: Client, key: str) -> None:
    response = ask(api, **{"Idempotency-Key": key})
    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == ["Idempotency-Key"]


def test_too_many_unfinished_ones(api: Client) -> None:
    for _ in range(3):
        assert ask(api).status_code == 202
    response = ask(api)
    assert (response.status_code, response.json()["error"]["code"]) == (429, "too_many_jobs")
    assert int(response["Retry-After"]) > 0


BAD_FIELDS: list[tuple[str, list[Any]]] = [
    ("title", [None, 1, True, ["x"], {}, "x" * 201, "a\nb", "a\x1bb", "a\x7fb", "a\x85b", "nul\x00"]),
    ("category", [None, "", " ", True, 0, -1, 1.5, 2**63, ["x"], {}, "Nothing", "x" * 81, "nul\x00", 999_999]),
    ("sessionType", [None, "", "meeting", "Workshop", 1, [], "workshop\x00"]),
    ("desiredOutcome", [None, "", "too short", " " * 40, "x" * 1001, 20, [], {}, "x" * 30 + "\x00", "x" * 30 + "\x07"]),
    ("currentProblem", [None, 1, "x" * 1001, "a\x00", "a\x08", []]),
    ("specificTopics", [None, "x", [""], ["x"] * 13, ["x" * 121], [1], [None], [["x"]], ["a\nb"], ["a\x00"], {}]),
    ("durationMinutes", [None, "90", 14, 481, 0, -90, 90.5, True, [], {}, 10**30]),
    (
        "startTime",
        ["2026-03-02T09:00", "", "soon", 1, "2026-03-02", "0001-01-01T00:00", "9999-12-31T23:59", []],
    ),
    ("endTime", ["2026-03-02T09:00", "", "2026-13-40T09:00", 1, {}]),
    ("timeZone", [None, "", "Mars/Olympus", "../../etc/passwd", "europe/berlin", 1, [], "UTC\x00"]),
    ("audienceId", ["1", 0, -1, 1.5, True, 2**63, 999_999, [], {}]),
    ("audienceName", [None, 1, "x" * 121, "a\nb", "a\x00", []]),
    ("groupSize", [None, "12", 0, 1001, -1, 1.5, True, [], {}]),
    ("toneId", ["1", 0, -1, 1.5, True, 2**63, 999_999, [], {}]),
    ("avoidTopics", [None, "x", [""], ["x"] * 13, ["x" * 121], [1], ["a\x00"]]),
    ("online", [None, "true", 1, 0, "yes", []]),
    ("language", [None, "", "english!", "e", "en_US", "en-", 1, [], "en\x00", "x" * 36]),
    ("chosenSources", ["a#1", ["a"], ["#1"], ["a#"], ["a#1#2"], ["a#1"] * 51, ["x" * 200 + "#1"], [1], ["a#\x00"], {}]),
    ("previewId", ["", 1, "x" * 65, "a\nb", [], {}]),
    ("notes", [None, 1, "x" * 4001, "a\x00", "a\x0cb", []]),
    ("unknown", [None, 1, "x"]),
    ("session_type", ["workshop"]),
    ("__proto__", [{}]),
]


@pytest.mark.parametrize(
    ("field", "value"),
    [(field, value) for field, values in BAD_FIELDS for value in values],
    ids=lambda value: repr(value)[:40],
)
def test_bad_values_are_refused_by_name(api: Client, field: str, value: Any) -> None:
    response = ask(api, {**BRIEF, field: value})
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, "validation_error")
    named = {name.split(".")[0] for name in error["fields"]}
    assert named <= {field, "endTime", "startTime"}
    assert named
    assert Generation.objects.count() == 0


@pytest.mark.parametrize("field", ["category", "sessionType", "desiredOutcome"])
def test_required_fields(api: Client, field: str) -> None:
    response = ask(api, {name: value for name, value in BRIEF.items() if name != field})
    assert response.json()["error"]["fields"] == {field: ["This field is required."]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"startTime": "2026-03-02T09:00", "endTime": "2026-03-02T09:10"}, "endTime"),
        ({"startTime": "2026-03-02T09:00", "endTime": "2026-03-02T08:00"}, "endTime"),
        ({"startTime": "2026-03-02T09:00", "endTime": "2026-03-02T17:01"}, "endTime"),
        ({"startTime": "2026-03-02T09:00", "endTime": "2026-03-02T10:00:30"}, "endTime"),
        ({"startTime": "2026-03-02T09:00", "endTime": "2026-03-02T10:00", "durationMinutes": 90}, "durationMinutes"),
    ],
)
def test_times_that_contradict(api: Client, changes: dict[str, Any], field: str) -> None:
    assert list(ask(api, {**BRIEF, **changes}).json()["error"]["fields"]) == [field]


def test_times_across_a_change_of_clocks_are_counted_in_real_minutes(api: Client) -> None:
    times = {"startTime": "2026-03-29T01:30", "endTime": "2026-03-29T03:30", "timeZone": "Europe/Berlin"}
    assert ask(api, {**BRIEF, **times}).status_code == 202
    assert Generation.objects.get().brief["durationMinutes"] == 60


RAW = {
    "empty": b" ",
    "half": b'{"category": "Pro',
    "not utf-8": b'{"category": "\xff"}',
    "lone surrogate": b'{"category": "\\ud800"}',
    "NaN": b'{"groupSize": NaN}',
    "infinity": b'{"groupSize": Infinity}',
    "trailing comma": b'{"groupSize": 5,}',
    "deep lists": b"[" * 10_000,
    "deep objects": b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    "33 levels": b"[" * 33 + b"]" * 33,
}


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW.keys())
def test_bodies_that_are_not_json(api: Client, raw: bytes) -> None:
    response = ask(api, raw)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "malformed_json")


NO_BRIEFS = [b"[]", b"1", b'"text"', b"null", b"[" * 32 + b"]" * 32, b'{"a": 1e999}', b'{"a\\u0000": 1}']


@pytest.mark.parametrize("raw", NO_BRIEFS)
def test_json_that_is_no_brief(api: Client, raw: bytes) -> None:
    response = ask(api, raw)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "validation_error")


def test_many_unknown_fields_do_not_make_a_large_answer(api: Client) -> None:
    response = ask(api, {**BRIEF, **{"x" * 100 + str(number): 1 for number in range(1500)}})
    assert response.status_code == 400
    assert len(response.content) < 10_000


def test_a_body_that_is_too_large(api: Client) -> None:
    response = ask(api, {**BRIEF, "notes": "x" * 10_000_000})
    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_other_kinds_of_bodies(api: Client, content_type: str) -> None:
    response = api.generic("POST", URL, b"a=1", content_type=content_type)
    assert (response.status_code, response.json()["error"]["code"]) == (415, "unsupported_media_type")


def test_a_session_needs_the_csrf_token_and_a_token_does_not(author: User, bearer: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    refused = ask(client)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "permission_denied")
    assert "CSRF" in refused.json()["error"]["message"]
    assert ask(Client(enforce_csrf_checks=True), **bearer).status_code == 202
    client.cookies["csrftoken"] = "a" * 32
    assert ask(client, **{"X-CSRFToken": "a" * 32}).status_code == 202
