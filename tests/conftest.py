"""The cast of the tests, and a clean Redis for each test that uses it."""

import os
from collections.abc import Callable, Iterator

import pytest
import redis as redis_client
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

from featureflags.testing import fresh_flags

MakeUser = Callable[..., User]
Rights = dict[str, list[tuple[str, str]]]

# A busy machine is no reason for an example to fail; the time of a whole test is limited by pytest-timeout.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


PRODUCT_TESTS = ("tests/browser/", "tests/chaos/", "tests/operations/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` looks for tests of these two kinds nowhere else (Makefile)."""
    for item in items:
        kinds = [kind for kind in ("browser", "chaos") if item.get_closest_marker(kind)]
        if kinds and not any(place in item.path.as_posix() for place in PRODUCT_TESTS):
            raise pytest.UsageError(f"{item.nodeid} is marked {kinds[0]}, so it belongs into one of {PRODUCT_TESTS}")


@pytest.fixture(autouse=True)
def _fresh_flags() -> Iterator[None]:
    """Start every test like a process that has just started: no flag of an earlier test is remembered."""
    with fresh_flags():
        yield


@pytest.fixture(scope="session")
def rights_of_roles(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Rights:
    """What migrations let each group do."""
    with django_db_blocker.unblock():
        rows = Permission.objects.exclude(group=None).values_list("group__name", "content_type__app_label", "codename")
        rights: Rights = {}
        for group, app, codename in rows:
            rights.setdefault(group, []).append((app, codename))
        return rights


@pytest.fixture(autouse=True, scope="session")
def _read_rights_first(request: pytest.FixtureRequest) -> None:
    """Read them before a test that commits empties the tables."""
    if any(item.get_closest_marker("django_db") or "db" in item.fixturenames for item in request.session.items):
        request.getfixturevalue("rights_of_roles")


@pytest.fixture
def make_user(db: None, rights_of_roles: Rights) -> MakeUser:
    """Return a function that creates a user in the named groups; a session login needs no password."""

    def create(username: str, *groups: str, **fields: object) -> User:
        user = User.objects.create_user(username, f"{username}@example.org", **fields)
        user.groups.set([_group(name, rights_of_roles.get(name, [])) for name in groups])
        return user

    return create


def _group(name: str, rights: list[tuple[str, str]]) -> Group:
    """The group of that name, made again with its rights where a test that committed emptied the tables."""
    group, created = Group.objects.get_or_create(name=name)
    if created:
        for app, codename in rights:
            group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return group


@pytest.fixture
def author(make_user: MakeUser) -> User:
    """The owner of what is looked at."""
    return make_user("author", "author")


@pytest.fixture
def author2(make_user: MakeUser) -> User:
    """An author to whom none of it belongs."""
    return make_user("author2", "author")


@pytest.fixture
def product(make_user: MakeUser) -> User:
    """Product staff, who change flags in the admin."""
    return make_user("product", "product", is_staff=True)


@pytest.fixture
def analyst(make_user: MakeUser) -> User:
    """An analyst, who reads metrics and downloads exports."""
    return make_user("analyst", "analyst", is_staff=True)


@pytest.fixture
def operator(make_user: MakeUser) -> User:
    """An operator, who keeps the system running."""
    return make_user("operator", "operator", is_staff=True)


@pytest.fixture
def admin(make_user: MakeUser) -> User:
    """A superuser."""
    return make_user("admin", is_staff=True, is_superuser=True)


@pytest.fixture
def login(client: Client) -> Callable[[User], Client]:
    """Return a function that logs a user in and returns the client."""

    def as_user(user: User) -> Client:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_user


@pytest.fixture
def redis() -> Iterator[redis_client.Redis]:
    """An empty Redis database of this test process."""
    with redis_client.Redis.from_url(os.environ["REDIS_URL"]) as connection:
        connection.flushdb()
        yield connection
        connection.flushdb()
