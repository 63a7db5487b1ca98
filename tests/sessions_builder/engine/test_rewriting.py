"""Near-duplicates: found, written again once, never in the place of a chosen one, and said honestly."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from analytics.models import AIInteraction
from sessions_builder.errors import FailureCode
from sessions_builder.jobs import providers
from sessions_builder.models import Generation, TrainingSession, Variant
from sessions_builder.pipeline.types import WriteRequest, Written
from sessions_builder.selectors import document_of
from sessions_builder.serializers.generation import document_to_wire
from sessions_builder.services.generations import generation_cancel, generation_retry
from sessions_builder.services.selections import variant_select
from tests.fakes.writers import PLANS, ScriptedWriter
from tests.sessions_builder.engine.conftest import Work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_on", "closed_breaker")]
NOTE = "Written a second time: the first was nearly another version."


class Identical(ScriptedWriter):
    """Writes the same outline for every number; `second` says what becomes of a second writing."""

    def __init__(self, script: Any = None, identical: bool = True) -> None:
        super().__init__(script, identical=True)

    def second(self, request: WriteRequest) -> None:
        """What happens just before a second writing begins."""

    def start(self, request: WriteRequest, *, deadline: float, done: Callable[[Written], None]) -> Any:
        if request.purpose == "diversity":
            self.second(request)
        return super().start(request, deadline=deadline, done=done)


def written(generation: Generation) -> dict[int, str]:
    """The plan each variant follows, by the name of its activity."""
    by_activity = {plan[4]: number for number, plan in PLANS.items()}
    return {
        variant.number: by_activity[variant.outline["sections"][2]["activity"]]
        for variant in generation.variants.filter(state="ready")
    }


def test_it_works(work: Work) -> None:
    generation = work(identical=True)

    assert written(generation) == {1: 1, 2: 2, 3: 3, 4: 4}
    assert generation.diversity["rewritten"] == [2, 3, 4]
    assert generation.diversity["nearDuplicates"] == []
    assert generation.diversity["minimum"] >= 0.35
    for variant in generation.variants.all():
        assert variant.rewritten == (variant.number > 1)
        assert (NOTE in variant.notes) == (variant.number > 1)
        assert variant.rag_effective == (variant.number != 4)
        assert sum(section["minutes"] for section in variant.outline["sections"]) == 90
    stages = [event["stage"] for event in generation.progress]
    assert stages[-1] == "done"
    assert stages.count("variant_rewriting") == stages.count("variant_rewritten") == 3
    assert sorted(AIInteraction.objects.values_list("purpose", "variant"))[:3] == [
        ("diversity", 2),
        ("diversity", 3),
        ("diversity", 4),
    ]


def test_the_model_is_told_what_to_differ_from(work: Work) -> None:
    generation = work(identical=True)
    asked = generation.fake_writer.requests[2].messages[-1].content  # type: ignore[attr-defined]
    assert "There is a version already" in asked
    assert PLANS[1][4] in asked


def test_the_author_is_shown_it(work: Work) -> None:
    generation = work(identical=True)
    document = document_of(generation.pk, generation.owner)
    assert document is not None
    wire = document_to_wire(document)
    assert wire["metadata"]["diversity"] == generation.diversity
    assert [NOTE in variant["notes"] for variant in wire["variants"]] == [False, True, True, True]


def test_different_ones_are_measured_and_left_alone(work: Work) -> None:
    generation = work()
    assert sorted(generation.fake_writer.asked) == [1, 2, 3, 4]  # type: ignore[attr-defined]
    assert generation.diversity["rewritten"] == []
    assert 0.35 <= generation.diversity["minimum"] <= generation.diversity["mean"] <= 1


def test_a_second_writing_that_fails_leaves_the_first_and_says_so(work: Work) -> None:
    class Refusing(Identical):
        def second(self, request: WriteRequest) -> None:
            self.script[request.number] = FailureCode.REFUSED

    generation = work(writer_class=Refusing)

    assert (generation.state, written(generation)) == ("succeeded", {1: 1, 2: 1, 3: 1, 4: 1})
    assert generation.diversity["minimum"] == 0.0
    assert [2, 1] in generation.diversity["nearDuplicates"]
    assert generation.diversity["rewritten"] == []
    assert AIInteraction.objects.filter(purpose="outline", error_code="refused").count() == 3


def test_a_second_writing_just_as_close_is_not_taken(work: Work) -> None:
    class Stubborn(Identical):
        def _plan(self, request: WriteRequest) -> int:
            return 1

    generation = work(writer_class=Stubborn)
    assert generation.diversity["rewritten"] == []
    assert not Variant.objects.filter(rewritten=True).exists()


def test_a_chosen_version_stays_as_it_was_chosen(work: Work) -> None:
    class ChosenMeanwhile(Identical):
        def second(self, request: WriteRequest) -> None:
            if request.number == 3:
                variant_select(generation=Generation.objects.get(), number=3)

    generation = work(writer_class=ChosenMeanwhile)

    assert written(generation) == {1: 1, 2: 2, 3: 1, 4: 4}
    assert generation.diversity["rewritten"] == [2, 4]
    session = TrainingSession.objects.get()
    outline = generation.variants.get(number=3).outline
    assert [one["title"] for one in session.outline["sections"]] == [one["title"] for one in outline["sections"]]


def test_a_rejected_version_is_not_written_again(work: Work) -> None:
    first = work({4: FailureCode.REFUSED}, writer_class=Identical)
    Variant.objects.filter(number=2).update(rewritten=False, rejected_at=timezone.now(), outline=first_outline(first))
    generation_retry(generation=first)
    again = work(generation=first, writer_class=Identical)
    assert again.fake_writer.asked == [4, 4]  # type: ignore[attr-defined]


def first_outline(generation: Generation) -> Any:
    return generation.variants.get(number=1).outline


def test_a_version_is_written_again_once_only(work: Work) -> None:
    first = work({4: FailureCode.REFUSED}, writer_class=Identical)
    Variant.objects.filter(number=3).update(outline=first_outline(first))
    generation_retry(generation=first)
    again = work(generation=first, writer_class=Identical)

    assert again.fake_writer.asked == [4, 4]  # type: ignore[attr-defined]
    assert [3, 1] in again.diversity["nearDuplicates"]


def test_cancelling_meanwhile_keeps_what_is_there(work: Work) -> None:
    class Cancelling(Identical):
        def second(self, request: WriteRequest) -> None:
            self.script[request.number] = None
            if request.number == 4:
                generation_cancel(generation=Generation.objects.get())

    generation = work(writer_class=Cancelling)
    assert (generation.state, written(generation)) == ("cancelled", {1: 1, 2: 1, 3: 1, 4: 1})


def test_the_deadline_ends_it(work: Work, settings: Any) -> None:
    class Silent(Identical):
        def second(self, request: WriteRequest) -> None:
            self.script[request.number] = None

    settings.GENERATION_VARIANT_DEADLINE_MS = 400
    generation = work(writer_class=Silent)
    assert (generation.state, generation.diversity["rewritten"]) == ("succeeded", [])
    assert sorted(generation.fake_writer.cancelled) == [1, 2, 2, 3, 3, 4, 4]  # type: ignore[attr-defined]


def test_one_version_has_nothing_to_differ_from(work: Work) -> None:
    generation = work(dict.fromkeys((1, 2, 3), FailureCode.REFUSED))
    assert (generation.state, generation.diversity) == ("partial", None)


def test_an_open_breaker_stops_it(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([True, False])
    monkeypatch.setattr(providers.model_breaker, "allow", lambda: next(answers))
    generation = work(identical=True)
    assert generation.diversity["rewritten"] == []
