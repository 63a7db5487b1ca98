"""The documents that list the configuration, against what the settings really read."""

import re

from config import settings
from config.reference import documents

PROMISED = [
    "DATABASE_URL",
    "REDIS_URL",
    "DEBUG",
    "SECRET_KEY",
    "PSEUDONYM_KEY",
    "ALLOWED_HOSTS",
    "PORT",
    "DEMO_PASSWORD",
    "NUM_PROXIES",
    "EMAIL_URL",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_MODEL",
    "OPENAI_TIMEOUT_MS",
    "OPENAI_MAX_OUTPUT_TOKENS",
    "OPENAI_TEMPERATURE",
    "GENERATION_VARIANT_DEADLINE_MS",
    "GENERATION_DEADLINE_MS",
    "GENERATION_EXPIRES_MS",
    "RAG_API_URL",
    "RAG_TIMEOUT_MS",
    "RAG_RETRY_ATTEMPTS",
    "RAG_SIMILARITY_THRESHOLD",
    "RAG_SIMILARITY_WEIGHT",
    "RAG_RECENCY_WEIGHT",
    "RAG_CATEGORY_WEIGHT",
    "ENABLE_VARIANT_GENERATION_V2",
    "VARIANT_GENERATION_ROLLOUT_PERCENTAGE",
    "LOG_VARIANT_SELECTIONS",
    "GOOGLE_ANALYTICS_ID",
    "GENERATION_MAX_UNFINISHED_PER_USER",
    "GENERATION_MAX_UNFINISHED",
    "WORKER_CONCURRENCY",
    "WORKER_GRACE_SECONDS",
    "ANALYTICS_RETENTION_DAYS",
    "PROMPT_RETENTION_DAYS",
    "CORS_ALLOWED_ORIGINS",
    "CSRF_TRUSTED_ORIGINS",
    "ALERT_EMAILS",
    "ALERT_WEBHOOK_URL",
]


def test_it_works() -> None:
    assert {path.name for path in documents(settings.env.declared.values())} == {".env.example", "configuration.md"}


def test_the_documents_are_up_to_date() -> None:
    stale = [p.name for p, text in documents(settings.env.declared.values()).items() if p.read_text() != text]
    assert stale == [], "run `make docs`"


def test_the_example_lists_exactly_what_is_read() -> None:
    text = (settings.BASE_DIR / ".env.example").read_text()
    assert re.findall(r"^# ([A-Z][A-Z0-9_]+)=", text, re.MULTILINE) == list(settings.env.declared)


def test_every_promised_variable_is_read_and_is_a_setting_of_that_name() -> None:
    assert set(PROMISED) <= set(settings.env.declared)
    assert [name for name in settings.env.declared if not hasattr(settings, name)] == []


def test_nothing_else_reads_the_environment() -> None:
    """One place reads it, so that one list is complete. ENV_FILE comes before there is a list."""
    starting = ("celery", "wsgi", "run", "serve", "children", "metrics")
    starting_processes = {f"config/{name}.py" for name in starting}
    reading = re.compile(r"\bos\.environ\b|\bimport environ\b|\bgetenv\b")
    readers = {
        str(path.relative_to(settings.BASE_DIR))
        for app in ("config", "featureflags", "analytics", "sessions_builder")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if reading.search(path.read_text())
    }
    certificate_bundle = {"analytics/certificates.py"}  # the variables every TLS client honours
    assert readers - starting_processes - certificate_bundle == {"config/settings.py", "config/env.py"}
