"""The protocol as the OpenFeature project's own client speaks it, over a real connection."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import (
    ErrorCode,
    FlagNotFoundError,
    GeneralError,
    OpenFeatureError,
    TargetingKeyMissingError,
    TypeMismatchError,
)
from openfeature.flag_evaluation import FlagResolutionDetails, Reason

from featureflags import services
from featureflags.evaluation import shard
from featureflags.models import Flag, Source
from featureflags.ofrep.throttle import PoliteThrottle

V2 = "variant_generation_v2"
MakeProvider = Callable[[User], OFREPProvider]


@pytest.fixture
def provider(server: str, bearer: Callable[..., dict[str, str]]) -> MakeProvider:
    def make(user: User) -> OFREPProvider:
        headers = bearer(user, "flags:read")
        return OFREPProvider(server, headers_factory=lambda: headers)

    return make


def ask(client: OFREPProvider, key: str | None, flag: str = V2) -> FlagResolutionDetails[bool]:
    context = None if key is None else EvaluationContext(targeting_key=key, attributes={"plan": "team", "seats": 3})
    details = client.resolve_boolean_details(flag, default_value=False, evaluation_context=context)
    client.session.close()
    return details


def test_it_works(provider: MakeProvider, product: User) -> None:
    client = provider(product)
    assert ask(client, "7").reason is Reason.DISABLED
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True, percentage=50)
    salt = Flag.objects.get(key=V2).salt
    for key in map(str, range(300)):
        answer = ask(client, key)
        assert answer.value is (shard(salt, key) < 5000)
        assert answer.reason is Reason.SPLIT
        assert answer.flag_metadata["sample"] == shard(salt, key) / 100


def test_a_static_flag_needs_no_context(provider: MakeProvider, product: User) -> None:
    answer = ask(provider(product), None, "offline_composer")
    assert (answer.value, answer.reason, answer.variant) == (True, Reason.STATIC, "on")
    assert answer.flag_metadata == {"decisionReason": "full_rollout", "percentage": 100.0, "revision": 1}


def test_an_override_is_a_targeting_match(provider: MakeProvider, author: User) -> None:
    services.change_flag(V2, source=Source.ADMIN, reason="pilot", enabled=True)
    services.set_override(V2, user=author, enabled=True, reason="pilot", source=Source.ADMIN)
    answer = ask(provider(author), str(author.pk))
    assert (answer.value, answer.reason) == (True, Reason.TARGETING_MATCH)
    assert answer.flag_metadata == {}


def test_a_kill_of_the_environment_is_disabled(provider: MakeProvider, product: User, settings: object) -> None:
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True, percentage=100)
    settings.ENABLE_VARIANT_GENERATION_V2 = False
    answer = ask(provider(product), "7")
    assert (answer.value, answer.reason) == (False, Reason.DISABLED)


@pytest.mark.parametrize("key", ["nothing_here", "no/thing", "ünbekannt", "x" * 500])
def test_an_unknown_flag_is_not_found(provider: MakeProvider, product: User, key: str) -> None:
    with pytest.raises(FlagNotFoundError, match="no such flag"):
        ask(provider(product), "7", key)


def test_a_flag_for_some_needs_a_targeting_key(provider: MakeProvider, product: User) -> None:
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True, percentage=50)
    with pytest.raises(TargetingKeyMissingError):
        ask(provider(product), None)


def test_every_flag_is_a_boolean(provider: MakeProvider, product: User) -> None:
    client = provider(product)
    with pytest.raises(TypeMismatchError):
        client.resolve_string_details(V2, default_value="")
    client.session.close()


def test_an_unknown_token_is_unauthorized(server: str) -> None:
    client = OFREPProvider(server, headers_factory=lambda: {"Authorization": "Bearer sb_wrong"})
    with pytest.raises(OpenFeatureError, match="unauthorized") as raised:
        ask(client, "7")
    assert raised.value.error_code is ErrorCode.GENERAL


def test_an_author_asks_for_nobody_else(provider: MakeProvider, author: User, author2: User) -> None:
    assert ask(provider(author), str(author.pk)).reason is Reason.DISABLED
    with pytest.raises(OpenFeatureError, match="forbidden"):
        ask(provider(author), str(author2.pk))


def test_who_asks_too_often_is_told_when_to_come_back(
    provider: MakeProvider, product: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PoliteThrottle, "limit", 0)
    client = provider(product)
    with pytest.raises(GeneralError, match=r"Rate limited, retry after: ([1-9]|10)$"):
        ask(client, "7")
    monkeypatch.undo()
    with pytest.raises(GeneralError, match="paused"):  # the client keeps to it without asking again
        ask(client, "7")
