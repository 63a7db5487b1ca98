"""Changes planned for later."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from featureflags import services
from featureflags.errors import InvalidFlag, ReasonRequired
from featureflags.models import Flag, FlagChange, ScheduledChange, Source

V2 = "variant_generation_v2"
pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def schedule(**values: object) -> ScheduledChange:
    defaults = {"apply_at": timezone.now() + HOUR, "reason": "launch", "source": Source.ADMIN}
    return services.schedule_change(V2, **(defaults | values))


def test_it_works(product: User) -> None:
    schedule(enabled=True, percentage=10, actor=product)
    assert services.apply_scheduled(timezone.now()) == 0
    assert services.apply_scheduled(timezone.now() + 2 * HOUR) == 1
    assert services.apply_scheduled(timezone.now() + 2 * HOUR) == 0
    flag = Flag.objects.get(key=V2)
    assert (flag.enabled, flag.percentage) == (True, 10)
    row = FlagChange.objects.first()
    assert (row.source, row.reason, row.actor_id) == ("schedule", "launch", product.pk)


def test_the_oldest_is_made_first() -> None:
    now = timezone.now()
    schedule(percentage=50, apply_at=now + 2 * HOUR)
    schedule(percentage=5, apply_at=now + HOUR)
    assert services.apply_scheduled(now + 3 * HOUR) == 2
    assert Flag.objects.get(key=V2).percentage == 50


def test_a_change_that_changes_nothing_any_more_is_done_all_the_same() -> None:
    planned = schedule(enabled=True)
    services.change_flag(V2, source=Source.ADMIN, reason="earlier", enabled=True)
    assert services.apply_scheduled(timezone.now() + 2 * HOUR) == 1
    planned.refresh_from_db()
    assert planned.state == "applied"


def test_a_cancelled_one_is_not_made() -> None:
    planned = schedule(enabled=True)
    services.cancel_scheduled(planned, reason="not yet", source=Source.ADMIN)
    assert services.apply_scheduled(timezone.now() + 2 * HOUR) == 0
    with pytest.raises(InvalidFlag, match="no longer pending"):
        services.cancel_scheduled(planned, reason="again", source=Source.ADMIN)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"enabled": True, "apply_at": timezone.now() - HOUR}, InvalidFlag),
        ({}, InvalidFlag),
        ({"percentage": 101}, InvalidFlag),
        ({"enabled": True, "reason": " "}, ReasonRequired),
    ],
)
def test_what_cannot_be_scheduled(values: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        schedule(**values)
