"""What may be stored of a provider's text."""

from __future__ import annotations

import pytest

from sessions_builder.clients.scrub import Scrubber

KEY = "my-own-secret-key"


def test_it_works() -> None:
    assert Scrubber(KEY).for_storage(f"Incorrect API key: {KEY}.") == "Incorrect API key: [hidden]."


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("key sk-proj-12ab**********89yz is wrong", "key [hidden] is wrong"),
        ("Authorization: Bearer abc.def-ghi", "Authorization: Bearer [hidden]"),
        ("a task-based session", "a task-based session"),
        ("nul \x00 inside", "nul  inside"),
        ("half \ud800 pair", "half ? pair"),
        ("x" * 200_000, "x" * 100_000),
        ("", ""),
    ],
)
def test_secrets_and_unstorable_characters_go(text: str, stored: str) -> None:
    assert Scrubber(KEY).for_storage(text) == stored


@pytest.mark.parametrize("secret", ["", "a"])
def test_a_secret_too_short_to_be_one_does_not_shred_the_text(secret: str) -> None:
    assert Scrubber(secret).for_storage("a fine day") == "a fine day"
