"""The guide's four phases and three rollbacks, by admin, by command and by environment: for whom the flag is on."""

import re
import shlex
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from featureflags import services
from featureflags.admin.reach import reach_of
from featureflags.evaluation import shard
from featureflags.flags import decide, decide_for_key, is_enabled
from featureflags.models import Flag, FlagChange, Source
from featureflags.snapshot import store
from tests.conftest import MakeUser
from tests.featureflags.test_admin import entries, page

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "product.md"
MANAGE = ".venv/bin/python manage.py"
V2, RAG = "variant_generation_v2", "rag_integration"
PHASES = (0, 10, 50, 100)
CROWD = [str(number) for number in range(1_000_000, 1_000_400)]


class ByAdmin:
    """The pages of the admin, as the guide says: the form saved twice, and the emergency button."""

    def __init__(self, client: Client, actor: User) -> None:
        client.force_login(actor, backend="django.contrib.auth.backends.ModelBackend")
        self._client = client

    def _save(self, key: str, enabled: bool, percentage: float) -> None:
        flag = Flag.objects.get(key=key)
        points = round(percentage * 100)
        seen = reach_of(flag, enabled=enabled, basis_points=points).signature
        changed = {"enabled": "on" if enabled else None, "percentage": f"{percentage:g}", "reason": "rollout"}
        answer = self._client.post(page(key), entries(key, **changed, previewed=seen))
        assert answer.status_code == 302

    def _kill(self, key: str) -> None:
        url = reverse("admin:featureflags_flag_kill", args=(Flag.objects.get(key=key).pk,))
        assert self._client.post(url, {"reason": "rollback"}).status_code == 302

    def phase(self, percentage: int) -> None:
        self._save(V2, True, percentage)

    def disable(self) -> None:
        self._kill(V2)

    def disable_rag(self) -> None:
        self._kill(RAG)

    def reduce(self) -> None:
        self._save(V2, True, 0)

    def recover_rag(self) -> None:
        self._save(RAG, True, 100)


class ByCommand:
    """`manage.py flag set`."""

    def _set(self, key: str, *arguments: str) -> None:
        call_command("flag", "set", key, *arguments, "--reason", "rollout", stdout=StringIO())

    def phase(self, percentage: int) -> None:
        self._set(V2, "--on", "--rollout", str(percentage))

    def disable(self) -> None:
        self._set(V2, "--off")

    def disable_rag(self) -> None:
        self._set(RAG, "--off")

    def reduce(self) -> None:
        self._set(V2, "--rollout", "0")

    def recover_rag(self) -> None:
        self._set(RAG, "--on")


class ByEnvironment:
    """Variables, and processes that start with them."""

    def __init__(self, settings: object) -> None:
        self._settings = settings

    def _start_with(self, **variables: object) -> None:
        for name, value in variables.items():
            setattr(self._settings, name, value)
        services.apply_environment()

    def phase(self, percentage: int) -> None:
        self._start_with(ENABLE_VARIANT_GENERATION_V2=True, VARIANT_GENERATION_ROLLOUT_PERCENTAGE=percentage)

    def disable(self) -> None:
        self._start_with(ENABLE_VARIANT_GENERATION_V2=False)

    def disable_rag(self) -> None:
        self._start_with(RAG_API_URL="")

    def reduce(self) -> None:
        self._start_with(VARIANT_GENERATION_ROLLOUT_PERCENTAGE=0)

    def recover_rag(self) -> None:
        self._start_with(RAG_API_URL="internal")


Rollout = ByAdmin | ByCommand | ByEnvironment


@pytest.fixture(params=[ByAdmin, ByCommand, ByEnvironment], ids=["admin", "command", "environment"])
def rollout(request: pytest.FixtureRequest, client: Client, product: User, settings: object) -> Rollout:
    match request.param:
        case kind if kind is ByAdmin:
            return ByAdmin(client, product)
        case kind if kind is ByEnvironment:
            return ByEnvironment(settings)
        case _:
            return ByCommand()


@pytest.fixture
def tester(make_user: MakeUser) -> User:
    """Somebody who has the flag by name."""
    user = make_user("tester", "author")
    services.set_override(V2, user=user, enabled=True, reason="internal test", source=Source.ADMIN)
    return user


def crowd_on(flag: str = V2) -> set[str]:
    return {key for key in CROWD if decide_for_key(flag, key).enabled}


def below(percentage: int) -> set[str]:
    salt = Flag.objects.get(key=V2).salt
    return {key for key in CROWD if shard(salt, key) < percentage * 100}


def test_it_works(rollout: Rollout, tester: User) -> None:
    rollout.phase(0)
    assert is_enabled(V2, tester)
    assert crowd_on() == set()


@pytest.mark.parametrize("percentage", PHASES)
def test_a_phase_is_on_for_its_share_and_for_the_testers(rollout: Rollout, tester: User, percentage: int) -> None:
    rollout.phase(percentage)
    assert crowd_on() == below(percentage)
    assert len(crowd_on()) == pytest.approx(len(CROWD) * percentage / 100, abs=40)
    assert is_enabled(V2, tester)


def test_each_phase_keeps_the_people_of_the_one_before(rollout: Rollout) -> None:
    reached: list[set[str]] = []
    for percentage in PHASES:
        rollout.phase(percentage)
        reached.append(crowd_on())
    assert reached[0] < reached[1] < reached[2] < reached[3] == set(CROWD)


def test_each_phase_leaves_one_line_in_the_audit(rollout: Rollout) -> None:
    for percentage in PHASES:
        rollout.phase(percentage)
    rows = list(FlagChange.objects.filter(flag__key=V2, revision__gt=1).order_by("revision"))
    assert [row.after["percentage"] for row in rows] == [float(percentage) for percentage in PHASES]
    assert len({row.source for row in rows}) == 1


@pytest.mark.parametrize("percentage", PHASES)
def test_complete_disable_is_off_for_everybody(rollout: Rollout, tester: User, percentage: int) -> None:
    rollout.phase(percentage)
    rollout.disable()
    assert crowd_on() == set()
    assert not is_enabled(V2, tester)
    assert Flag.objects.get(key=V2).percentage == percentage
    rollout.phase(percentage)
    assert crowd_on() == below(percentage)


@pytest.mark.parametrize("percentage", PHASES)
def test_disabling_rag_leaves_the_variants_alone(rollout: Rollout, tester: User, percentage: int) -> None:
    rollout.phase(percentage)
    rollout.disable_rag()
    assert crowd_on(RAG) == set()
    assert not is_enabled(RAG, tester)
    assert crowd_on() == below(percentage)
    rollout.recover_rag()
    assert crowd_on(RAG) == set(CROWD)


@pytest.mark.parametrize("percentage", PHASES)
def test_reducing_the_rollout_leaves_only_the_testers(rollout: Rollout, tester: User, percentage: int) -> None:
    rollout.phase(percentage)
    rollout.reduce()
    assert crowd_on() == set()
    assert is_enabled(V2, tester)
    rollout.phase(percentage)
    assert crowd_on() == below(percentage)


# --- what the guide says about both together --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("ENABLE_VARIANT_GENERATION_V2", False, "environment_kill"),
        ("VARIANT_GENERATION_ROLLOUT_PERCENTAGE", 0, "rollout_zero"),
    ],
)
def test_a_rollback_by_environment_wins_over_the_admin(
    client: Client, product: User, settings: object, variable: str, value: object, reason: str
) -> None:
    setattr(settings, variable, value)
    services.apply_environment()
    ByAdmin(client, product).phase(100)
    assert crowd_on() == set()
    assert decide(V2, product).reason == reason


def test_a_rollback_by_admin_wins_over_the_phase_of_the_environment(
    client: Client, product: User, settings: object
) -> None:
    ByEnvironment(settings).phase(50)
    ByAdmin(client, product).disable()
    services.apply_environment()  # another process starts with the same variables
    assert crowd_on() == set()


@pytest.mark.parametrize(
    ("flag", "variable", "value"),
    [(V2, "ENABLE_VARIANT_GENERATION_V2", False), (RAG, "RAG_API_URL", "")],
)
def test_a_kill_by_environment_needs_no_database(
    client: Client,
    product: User,
    settings: object,
    monkeypatch: pytest.MonkeyPatch,
    flag: str,
    variable: str,
    value: object,
) -> None:
    ByAdmin(client, product).phase(100)
    assert len(crowd_on(flag)) == len(CROWD)

    def unreachable() -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(store, "_check_at", float("inf"))
    monkeypatch.setattr(store, "_read", unreachable)
    setattr(settings, variable, value)
    assert crowd_on(flag) == set()


@pytest.mark.django_db
def test_taking_a_variable_away_lifts_the_hold_and_no_more(settings: object) -> None:
    way = ByEnvironment(settings)
    way.phase(50)
    way.disable()
    settings.ENABLE_VARIANT_GENERATION_V2 = settings.VARIANT_GENERATION_ROLLOUT_PERCENTAGE = None
    services.apply_environment()
    assert decide_for_key(V2, CROWD[0]).reason == "flag_disabled"


# --- the guide itself -------------------------------------------------------------------------------------------------


def blocks() -> Iterator[list[str]]:
    for block in re.findall(r"```bash\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        yield block.strip().splitlines()


@pytest.mark.django_db
def test_the_commands_of_the_guide_do_what_its_phases_say() -> None:
    """Those that change a flag; that every command runs, the tests of the documentation show."""
    states = []
    for line in (line for block in blocks() for line in block if line.startswith(f"{MANAGE} flag set ")):
        key, *arguments = shlex.split(line)[4:]
        call_command("flag", "set", key, *arguments, stdout=StringIO())
        flag = Flag.objects.get(key=key)
        states.append((flag.key, flag.enabled, flag.percentage))
    assert states == [
        (V2, True, 0),
        (V2, True, 10),
        (V2, True, 50),
        (V2, True, 100),
        (V2, False, 100),
        (RAG, False, 100),
        (V2, False, 0),
    ]


def test_the_guide_names_the_variables_of_each_phase_and_rollback() -> None:
    environment = [block for block in blocks() if not block[0].startswith(MANAGE)]
    phases = [
        ["ENABLE_VARIANT_GENERATION_V2=true", f"VARIANT_GENERATION_ROLLOUT_PERCENTAGE={percentage}"]
        for percentage in PHASES
    ]
    rollbacks = [["ENABLE_VARIANT_GENERATION_V2=false"], ["RAG_API_URL="], ["VARIANT_GENERATION_ROLLOUT_PERCENTAGE=0"]]
    assert environment == phases + rollbacks


@pytest.mark.parametrize(
    "words",
    ["Switched on", "Rollout, % of users", "Switch off now", "Start ramp", "Pause ramp", "Resume ramp"],
)
def test_the_guide_uses_the_words_of_the_admin(words: str) -> None:
    assert f"**{words}**" in GUIDE.read_text(encoding="utf-8")
    sources = (GUIDE.parents[2] / "featureflags" / "admin").glob("*.py")
    assert any(f'"{words}"' in source.read_text(encoding="utf-8") for source in sources)
