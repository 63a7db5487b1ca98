"""`manage.py tick --loop` with a reaper that comes every second, for tests that would only wait for it.

python -m tests.support.hasty_tick
"""

from dataclasses import replace

import django

django.setup()

from django.core.management import call_command  # noqa: E402  (its models need the applications above)

from sessions_builder import duties  # noqa: E402
from sessions_builder.management.commands import tick  # noqa: E402

REAPER_SECONDS = 1.0


def hasty_duties() -> list[duties.Duty]:
    """All duties; the others keep their pace."""
    return [replace(one, every_seconds=REAPER_SECONDS) if one.name == "reaper" else one for one in duties.duties()]


if __name__ == "__main__":
    tick.duties = hasty_duties
    call_command("tick", "--loop")
