"""Pages as the server answers them: who may see what, and what stands in them before any script runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sessions_builder.models import Generation, TrainingSession
from tests.browser import generations

Login = Callable[[User], Client]
PAGES = ("/", "/briefs/new/", "/password/")


def generation_of(owner: User, state: str = "succeeded", **brief: Any) -> Generation:
    now = datetime.now(UTC)
    return Generation.objects.create(
        owner=owner,
        state=state,
        mode="multi_variant",
        writer="model",
        brief={**generations.BRIEF, **brief},
        snapshot={},
        decision={},
        card_order=[2, 4, 1, 3],
        expires_at=now + timedelta(hours=1),
        finished_at=now if state in ("succeeded", "partial", "failed", "cancelled") else None,
    )


def session_of(owner: User, **changes: Any) -> TrainingSession:
    values: dict[str, Any] = {
        "title": "Coaching that sticks",
        "generation_source": "rag",
        "variant_number": 1,
        "category": "Leadership Development",
        "session_type": "workshop",
        "duration_minutes": 90,
        "outline": generations.outline(1),
        "sources": generations.SOURCES,
    }
    return TrainingSession.objects.create(owner=owner, **{**values, **changes})


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(login: Login, author: User) -> None:
    session_of(author)
    generation_of(author, title="Objections without fear")
    text = text_of(login(author), "/")
    assert "Coaching that sticks" in text
    assert "Objections without fear" in text
    assert "Choose an outline" in text


def test_nothing_yet_invites_to_begin(login: Login, author: User) -> None:
    assert "Write your first brief" in text_of(login(author), "/")


@pytest.mark.parametrize("path", PAGES)
def test_strangers_are_asked_to_log_in(client: Client, db: None, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/login/?next={path}"


def test_another_authors_pages_do_not_exist(login: Login, author: User, author2: User) -> None:
    client = login(author2)
    assert client.get(f"/generations/{generation_of(author).pk}/").status_code == 404
    assert client.get(f"/generations/{generation_of(author).pk}/compare/").status_code == 404
    assert client.get(f"/sessions/{session_of(author).pk}/").status_code == 404
    assert client.get(f"/briefs/new/?from={generation_of(author).pk}").context["earlier"] is None


def test_lists_hold_only_own_rows(login: Login, author: User, author2: User) -> None:
    session_of(author, title="Not to be seen")
    generation_of(author, title="Not to be seen either")
    assert "Not to be seen" not in text_of(login(author2), "/")


def test_staff_without_sessions_go_to_the_admin(login: Login, analyst: User) -> None:
    client = login(analyst)
    assert client.get("/").headers["Location"] == "/admin/"
    assert client.get("/briefs/new/").status_code == 403


def test_people_without_a_role_are_told(login: Login, make_user: Callable[..., User]) -> None:
    assert "You have no sessions here" in text_of(login(make_user("nobody")), "/")


@pytest.mark.parametrize("wanted", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_brief_cannot_be_taken_from_nothing(login: Login, author: User, wanted: str) -> None:
    assert login(author).get(f"/briefs/new/?from={wanted}").context["earlier"] is None


def test_a_brief_can_be_taken_from_an_earlier_one(login: Login, author: User) -> None:
    earlier = generation_of(author, desiredOutcome="</script><b>Explain</b> the product in three sentences")
    text = text_of(login(author), f"/briefs/new/?from={earlier.pk}")
    assert "\\u003Cb\\u003EExplain" in text
    assert "<b>Explain" not in text


def test_the_analytics_tag_is_there_only_with_an_id(login: Login, author: User, settings: Any) -> None:
    settings.GOOGLE_ANALYTICS_ID = ""
    assert "google" not in text_of(login(author), "/")
    settings.GOOGLE_ANALYTICS_ID = "G-TEST"
    text = text_of(login(author), "/")
    assert '<meta name="google-analytics-id" content="G-TEST">' in text
    assert "js/google.js" in text


def test_demo_accounts_are_named_only_in_development(client: Client, db: None, settings: Any) -> None:
    settings.DEBUG = True
    assert settings.DEMO_PASSWORD in text_of(client, "/login/")
    settings.DEBUG = False
    assert settings.DEMO_PASSWORD not in text_of(client, "/login/")


def test_no_page_holds_inline_script_or_style(login: Login, author: User) -> None:
    generation = generation_of(author)
    client = login(author)
    session = f"/sessions/{session_of(author).pk}/"
    outlines = f"/generations/{generation.pk}/"
    for path in (*PAGES, outlines, f"{outlines}compare/", session, f"{session}read/"):
        text = text_of(client, path)
        assert "<style" not in text
        assert " style=" not in text
        assert "<script>" not in text


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    login: Login, author: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        session_of(author)
    client = login(author)
    with django_assert_max_num_queries(8):
        client.get("/")


def test_pages_read_no_more_than_they_show(login: Login, author: User) -> None:
    session, generation = session_of(author), generation_of(author)
    client = login(author)
    for path in ("/", f"/generations/{generation.pk}/", f"/generations/{generation.pk}/compare/"):
        with CaptureQueriesContext(connection) as queries:
            text_of(client, path)
        read = " ".join(query["sql"] for query in queries)
        assert not [name for name in ("sources", "snapshot", "retrieval", "progress") if f'."{name}"' in read]
        own = [query for query in queries if f'FROM "{Generation._meta.db_table}"' in query["sql"]]
        assert len(own) == 1  # nothing that was left out is read one by one afterwards
    assert session.sources
