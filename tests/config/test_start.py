"""How a process starts: with good settings, or with one sentence and nothing else."""

import os
import runpy
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from config.settings import BASE_DIR

SETTINGS = BASE_DIR / "config" / "settings.py"
PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "r9jK2-0vQmX7zLpT4sWb8eYhNcUd3Ga6Fi1RoBqVwEtHj5kMxPl",
    "PSEUDONYM_KEY": "for-a-test-only",
    "ALLOWED_HOSTS": "example.org",
    "DATABASE_URL": "postgresql://127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1",
}


def start(changes: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with production settings and these changes."""
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, **PRODUCTION, **changes}
    return subprocess.run([sys.executable, *arguments], cwd=BASE_DIR, env=environment, capture_output=True, text=True)


def test_it_works() -> None:
    done = start({}, "-c", "import config.settings")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"DEBUG": "maybe"}, 'DEBUG is "maybe", but it must be true, false, 1, 0, yes, no, on or off.'),
        ({"PORT": "0"}, 'PORT is "0", but it must be a whole number from 1 to 65535.'),
        (
            {"VARIANT_GENERATION_ROLLOUT_PERCENTAGE": "110"},
            'VARIANT_GENERATION_ROLLOUT_PERCENTAGE is "110", but it must be a number from 0 to 100.',
        ),
        (
            {"RAG_API_URL": "intern"},
            'RAG_API_URL is "intern", but it must be internal or an address that begins with http:// or https://.',
        ),
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set, but it is required unless DEBUG=true."),
        ({"PSEUDONYM_KEY": ""}, "PSEUDONYM_KEY is not set, but it is required unless DEBUG=true."),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set, but it is required unless DEBUG=true."),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set, but it is required unless DEBUG=true."),
        ({"REDIS_URL": ""}, "REDIS_URL is not set, but it is required unless DEBUG=true."),
    ],
)
def test_a_wrong_value_is_one_sentence(monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], sentence: str) -> None:
    monkeypatch.setattr(os, "environ", {"ENV_FILE": os.devnull, **PRODUCTION, **changes})
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(SETTINGS))
    assert ended.value.code == sentence


@pytest.mark.parametrize(
    "command",
    [
        ("manage.py", "check"),
        ("-m", "celery", "--app", "config", "worker", "--pool", "threads"),
        ("-m", "config.run"),
        ("-c", "import config.wsgi"),
    ],
    ids=["command", "worker", "run", "web"],
)
def test_every_process_ends_with_the_sentence(command: tuple[str, ...]) -> None:
    done = start({"OPENAI_TIMEOUT_MS": "soon"}, *command)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == 'OPENAI_TIMEOUT_MS is "soon", but it must be a whole number from 100 to 600000.\n'


def test_the_roles_differ_in_pool_and_timeouts() -> None:
    program = (
        "from config import settings as s; "
        "print(s.DATABASE_OPTIONS.get('pool', {}).get('max_size'), s.CELERY_BROKER_TRANSPORT_OPTIONS['socket_timeout'])"
    )
    seen = {role: start({"PROCESS_ROLE": role}, "-c", program).stdout.strip() for role in ("web", "worker", "tick")}
    assert seen == {"web": "6 0.5", "worker": "6 2", "tick": "None 2"}


def test_a_worker_loads_no_pages(tmp_path: Path) -> None:
    code = (
        "import sys, django; django.setup(); import sessions_builder.tasks;"
        "print(sorted({'scipy', 'docx', 'pypdf', 'config.urls'} & set(sys.modules)))"
    )
    role = {"PROCESS_ROLE": "worker", "METRICS_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = start(role, "-c", code)
    assert done.stdout == "[]\n", done.stderr
