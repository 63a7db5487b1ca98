from analytics.dashboard.evidence import effect
from analytics.experiment.arms import Participant
from analytics.experiment.comparison import compare


def people(arm: str, *, minutes: int, score: float) -> list[Participant]:
    return [Participant(50, arm, 60.0 * (minutes + n % 7), n % 2 == 0, score + n % 5) for n in range(200)]


def test_only_what_is_open_says_how_many_were_planned() -> None:
    panel = effect(compare(people("v2", minutes=60, score=80) + people("legacy", minutes=60, score=60)))

    planned = {row[0]: (row[1], row[-1]) for row in panel.table.rows}
    assert planned == {
        "Share who publish, difference": ("no difference shown yet", "604 to see 48 % instead of 40 %"),
        "Time to publish, ratio": ("no difference shown yet", "316 to see 20 % less time"),
        "Quality at publishing, points": ("better", None),
    }
