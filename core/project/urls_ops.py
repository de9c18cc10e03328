"""URLs of the operator's desk: sign-in, pages of its own, and the admin site with the windows of every room."""

from importlib import import_module

from django.urls import include, path

from core.project.certificates import may_have_certificate
from core.project.urls_common import Urls
from core.web import health
from core.web.desk import site
from frontend.platform.sign_in import set_language

WINDOWS = (
    "core.jobs.admin",
    "core.web.admin",
    "tenants.people.admin",
    "tenants.organisations.admin",
    "tenants.brands.admin",
)
"""Rooms with a door for operators."""

for room in WINDOWS:
    import_module(room)

urlpatterns: Urls = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path(health.CERTIFICATE_PATH.lstrip("/"), may_have_certificate, name="certificate"),
    path("language/", set_language, name="set_language"),
    path("", include("frontend.platform.desk.urls")),
    path("", site.urls),
]

handler400 = "core.web.views.bad_request"
handler403 = "core.web.views.forbidden"
handler404 = "core.web.views.not_found"
handler500 = "core.web.views.server_error"
