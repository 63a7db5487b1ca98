"""The settings of the project, read once from the environment. Names in capitals equal the environment's names."""

import os
import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from corsheaders.defaults import default_headers
from csp.constants import NONE, SELF
from django.templatetags.static import static
from environ import Env

from config import logs, metrics
from config.embedded import EmbeddedServers
from config.env import ConfigurationError, Environment, generated, load_file, missing

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
load_file(Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env"))
env = Environment(os.environ)

# --- Basics -----------------------------------------------------------------------------------------------------------
env.section("Basics")
DEBUG = env.boolean("DEBUG", False, meaning="Development mode: embedded servers, demo accounts, readable logs.")
DATABASE_URL = env.url(
    "DATABASE_URL",
    schemes=("postgres", "postgresql"),
    meaning="PostgreSQL. Unset with DEBUG starts an embedded server under var/.",
)
REDIS_URL = env.url(
    "REDIS_URL",
    schemes=("redis", "rediss"),
    meaning="Redis, which wakes the workers. Unset with DEBUG starts an embedded server under var/.",
)
SECRET_KEY = env.text("SECRET_KEY", meaning="Signs sessions. Generated under var/ with DEBUG, required without.")
PSEUDONYM_KEY = env.text(
    "PSEUDONYM_KEY",
    meaning="Turns user ids into the pseudonyms of exports. Generated under var/ with DEBUG, required without.",
)
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", meaning="Host names served. Any local one with DEBUG, required without.")
PORT = env.integer("PORT", 8000, low=1, high=65535, meaning="Port of the web server of `make run`.")
DEMO_PASSWORD = env.text(
    "DEMO_PASSWORD", "session-builder-demo", meaning="Password of the demo accounts, which exist only with DEBUG."
)
NUM_PROXIES = env.integer(
    "NUM_PROXIES", 0, low=0, high=10, meaning="Reverse proxies in front, for the client address of throttles."
)
EMAIL_URL = env.url(
    "EMAIL_URL",
    "consolemail://",
    schemes=("consolemail", "memorymail", "smtp", "smtp+tls", "smtp+ssl"),
    meaning="Outgoing mail, such as smtp+tls://user:password@host:587.",
)
OTEL_EXPORTER_OTLP_ENDPOINT = env.url(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    schemes=("http", "https"),
    meaning="Where traces go, such as http://collector:4318; wants requirements-otel.txt. Empty: no tracing.",
)
if OTEL_EXPORTER_OTLP_ENDPOINT and find_spec("opentelemetry") is None:
    raise ConfigurationError(
        "OTEL_EXPORTER_OTLP_ENDPOINT is set, but its packages are missing: pip install -r requirements-otel.txt."
    )

# --- The model --------------------------------------------------------------------------------------------------------
env.section("Model")
OPENAI_API_KEY = env.text("OPENAI_API_KEY", meaning="Empty together with OPENAI_BASE_URL: the offline composer writes.")
OPENAI_BASE_URL = env.url(
    "OPENAI_BASE_URL", schemes=("http", "https"), meaning="Any OpenAI-compatible server. Empty: OpenAI's own."
)
OPENAI_MODEL = env.text("OPENAI_MODEL", "gpt-5.4-mini", meaning="Model that writes the outlines.")
OPENAI_TIMEOUT_MS = env.integer("OPENAI_TIMEOUT_MS", 30_000, low=100, high=600_000, meaning="One attempt, in ms.")
OPENAI_MAX_OUTPUT_TOKENS = env.integer(
    "OPENAI_MAX_OUTPUT_TOKENS", 6000, low=256, high=128_000, meaning="Longest answer of one call, in tokens."
)
OPENAI_TEMPERATURE = env.number("OPENAI_TEMPERATURE", 0.7, low=0, high=2, meaning="Sampling temperature.")

# --- Generation -------------------------------------------------------------------------------------------------------
env.section("Generation")
GENERATION_VARIANT_DEADLINE_MS = env.integer(
    "GENERATION_VARIANT_DEADLINE_MS", 45_000, low=500, high=600_000, meaning="One variant with its retries, in ms."
)
GENERATION_DEADLINE_MS = env.integer(
    "GENERATION_DEADLINE_MS", 75_000, low=1000, high=900_000, meaning="One claim of a generation by a worker, in ms."
)
GENERATION_EXPIRES_MS = env.integer(
    "GENERATION_EXPIRES_MS", 900_000, low=1000, high=86_400_000, meaning="The whole generation, in ms."
)
GENERATION_MAX_UNFINISHED_PER_USER = env.integer(
    "GENERATION_MAX_UNFINISHED_PER_USER",
    3,
    low=1,
    high=1000,
    meaning="Beyond it a user gets 429; generations, and sections being written anew, each count for themselves.",
)
GENERATION_MAX_UNFINISHED = env.integer(
    "GENERATION_MAX_UNFINISHED",
    500,
    low=1,
    high=1_000_000,
    meaning="Generations and sections being written anew together; beyond it everybody gets 503.",
)
WORKER_CONCURRENCY = env.integer(
    "WORKER_CONCURRENCY", 100, low=1, high=1000, meaning="Generations in flight per worker process."
)
WORKER_GRACE_SECONDS = env.number(
    "WORKER_GRACE_SECONDS", 45, low=0, high=3600, meaning="Time a worker has to finish its generations at SIGTERM."
)

# --- Training material (RAG) ------------------------------------------------------------------------------------------
env.section("Training material (RAG)")
RAG_API_URL = env.url(
    "RAG_API_URL",
    schemes=("http", "https"),
    words=("internal",),
    meaning="Empty disables RAG completely, without an outgoing call; internal is the built-in knowledge base.",
)
RAG_TIMEOUT_MS = env.integer("RAG_TIMEOUT_MS", 10_000, low=100, high=120_000, meaning="One attempt, in ms.")
RAG_RETRY_ATTEMPTS = env.integer("RAG_RETRY_ATTEMPTS", 1, low=0, high=10, meaning="Retries after the first attempt.")
RAG_SIMILARITY_THRESHOLD = env.number(
    "RAG_SIMILARITY_THRESHOLD", 0.65, low=0, high=1, meaning="Lowest score of a source that is kept."
)
RAG_SIMILARITY_WEIGHT = env.number("RAG_SIMILARITY_WEIGHT", 0.5, low=0, high=10, meaning="Weight of similarity.")
RAG_RECENCY_WEIGHT = env.number("RAG_RECENCY_WEIGHT", 0.2, low=0, high=10, meaning="Weight of a recent date.")
RAG_CATEGORY_WEIGHT = env.number("RAG_CATEGORY_WEIGHT", 0.2, low=0, high=10, meaning="Weight of a matching category.")

# --- Feature flags ----------------------------------------------------------------------------------------------------
env.section("Feature flags")
ENABLE_VARIANT_GENERATION_V2 = env.optional_boolean(
    "ENABLE_VARIANT_GENERATION_V2", meaning="Four variants instead of one. false kills it, whatever the admin says."
)
VARIANT_GENERATION_ROLLOUT_PERCENTAGE = env.optional_number(
    "VARIANT_GENERATION_ROLLOUT_PERCENTAGE",
    low=0,
    high=100,
    meaning="Share of users who get four variants. 0 holds it at zero, whatever the admin says.",
)
LOG_VARIANT_SELECTIONS = env.boolean(
    "LOG_VARIANT_SELECTIONS", True, meaning="Store which variant was selected. false stops it, whatever the admin says."
)

# --- Analytics and alerts ---------------------------------------------------------------------------------------------
env.section("Analytics and alerts")
GOOGLE_ANALYTICS_ID = env.text("GOOGLE_ANALYTICS_ID", meaning="Empty: not a byte of Google Analytics is loaded.")
ANALYTICS_RETENTION_DAYS = env.integer(
    "ANALYTICS_RETENTION_DAYS", 400, low=1, high=36_500, meaning="Days events, interactions and selections are kept."
)
PROMPT_RETENTION_DAYS = env.integer(
    "PROMPT_RETENTION_DAYS", 30, low=0, high=36_500, meaning="Days the text of prompts and answers is kept."
)
ALERT_EMAILS = env.emails("ALERT_EMAILS", meaning="Who gets alerts by e-mail.")
ALERT_WEBHOOK_URL = env.url("ALERT_WEBHOOK_URL", schemes=("http", "https"), meaning="Where alerts are posted as JSON.")

# --- A frontend on another origin -------------------------------------------------------------------------------------
env.section("Frontend on another origin")
CORS_ALLOWED_ORIGINS = env.origins("CORS_ALLOWED_ORIGINS", meaning="Origins whose pages may call the API.")
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS", meaning="Origins whose pages may write with a session.")

# --- Processes --------------------------------------------------------------------------------------------------------
env.section("Processes")
PROCESS_ROLE = env.choice(
    "PROCESS_ROLE",
    "command",
    among=("web", "worker", "tick", "command"),
    meaning="What this process is; `make run` and the deployment files set it. Decides pools and timeouts.",
)
IS_WEB = PROCESS_ROLE == "web"
METRICS_DIR = env.text(
    "METRICS_DIR",
    meaning="Folder in which web, workers and tick of one machine add up what /metrics shows. Unset: var/metrics.",
)
LOG_JSON = env.optional_boolean("LOG_JSON", meaning="Log lines as JSON. Unset: JSON, but readable lines with DEBUG.")

if DEBUG:
    SECRET_KEY = SECRET_KEY or generated(VAR_DIR / "secret-key", secrets.token_urlsafe(48))
    PSEUDONYM_KEY = PSEUDONYM_KEY or generated(VAR_DIR / "pseudonym-key", secrets.token_urlsafe(48))
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
else:
    for required in ("SECRET_KEY", "PSEUDONYM_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"):
        if not globals()[required]:
            raise missing(required, "it is required unless DEBUG=true")

METRICS_DIR = METRICS_DIR or str(VAR_DIR / "metrics")
if PROCESS_ROLE != "command":
    metrics.share(Path(METRICS_DIR))

EMBEDDED: EmbeddedServers | None = None
if not (DATABASE_URL and REDIS_URL):
    EMBEDDED = EmbeddedServers(VAR_DIR)
    addresses = EMBEDDED.acquire()
    EMBEDDED.release_at_exit()
    DATABASE_URL = DATABASE_URL or addresses.database_url
    REDIS_URL = REDIS_URL or addresses.redis_url

# --- Django -----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    # A worker shows no pages, and what those of the admin load (scipy, readers of documents) is 45 MB.
    "django.contrib.admin.apps.SimpleAdminConfig" if PROCESS_ROLE == "worker" else "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "csp",
    "axes",
    "featureflags",
    "analytics",
    "sessions_builder",
]


MIDDLEWARE = [
    "config.middleware.RequestId",
    *(["config.tracing.Trace"] if OTEL_EXPORTER_OTLP_ENDPOINT else []),
    "config.api_errors.ApiErrorMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ResponseHeaders",
    "csp.middleware.CSPMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "config.api_limits.BodyLimitMiddleware",
    "config.middleware.OptionalTrailingSlash",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.middleware.OwnNotFound",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True
# API addresses have no trailing slash, so what follows `generations/<id>` begins with one.
SILENCED_SYSTEM_CHECKS = ["urls.W002"]
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else shows our files, and a page has many of them
WHITENOISE_AUTOREFRESH = DEBUG  # not what a test makes of DEBUG: every new client would look at every file

# A pool where many threads share connections; a command is one thread and ends soon.
POOL_SIZES = {"web": 6, "worker": 6}
DATABASE_OPTIONS: dict[str, Any] = {"connect_timeout": 5, "application_name": f"session_builder {PROCESS_ROLE}"}
if PROCESS_ROLE in POOL_SIZES:
    DATABASE_OPTIONS["pool"] = {"min_size": 2, "max_size": POOL_SIZES[PROCESS_ROLE], "timeout": 10, "max_idle": 300}
DATABASES = {
    "default": Env.db_url_config(DATABASE_URL)
    | {
        "ENGINE": "config.database",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": DATABASE_OPTIONS,
    }
}
# --- Login and security -----------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_IPWARE_PROXY_COUNT = NUM_PROXIES or None
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"

SECURE_SSL_REDIRECT = not DEBUG
# Probes and Prometheus speak plain HTTP to the machine itself.
SECURE_REDIRECT_EXEMPT = [r"^api/health(/live|/ready)?/?$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if NUM_PROXIES else None
SECURE_HSTS_SECONDS = 0 if DEBUG else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS = [*default_headers, "idempotency-key", "if-none-match", "x-request-id"]
CORS_URLS_REGEX = r"^/(api|ofrep)/"
CORS_EXPOSE_HEADERS = ["ETag", "Location", "Retry-After", "Idempotency-Replayed", "X-Request-Id", "X-Export-Id"]

GOOGLE_SCRIPTS = ["https://www.googletagmanager.com"] if GOOGLE_ANALYTICS_ID else []
GOOGLE_COLLECTORS = ["https://*.google-analytics.com", "https://*.analytics.google.com"]
GOOGLE_CONNECTIONS = [*GOOGLE_COLLECTORS, *GOOGLE_SCRIPTS] if GOOGLE_ANALYTICS_ID else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, *GOOGLE_SCRIPTS],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *GOOGLE_CONNECTIONS],
        "connect-src": [SELF, *GOOGLE_CONNECTIONS],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- API --------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "sessions_builder.authentication.BearerTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "sessions_builder.permissions.TokenScopeAllows",
    ],
    "DEFAULT_PARSER_CLASSES": ["sessions_builder.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api_errors.handle",
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": NUM_PROXIES,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Session Builder",
    "DESCRIPTION": "From a brief to a published training session.",
    "VERSION": "2.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/",
    "CAMELIZE_NAMES": False,
    "SWAGGER_UI_DIST": "SIDECAR",  # nothing from a third party
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "OAS_VERSION": "3.1.1",  # 3.1 knows null as a type, as our definitions write it
    "POSTPROCESSING_HOOKS": ["config.openapi.add_errors", "config.openapi.gather_definitions"],
}

# --- Queue ------------------------------------------------------------------------------------------------------------
# The rows of the database are the queue and the only retry counter; Redis only wakes workers.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = WORKER_CONCURRENCY
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = True
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TASK_DEFAULT_QUEUE = "generation"
CELERY_TASK_ROUTES = {"analytics.*": {"queue": "maintenance"}, "featureflags.*": {"queue": "maintenance"}}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 0.5 if IS_WEB else 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A bell lost with its worker is rung again by the tick: Redis need not keep those that are being answered.
    "ack_emulation": False,
    "socket_timeout": 0.5 if IS_WEB else 2,
    "socket_connect_timeout": 0.5 if IS_WEB else 1,
    "health_check_interval": 10,
}
# Not task_publish_retry=False: kombu then waits on the connection for seconds.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0, "interval_start": 0, "interval_step": 0, "interval_max": 0}

# --- Mail and logs ----------------------------------------------------------------------------------------------------
vars().update(Env.email_url_config(EMAIL_URL))
DEFAULT_FROM_EMAIL = "session-builder@localhost"
LOGGING = logs.configuration(json_lines=not DEBUG if LOG_JSON is None else LOG_JSON)
logs.configure()

# --- Admin ------------------------------------------------------------------------------------------------------------
# Our accent (tokens.css) in the shades the theme asks for.
INDIGO = {
    "50": "oklch(96.2% .018 272.314)",
    "100": "oklch(93% .034 272.788)",
    "200": "oklch(87% .065 274.039)",
    "300": "oklch(78.5% .115 274.713)",
    "400": "oklch(67.3% .182 276.935)",
    "500": "oklch(58.5% .233 277.117)",
    "600": "oklch(51.1% .262 276.966)",
    "700": "oklch(45.7% .24 277.023)",
    "800": "oklch(39.8% .195 277.366)",
    "900": "oklch(35.9% .144 278.697)",
    "950": "oklch(25.7% .09 281.288)",
}
UNFOLD = {
    "SITE_TITLE": "Session Builder",
    "SITE_HEADER": "Session Builder",
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("icons/favicon.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("icons/favicon.svg")},
    ],
    "SHOW_HISTORY": True,
    "STYLES": [lambda request: static("staff/theme.css")],
    "SCRIPTS": [lambda request: static("staff/keyboard.js")],
    "COLORS": {"primary": INDIGO},
    "DASHBOARD_CALLBACK": "config.sidebar.home",
    "SIDEBAR": {"navigation": "config.sidebar.navigation"},
}
