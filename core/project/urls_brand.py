"""URLs of a brand's host: the storefront, the console below /console/, the API below /api/v1/."""

from django.urls import include, path
from django.views.decorators.cache import cache_control
from drf_spectacular.views import SpectacularJSONAPIView

from core.project.urls_common import Urls, common
from core.web.api_docs import api_docs
from frontend.platform.invitations import invitation

API_ROOMS = (
    "core.catalogue.api",
    "core.jobs.api",
    "tenants.access.api",
    "billing.ledger.api",
    "dms.dealers.api",
    "dms.territories.api",
    "dms.notices.api",
    "dms.sellthrough.api",
    "dms.stock.api",
    "ordering.pricing.api",
    "ordering.promotions.api",
    "ordering.orders.api",
    "ordering.lists.api",
    "ordering.rounds.api",
    "ordering.fulfilment.api",
)
"""Rooms with a door for programs; their paths lie below ``/api/v1/``."""

openapi = cache_control(private=True, max_age=300)(SpectacularJSONAPIView.as_view(urlconf=__name__))
urlpatterns: Urls = [
    *common,
    path("api/v1/openapi.json", openapi, name="openapi"),
    path("api/docs/", api_docs, name="api_docs"),
    *(path("api/v1/", include(room)) for room in API_ROOMS),
    path("files/", include("core.files.urls")),
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("console/", include("frontend.console.urls")),
    path("", include("frontend.storefront.urls")),
]

handler400 = "core.web.views.bad_request"
handler403 = "core.web.views.forbidden"
handler404 = "core.web.views.not_found"
handler500 = "core.web.views.server_error"
