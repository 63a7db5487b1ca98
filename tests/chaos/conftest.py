"""One running product for all chaos tests; each starts with everything alive and the provider well."""

from collections.abc import Iterator

import pytest

from tests.support.processes import ApiClient, Stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    limits = {"GENERATION_MAX_UNFINISHED_PER_USER": "300", "GENERATION_MAX_UNFINISHED": "1000"}
    with Stack(workers=1, hasty=True, **limits) as stack:
        yield stack


@pytest.fixture
def api(stack: Stack) -> Iterator[ApiClient]:
    stack.provider.reset()
    client = ApiClient(stack)
    yield client
    stack.provider.reset()
    stack.forget_provider_trouble()
