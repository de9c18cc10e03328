"""What answers on every host: health, sign-in, the outbox of development, and the pages of faults."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from core.web import health
from frontend.ui.views import theme

Urls = list[URLPattern | URLResolver]


def present(prefix: str, module: str) -> Urls:
    """The URLs of a room where it has some."""
    return [path(prefix, include(module))] if find_spec(module) else []


common: Urls = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("theme.css", theme, name="theme"),
    path("", include("frontend.platform.urls_sign_in")),
]
if settings.ENVIRONMENT != "prod":
    common += [*present("outbox/", "core.messages.urls"), *present("", "frontend.ui.urls")]
