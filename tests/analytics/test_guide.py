"""The worked example of the analysts' guide, run as it is written."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User

from analytics import rollups
from sessions_builder.services.tokens import token_create
from tests.analytics.history import DAY_ONE, generation, selection

CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.django_db(transaction=True)
def test_it_works(analyst: User, live_server: Any) -> None:
    for n in range(21):
        generation(DAY_ONE + timedelta(hours=n), seconds=10 + n)
        selection(DAY_ONE + timedelta(hours=n), number=n % 3 + 1, user_id=n)
    generation(DAY_ONE + timedelta(days=40))
    selection(number=4, user_id=99)
    rollups.refresh()
    token = token_create(user=analyst, scopes=["analytics:read"]).secret
    notebook: dict[str, Any] = {"BASE": live_server.url, "TOKEN": token}

    parts = CODE.findall((Path(settings.BASE_DIR) / "docs" / "guides" / "analyst.md").read_text())
    for part in parts:
        exec(part, notebook)

    assert len(parts) == 3
    assert dict(notebook["by_type"]) == {"ai_content_generated": 21, "ai_prompt_submitted": 21}
    assert notebook["median"] == 20_000
    assert notebook["shown"] == pytest.approx(20_000, rel=0.04)
    assert (notebook["share"], notebook["chance"]) == (pytest.approx(21 / 22), 0.75)
    assert notebook["lift"] == pytest.approx(21 / 22 - 0.75)
