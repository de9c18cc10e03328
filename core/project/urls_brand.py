"""URLs of a brand's host: the storefront, the console below /console/, the API below /api/v1/."""

from django.conf import settings
from django.urls import path
from django.views.decorators.cache import cache_control
from drf_spectacular.views import SpectacularJSONAPIView

from core.project.urls_common import Urls, common, present
from core.web.api_docs import api_docs

API_ROOMS = (
    "core.catalogue.api",
    "core.jobs.api",
    "core.files.api",
    "tenants.access.api",
    "billing.ledger.api",
    "dms.dealers.api",
    "dms.territories.api",
    "dms.stock.api",
    "ordering.pricing.api",
    "ordering.orders.api",
    "ordering.fulfilment.api",
)
"""Rooms whose ``api.py`` has ``urlpatterns``; their paths lie below ``/api/v1/``."""

openapi = cache_control(private=True, max_age=300)(SpectacularJSONAPIView.as_view(urlconf=settings.URLCONF_BRAND))
urlpatterns: Urls = [
    *common,
    path("api/v1/openapi.json", openapi, name="openapi"),
    path("api/docs/", api_docs, name="api_docs"),
    *(url for room in API_ROOMS for url in present("api/v1/", room)),
    *present("files/", "core.files.urls"),
    *present("console/", "frontend.console.urls"),
    *present("", "frontend.storefront.urls"),
]

handler400 = "core.web.views.bad_request"
handler403 = "core.web.views.forbidden"
handler404 = "core.web.views.not_found"
handler500 = "core.web.views.server_error"
