"""Forcing flags in tests."""

import asyncio
import threading

import pytest

from featureflags.flags import decide, decide_all, is_enabled
from featureflags.testing import override_flag


def test_it_works() -> None:
    with override_flag("x", True):
        assert is_enabled("x")
        with override_flag("x", False), override_flag("y", True):
            assert not is_enabled("x")
            assert is_enabled("y")
            assert decide("x").reason == "override_off"
        assert is_enabled("x")


@override_flag("x", True)
def test_as_a_decorator() -> None:
    assert is_enabled("x")


def test_as_a_decorator_of_a_coroutine() -> None:
    @override_flag("x", True)
    async def ask() -> bool:
        await asyncio.sleep(0)
        return is_enabled("x")

    assert asyncio.run(ask())


def test_is_undone_after_an_error() -> None:
    with override_flag("x", False):
        with pytest.raises(KeyError), override_flag("x", True):
            raise KeyError
        assert not is_enabled("x")


@pytest.mark.django_db
def test_other_threads_do_not_see_it() -> None:
    seen: list[bool] = []
    with override_flag("x", True):
        other = threading.Thread(target=lambda: seen.append("x" in decide_all(None)))
        other.start()
        other.join()
        assert "x" in decide_all(None)
    assert seen == [False]
