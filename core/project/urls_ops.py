"""URLs of the operator's desk: sign-in, pages of its own, and the admin site with the windows of every room."""

from django.urls import include, path

from core.project.certificates import may_have_certificate
from core.project.urls_common import Urls
from core.web import health
from core.web.desk import site
from frontend.platform.desk import windows as _windows  # noqa: F401  # without it the site has none
from frontend.platform.sign_in import set_language

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
