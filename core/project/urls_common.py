"""What answers on every host: health, the proxy's question, sign-in, a brand's colour.

In development the outbox and the styleguide too.
"""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from core.project.certificates import may_have_certificate
from core.web import health
from frontend.platform.notices import dismiss
from frontend.ui.views import logo, theme

Urls = list[URLPattern | URLResolver]


common: Urls = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path(health.CERTIFICATE_PATH.lstrip("/"), may_have_certificate, name="certificate"),
    path("theme.css", theme, name="theme"),
    path("logo/<slug:shape>.png", logo, name="logo"),
    path("announcements/<uuid:announcement_id>/dismissal/", dismiss, name="dismiss_announcement"),
    path("", include("frontend.platform.urls_sign_in")),
]
if settings.ENVIRONMENT != "prod":
    common += [path("outbox/", include("core.messages.urls")), path("", include("frontend.ui.urls"))]
