"""URLs of the platform's host."""

from django.urls import include, path

from core.project.urls_common import Urls, common

urlpatterns: Urls = [*common, path("", include("frontend.platform.urls"))]

handler400 = "core.web.views.bad_request"
handler403 = "core.web.views.forbidden"
handler404 = "core.web.views.not_found"
handler500 = "core.web.views.server_error"
