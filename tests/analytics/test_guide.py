"""The worked example of the analysts' guide, run as it is written."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from analytics import rollups
from sessions_builder.services.tokens import token_create
from tests.analytics.history import generation, selection

CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.fixture
def notebook(analyst: User, live_server: Any) -> dict[str, Any]:
    """What the reader has before the first cell."""
    token = token_create(user=analyst, scopes=["analytics:read"]).secret
    return {"BASE": live_server.url, "TOKEN": token, "DEMO": "0"}


def run(notebook: dict[str, Any]) -> None:
    parts = CODE.findall((Path(settings.BASE_DIR) / "docs" / "guides" / "analyst.md").read_text())
    assert len(parts) == 3
    for part in parts:
        exec(part, notebook)


@pytest.mark.django_db(transaction=True)
def test_it_works(notebook: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    start = timezone.now() - timedelta(days=2)
    for n in range(21):
        generation(start + timedelta(hours=n), seconds=10 + n)
        selection(start + timedelta(hours=n), number=n % 3 + 1, user_id=n)
    generation(start - timedelta(days=40))
    generation(start, seconds=0.1, writer="offline", rag_state="disabled")
    selection(start, number=4, user_id=99)
    rollups.refresh()

    run(notebook)

    assert dict(notebook["by_type"]) == {"ai_content_generated": 22, "ai_prompt_submitted": 22}
    assert notebook["median"] == 20_000
    assert notebook["shown"] == pytest.approx(20_000, rel=0.04)
    assert (notebook["share"], notebook["chance"]) == (pytest.approx(21 / 22), 0.75)
    assert notebook["lift"] == pytest.approx(21 / 22 - 0.75)
    said = capsys.readouterr().out
    assert "Half of 21 took up to 20.0 s" in said
    assert "95% of 22 chose material, blind picking gives 75%: +20.5%." in said


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("drafts", [0, 2])
def test_an_empty_system_is_called_so(
    notebook: dict[str, Any], capsys: pytest.CaptureFixture[str], drafts: int
) -> None:
    for _ in range(drafts):
        generation(timezone.now() - timedelta(hours=1), writer="offline", rag_state="disabled")
    rollups.refresh()

    run(notebook)

    said = capsys.readouterr().out
    assert ("Nothing has happened in these 30 days." in said) == (drafts == 0)
    assert f"No model has written four versions; {drafts} offline drafts are no evidence of its time." in said
    assert "Nobody has chosen between versions with and without material." in said
    assert "nan" not in said.lower()
