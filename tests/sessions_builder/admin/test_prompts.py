"""The prompt of a variant profile, shown with an example brief and with words not yet saved."""

from collections.abc import Callable
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from sessions_builder.models import VariantProfile
from sessions_builder.services.prompts import EXAMPLE, TEXTS

Login = Callable[[User], Client]


@pytest.fixture
def profile(db: None) -> VariantProfile:
    return VariantProfile.objects.get_or_create(number=2, defaults={"label": "Mix", "instruction": "Blend."})[0]


def address(profile: VariantProfile, page: str) -> str:
    return reverse(f"admin:sessions_builder_variantprofile_{page}", args=(profile.pk,))


def test_it_works(login: Login, product: User, profile: VariantProfile) -> None:
    page = login(product).get(address(profile, "change")).content.decode()
    assert EXAMPLE.desired_outcome in page
    assert profile.instruction in unescape(page).split("What the model is told")[1]
    assert 'type="module"' in page


def test_words_that_are_not_saved_yet(login: Login, product: User, profile: VariantProfile) -> None:
    words = {"label": "New name", "instruction": "Begin with <b>a riddle</b>."}
    answer = login(product).post(address(profile, "prompt"), words)
    assert answer["Content-Type"].startswith("text/plain")
    text = answer.content.decode()
    assert "“New name”" in text
    assert "Begin with <b>a riddle</b>." in text
    assert TEXTS[0][1] in text
    profile.refresh_from_db()
    assert profile.label != "New name"


def test_a_variant_without_sources_shows_none(login: Login, product: User) -> None:
    free = VariantProfile.objects.get_or_create(number=4, defaults={"label": "Free", "instruction": "Be free."})[0]
    assert TEXTS[0][1] not in login(product).post(address(free, "prompt")).content.decode()


@pytest.mark.parametrize("who", ["author", "analyst", "operator"])
def test_others_may_not(login: Login, request: pytest.FixtureRequest, profile: VariantProfile, who: str) -> None:
    answer = login(request.getfixturevalue(who)).post(address(profile, "prompt"))
    assert answer.status_code in (302, 403)
