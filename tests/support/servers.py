"""A pytest plugin that gives a test run its own PostgreSQL and Redis, or the ones DATABASE_URL and REDIS_URL name.

A plugin and not a fixture, because the settings are read before the first fixture exists. The workers of pytest-xdist
inherit the addresses through the environment and take a database each.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from config.embedded import EmbeddedServers
from tests.support import stack_databases

STATIC_ROOT = Path(__file__).parents[2] / "var" / "static"
ENVIRONMENT = {
    "ENV_FILE": os.devnull,
    "DEBUG": "true",
    "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests-0123456789",
    "PSEUDONYM_KEY": "only-for-tests",
    "EMAIL_URL": "memorymail://",
    "RAG_API_URL": "internal",
}
LEFT_UNSET = (
    "ENABLE_VARIANT_GENERATION_V2",
    "VARIANT_GENERATION_ROLLOUT_PERCENTAGE",
    "LOG_VARIANT_SELECTIONS",
    "GOOGLE_ANALYTICS_ID",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "ALERT_EMAILS",
    "ALERT_WEBHOOK_URL",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "PROCESS_ROLE",
    "METRICS_DIR",
    "LOG_JSON",
)


def _prepare() -> None:
    os.environ.update(ENVIRONMENT)
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # collected files are not needed, but whitenoise wants the folder
    for name in LEFT_UNSET:
        os.environ.pop(name, None)
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = _own_redis(os.environ["REDIS_URL"])
    else:
        _start_servers()
    stack_databases.name_template()


def _start_servers() -> None:
    directory = Path(tempfile.mkdtemp(prefix="session-builder-tests-"))
    directory.chmod(0o755)  # as root the server runs as another user, who has to reach its data
    servers = EmbeddedServers(directory, durable=False)
    atexit.register(shutil.rmtree, directory)  # registered first, so that it happens last
    servers.release_at_exit()
    addresses = servers.acquire()
    os.environ.setdefault("DATABASE_URL", addresses.database_url)
    os.environ.setdefault("REDIS_URL", addresses.redis_url)


def _own_redis(url: str) -> str:
    """A Redis database of this process, so that parallel test processes do not empty one another's queues."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "")
    return urlsplit(url)._replace(path=f"/{int(process[2:]) + 1}").geturl() if process else url


_prepare()
