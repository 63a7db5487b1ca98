"""Two people change the same flag at the same moment: one of them is told, and nothing is lost."""

from threading import Barrier, Thread

import pytest
from django.db import connections

from featureflags import services
from featureflags.errors import FlagConflict
from featureflags.models import Flag, FlagChange, Source

V2 = "variant_generation_v2"


@pytest.mark.django_db(transaction=True)
def test_it_works() -> None:
    services.ensure_flags()
    opened = Flag.objects.get(key=V2).revision
    outcomes: dict[int, str] = {}
    together = Barrier(2)

    def save(percentage: int) -> None:
        together.wait(10)
        try:
            services.change_flag(
                V2, percentage=percentage, expected_revision=opened, source=Source.ADMIN, reason=f"to {percentage}"
            )
            outcomes[percentage] = "saved"
        except FlagConflict as refused:
            outcomes[percentage] = f"conflict at {refused.details['current']}"
        finally:
            connections.close_all()

    people = [Thread(target=save, args=(percentage,)) for percentage in (20, 30)]
    for person in people:
        person.start()
    for person in people:
        person.join(20)
    assert sorted(outcomes.values()) == [f"conflict at {opened + 1}", "saved"]
    (winner,) = [percentage for percentage, outcome in outcomes.items() if outcome == "saved"]
    assert (Flag.objects.get(key=V2).percentage, Flag.objects.get(key=V2).revision) == (winner, opened + 1)
    assert [row.reason for row in FlagChange.objects.filter(flag__key=V2, revision__gt=opened)] == [f"to {winner}"]
