"""Every test of the flags starts like a process that has just started."""

from collections.abc import Iterator

import pytest

from featureflags.testing import fresh_flags


@pytest.fixture(autouse=True)
def _fresh_flags() -> Iterator[None]:
    with fresh_flags():
        yield
