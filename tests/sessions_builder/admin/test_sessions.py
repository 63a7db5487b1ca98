"""Sessions and proposals in the admin: for operators, and without a word of an author."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sessions_builder.admin import sessions
from sessions_builder.models import SectionProposal
from tests.sessions_builder.api.test_sessions import make_session

pytestmark = pytest.mark.urls("tests.sessions_builder.admin.urls")
CANARY = "canary-of-the-author"


@pytest.fixture
def proposal(author: User) -> SectionProposal:
    session = make_session(
        author, title=CANARY, brief={"notes": CANARY}, outline={"summary": CANARY}, sources=[{"excerpt": CANARY}]
    )
    return SectionProposal.objects.create(
        session=session,
        section_id="a",
        state="ready",
        writer="model",
        instruction=CANARY,
        request={"outline": CANARY},
        section={"title": CANARY},
        expires_at=timezone.now() + timedelta(minutes=15),
    )


def addresses(proposal: SectionProposal) -> dict[str, str]:
    base = "/admin/sessions_builder"
    return {f"{base}/trainingsession/": str(proposal.session_id), f"{base}/sectionproposal/": str(proposal.pk)}


def test_it_works_and_nothing_can_be_changed(operator: User, client: Client, proposal: SectionProposal) -> None:
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    for url, identity in addresses(proposal).items():
        for path in (url, f"{url}?q={identity}", f"{url}{identity}/change/"):
            text = client.get(path).content.decode()
            assert identity in text
            assert CANARY not in text
            assert "author@example.org" not in text
        assert client.post(f"{url}{identity}/change/", {"state": "draft"}).status_code == 403
        assert client.post(f"{url}{identity}/delete/", {"post": "yes"}).status_code == 403
        assert client.get(f"{url}add/").status_code == 403
    assert set(sessions.TEXTS_OF_SESSION).isdisjoint(sessions.TrainingSessionAdmin.fields)
    assert set(sessions.TEXTS_OF_PROPOSAL).isdisjoint(sessions.SectionProposalAdmin.fields)


def test_where_a_session_is_from_is_said_in_words(operator: User, client: Client, author: User) -> None:
    offline, own = make_session(author, generation_source="template"), make_session(author, generation_source="")
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    url = "/admin/sessions_builder/trainingsession/"
    listed = client.get(f"{url}?origin=template").content.decode()
    assert "Offline draft</td>" in listed.replace("\n", "")
    assert str(offline.pk) in listed
    assert str(own.pk) not in listed
    assert str(own.pk) in client.get(f"{url}?origin=author").content.decode()


@pytest.mark.parametrize("role", ["product", "analyst"])
def test_other_staff_do_not_see_them(
    request: pytest.FixtureRequest, client: Client, proposal: SectionProposal, role: str
) -> None:
    client.force_login(request.getfixturevalue(role), backend="django.contrib.auth.backends.ModelBackend")
    for url in addresses(proposal):
        assert client.get(url).status_code == 403
