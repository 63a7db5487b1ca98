import math
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from analytics.experiment import report
from analytics.experiment.arms import Participant, participants
from analytics.experiment.choices import choices
from analytics.experiment.comparison import compare
from analytics.models import EvidenceReport
from analytics.periods import Period, last_days
from tests.analytics.history import DAY_ONE, event, generation, selection

EVER = Period()
ADDRESS = "/api/analytics/experiment"


@pytest.mark.django_db
def test_it_works() -> None:
    """Three of four choices went to variants with material, which is what a blind picker does."""
    for n in range(80):
        selection(DAY_ONE + timedelta(minutes=n), number=n % 4 + 1, user_id=n)

    found = choices(EVER)

    assert (found["eligible"], found["authors"]) == (80, 80)
    assert found["ragShare"]["value"] == 0.75
    assert found["ragShare"]["target"] == "met"
    assert found["chance"]["level"] == 0.75
    assert found["chanceAdjusted"]["z"] == 0
    assert found["chanceAdjusted"]["p"] == 0.5
    assert (found["lift"]["value"], found["lift"]["verdict"]) == (0, "no preference shown yet")
    assert [duel["value"] for duel in found["headToHead"]] == [0.5, 0.5, 0.5]
    assert [card["value"] for card in found["byPosition"]] == [0.25] * 4
    assert [card["chance"] for card in found["byVariant"]] == [0.25] * 4


@pytest.mark.django_db
def test_a_real_preference_shows() -> None:
    for n in range(100):
        number = 4 if n < 10 else n % 3 + 1
        selection(DAY_ONE, number=number, user_id=n, quality_gap=10 - n % 5)

    found = choices(EVER)

    assert found["ragShare"]["value"] == 0.9
    assert found["ragShare"]["wilson"]["low"] < 0.9 < found["ragShare"]["wilson"]["high"]
    assert found["chanceAdjusted"]["p"] < 0.001
    assert (found["lift"]["value"], found["lift"]["verdict"]) == (pytest.approx(0.15), "wins")
    assert found["lift"]["interval"]["low"] > 0
    assert found["headToHead"][0]["p"] < 0.01
    assert found["qualityWithinBrief"]["difference"] == pytest.approx(8)
    assert found["qualityWithinBrief"]["interval"]["low"] > 7


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [{"counted": False}, {"eligible": False}, {"is_demo": True}],
)
def test_choices_that_say_nothing_are_left_out(fields: dict[str, Any]) -> None:
    selection(**fields)

    found = choices(EVER)

    assert found["eligible"] == 0
    assert found["ragShare"]["value"] is None
    assert found["chance"]["level"] is None
    assert (found["lift"]["verdict"], found["lift"]["value"]) == ("not enough data", None)
    assert found["qualityWithinBrief"] == {"difference": None, "n": 0, "needed": 40}


@pytest.mark.django_db
def test_a_duel_needs_both_on_the_table() -> None:
    selection(number=2, weights_shown=[0.5, 0.2])
    selection(number=4, user_id=8, weights_shown=[0.5, 0.2])

    duels = {duel["ragWeight"]: duel["n"] for duel in choices(EVER)["headToHead"]}

    assert duels == {0.5: 2, 0.2: 1}


def exposed(user: int, *, arm: str, percentage: float = 50, published: float | None = None, **fields: Any) -> None:
    """A user's first request, and perhaps a publication so many minutes later."""
    reason = fields.pop("reason", "rollout_opt_in" if arm == "v2" else "rollout_filtered")
    quality = fields.pop("quality", 70.0)
    asked = generation(DAY_ONE, user_id=user, arm=arm, percentage=percentage, reason=reason, **fields)
    if published is not None:
        at = DAY_ONE + timedelta(minutes=published)
        event("session_published", at, user_id=user, arm=arm, quality=quality, generation_id=asked)


@pytest.mark.django_db
def test_one_value_per_user() -> None:
    exposed(1, arm="v2", published=30, quality=80)
    exposed(1, arm="v2", published=60, quality=90)
    exposed(2, arm="legacy")

    one, two = sorted(participants(EVER), key=lambda person: person.arm, reverse=True)

    assert (one.arm, one.seconds, one.published, one.quality, one.percentage) == ("v2", 1800, True, 80, 50)
    assert (two.arm, two.published) == ("legacy", False)
    assert two.seconds == pytest.approx((timezone.now() - DAY_ONE).total_seconds(), abs=60)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"reason": "override_on"},
        {"percentage": 0},
        {"percentage": 100},
        {"is_demo": True},
        {"writer": "offline"},
    ],
)
def test_who_was_not_split_does_not_count(fields: dict[str, Any]) -> None:
    exposed(1, **({"arm": "v2"} | fields))

    assert participants(EVER) == []


@pytest.mark.django_db
def test_the_arm_of_the_first_request_is_the_users() -> None:
    exposed(1, arm="legacy", percentage=10)
    asked = generation(DAY_ONE + timedelta(days=1), user_id=1, arm="v2", percentage=50, reason="rollout_opt_in")
    event("session_published", DAY_ONE + timedelta(days=2), user_id=1, arm="v2", quality=70, generation_id=asked)

    [only] = participants(EVER)

    assert (only.arm, only.percentage, only.published) == ("legacy", 10, False)


@pytest.mark.django_db
def test_an_older_draft_published_at_last_does_not_count() -> None:
    old = generation(DAY_ONE - timedelta(days=1), user_id=1, arm="legacy", percentage=0, reason="disabled")
    exposed(1, arm="legacy")
    event("session_published", DAY_ONE + timedelta(minutes=1), user_id=1, arm="legacy", generation_id=old)

    [only] = participants(EVER)

    assert not only.published


def crowd(
    n: int, arm: str, *, share: float, seconds: float, score: float, percentage: float = 50, seed: int = 1
) -> list[Participant]:
    draw = random.Random(seed)
    return [
        Participant(
            percentage=percentage,
            arm=arm,
            seconds=seconds * math.exp(draw.gauss(0, 1)),
            published=index < share * n,
            quality=draw.gauss(score, 20) if index < share * n else None,
        )
        for index in range(n)
    ]


def test_a_clear_win() -> None:
    people = crowd(2000, "v2", share=0.55, seconds=600, score=82) + crowd(
        2000, "legacy", share=0.40, seconds=1200, score=65, seed=2
    )

    found = compare(people)

    assert not found["sampleRatio"]["mismatch"]
    assert found["publishRate"]["difference"] == pytest.approx(0.15)
    assert found["publishRate"]["ratio"] == pytest.approx(1.375)
    assert [found[name]["verdict"] for name in ("publishRate", "timeToPublish", "quality")] == ["better"] * 3
    assert found["timeToPublish"]["ratio"] == pytest.approx(0.5, abs=0.06)
    assert found["timeToPublish"]["interval"]["low"] < 0.5 < found["timeToPublish"]["interval"]["high"]
    assert found["timeToPublish"]["goal"]["reached"]
    assert found["quality"]["goal"]["reached"]
    assert found["quality"]["pHolm"] >= found["quality"]["p"]


def test_better_is_not_yet_the_goal() -> None:
    people = crowd(3000, "v2", share=0.5, seconds=1000, score=75) + crowd(
        3000, "legacy", share=0.5, seconds=1200, score=69, seed=2
    )

    found = compare(people)

    assert found["quality"]["verdict"] == "better"
    assert found["quality"]["goal"]["reached"] is False
    assert found["quality"]["interval"]["high"] < 10
    assert found["timeToPublish"]["goal"]["reached"] is None, "the interval holds the promised ratio"
    assert found["timeToPublish"]["interval"]["low"] < 0.8 < found["timeToPublish"]["interval"]["high"]
    assert found["timeToPublish"]["goal"]["needed"] > 1500


def test_worse_is_said_too() -> None:
    people = crowd(2000, "v2", share=0.3, seconds=2400, score=50) + crowd(
        2000, "legacy", share=0.5, seconds=1200, score=70, seed=2
    )

    found = compare(people)

    assert [found[name]["verdict"] for name in ("publishRate", "timeToPublish", "quality")] == ["worse"] * 3


def test_the_interval_shown_is_wider_than_one_for_a_single_look() -> None:
    found = compare(
        crowd(700, "v2", share=0.5, seconds=600, score=70) + crowd(700, "legacy", share=0.45, seconds=700, score=69)
    )["publishRate"]

    assert found["interval"]["low"] < found["fixedInterval"]["low"]
    assert found["interval"]["high"] > found["fixedInterval"]["high"]
    assert found["enough"]
    assert found["verdict"] == "no difference shown yet"


@pytest.mark.parametrize("n", [0, 1, 39])
def test_few_users_are_no_evidence(n: int) -> None:
    found = compare(
        crowd(n, "v2", share=1, seconds=60, score=90) + crowd(1000, "legacy", share=0.1, seconds=6000, score=20)
    )

    for name, needed in (("publishRate", 604), ("timeToPublish", 316), ("quality", 63)):
        assert found[name]["verdict"] == "not enough data"
        assert (found[name]["interval"], found[name]["p"], found[name]["needed"]) == (None, None, needed)


def test_a_rollout_that_splits_wrongly_is_noticed() -> None:
    people = crowd(300, "v2", share=0.5, seconds=60, score=70, percentage=10) + crowd(
        1000, "legacy", share=0.5, seconds=60, score=70, percentage=10
    )

    assert compare(people)["sampleRatio"]["mismatch"]


def test_steps_are_compared_within_themselves() -> None:
    """Simpson's paradox: at each step both arms publish alike, only their mix differs."""
    people = (
        crowd(90, "v2", share=0.2, seconds=60, score=70, percentage=10)
        + crowd(810, "legacy", share=0.2, seconds=60, score=70, percentage=10)
        + crowd(900, "v2", share=0.8, seconds=60, score=70, percentage=90)
        + crowd(100, "legacy", share=0.8, seconds=60, score=70, percentage=90)
    )

    found = compare(people)["publishRate"]

    assert found["v2"] - found["legacy"] > 0.4
    assert found["difference"] == pytest.approx(0, abs=1e-9)


@pytest.mark.django_db
def test_the_endpoint(login: Callable[[User], Client], analyst: User, author: User) -> None:
    exposed(1, arm="v2", published=30)

    answer = login(analyst).get(ADDRESS, {"start": "2026-03-01", "end": "2026-03-02"}).json()

    assert answer["v2AgainstLegacy"]["users"] == {"v2": 1, "legacy": 0}
    assert answer["choices"]["eligible"] == 0
    assert login(analyst).get(ADDRESS, {"start": "x"}).status_code == 400
    assert login(author).get(ADDRESS).status_code == 403


@pytest.mark.django_db
def test_a_range_is_computed_once_in_a_while() -> None:
    report.experiment(EVER)
    selection()

    assert report.experiment(EVER)["choices"]["eligible"] == 0
    assert report.experiment(Period(DAY_ONE, None))["choices"]["eligible"] == 1
    EvidenceReport.objects.update(computed_at=timezone.now() - timedelta(minutes=16))
    assert report.experiment(EVER)["choices"]["eligible"] == 1


@pytest.mark.django_db
def test_the_usual_ranges_are_ready(django_assert_num_queries: Any) -> None:
    EvidenceReport.objects.create(key="old", computed_at=timezone.now() - timedelta(days=2), report={})
    report.refresh_usual()

    assert EvidenceReport.objects.count() == 4
    with django_assert_num_queries(1):
        assert report.experiment(last_days(30, timezone.now()))["v2AgainstLegacy"]["users"] == {"v2": 0, "legacy": 0}
