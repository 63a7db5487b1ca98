"""The pages of a session as the server answers them: the editor of a draft, the rest to read, the list and archive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from tests.browser import generations
from tests.sessions_builder.pages.test_pages import Login, generation_of, session_of, text_of

HOSTILE = "</script><script>alert(1)</script>"


def test_it_works(login: Login, author: User) -> None:
    """A draft opens in the editor with everything it needs; what is published opens to be read."""
    client = login(author)
    draft = text_of(client, f"/sessions/{session_of(author).pk}/")
    assert 'id="session-data"' in draft
    assert "Hand over" in draft
    published = text_of(client, f"/sessions/{session_of(author, state='published').pk}/")
    assert "session-data" not in published
    assert "Back to a draft" in published
    assert "How good is this session?" in published


def test_a_draft_can_be_read_too(login: Login, author: User) -> None:
    text = text_of(login(author), f"/sessions/{session_of(author).pk}/read/")
    assert "session-data" not in text
    assert "How good is this session?" not in text


@pytest.mark.parametrize(("number", "offered"), [(1, True), (0, False)])
def test_a_standard_outline_has_no_others(login: Login, author: User, number: int, offered: bool) -> None:
    session = session_of(author, generation=generation_of(author), variant_number=number)
    for page in ("", "read/"):
        assert ("See the other outlines" in text_of(login(author), f"/sessions/{session.pk}/{page}")) is offered


def test_parts_of_one_document_are_told_apart(login: Login, author: User) -> None:
    session = session_of(author)
    session.sources = [{**source, "docId": "one"} for source in session.sources]
    session.save()
    text = text_of(login(author), f"/sessions/{session.pk}/read/")
    assert "</a> (part 1 of 2)" in text
    assert "part 2 of 2 · " in text


@pytest.mark.parametrize("page", ["", "read/"])
def test_another_authors_sessions_do_not_exist(login: Login, author: User, author2: User, page: str) -> None:
    session = session_of(author, state="published")
    assert login(author2).get(f"/sessions/{session.pk}/{page}").status_code == 404


def test_what_is_not_there_has_the_products_page_in_development_too(
    login: Login, author: User, settings: Settings
) -> None:
    settings.DEBUG = True
    answer = login(author).get(f"/sessions/{uuid4()}/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_an_owner_who_is_no_author_any_more_may_read(login: Login, author: User) -> None:
    session = session_of(author)
    author.groups.clear()
    assert "session-data" not in text_of(login(author), f"/sessions/{session.pk}/")


def test_clock_times_are_those_of_the_sessions_zone(login: Login, author: User) -> None:
    starts = datetime(2027, 7, 1, 7, 0, tzinfo=UTC)
    session = session_of(author, starts_at=starts, time_zone="Europe/Berlin")
    text = text_of(login(author), f"/sessions/{session.pk}/read/")
    assert "<time>09:00</time>" in text
    assert "<time>10:30</time>" in text
    assert "AI with your material (2 sources)" in text


def test_without_a_date_times_count_from_the_start(login: Login, author: User) -> None:
    text = text_of(login(author), f"/sessions/{session_of(author).pk}/read/")
    assert "<time>0:00</time>" in text
    assert "<time>1:30</time>" in text
    assert "tentative" in text


@pytest.mark.parametrize(("planned", "said"), [(85, True), (90, False)])
def test_minutes_that_do_not_add_up_are_said(login: Login, author: User, planned: int, said: bool) -> None:
    session = session_of(author, state="published", duration_minutes=planned)
    text = text_of(login(author), f"/sessions/{session.pk}/")
    assert ("The sections add up to 90 of 85 planned minutes." in text) is said


def test_each_thing_to_bring_is_listed_once(login: Login, author: User) -> None:
    outline = generations.outline(1)
    outline["sections"][0]["materials"] = ["Cards", "timer"]
    text = text_of(login(author), f"/sessions/{session_of(author, outline=outline).pk}/read/")
    listed = text.split('class="bring"')[1].split("</ul>")[0]
    assert listed.count("<li") == 2
    assert listed.index("Cards") < listed.index("timer")


@pytest.mark.parametrize("page", ["", "read/"])
def test_what_a_model_wrote_is_escaped(login: Login, author: User, page: str) -> None:
    session = session_of(author, title=HOSTILE, outline=generations.outline(1, HOSTILE))
    assert HOSTILE not in text_of(login(author), f"/sessions/{session.pk}/{page}")


def test_the_archive_is_a_list_of_its_own(login: Login, author: User) -> None:
    session_of(author, title="Still needed")
    client = login(author)
    assert "Archived sessions" not in text_of(client, "/")
    session_of(author, title="Long over", state="archived")
    own = text_of(client, "/")
    archive = text_of(client, "/?archived")
    assert ("Still needed" in own, "Long over" in own) == (True, False)
    assert ("Still needed" in archive, "Long over" in archive) == (False, True)


def test_the_editor_asks_the_database_as_often_for_many_sections_as_for_one(
    login: Login, author: User, django_assert_max_num_queries: Any
) -> None:
    outline = generations.outline(1)
    session = session_of(author, outline={**outline, "sections": outline["sections"] * 6})
    client = login(author)
    with django_assert_max_num_queries(8):
        client.get(f"/sessions/{session.pk}/")
