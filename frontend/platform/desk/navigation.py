"""The desk's navigation: what this operator may look at, in four groups."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.kernel.operators import Ops
from core.web.operators import operator_of

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the navigation."""

    label: Words
    icon: str
    url_name: str
    code: str


GROUPS: tuple[tuple[Words, tuple[Place, ...]], ...] = (
    (
        _("Brands"),
        (
            Place(_("Brands"), "storefront", "admin:brands_brand_changelist", Ops.READ_BRANDS),
            Place(_("Hosts"), "dns", "admin:brands_domain_changelist", Ops.READ_BRANDS),
            Place(_("State of the schemas"), "database", "admin:brands_schemastate_changelist", Ops.READ_BRANDS),
            Place(_("Announcements"), "campaign", "admin:brands_announcement_changelist", Ops.READ_ANNOUNCEMENTS),
        ),
    ),
    (
        _("Register"),
        (
            Place(_("Organisations"), "domain", "admin:organisations_organisation_changelist", Ops.READ_ORGANISATIONS),
            Place(_("Licences"), "verified", "admin:organisations_licence_changelist", Ops.READ_ORGANISATIONS),
        ),
    ),
    (
        _("People"),
        (
            Place(_("People"), "group", "admin:people_user_changelist", Ops.READ_PEOPLE),
            Place(_("Sign-ins"), "login", "admin:people_signin_changelist", Ops.READ_PEOPLE),
            Place(
                _("Second factors to take away"), "lock_reset", "admin:people_factorreset_changelist", Ops.READ_PEOPLE
            ),
            Place(_("Operators"), "badge", "admin:people_operator_changelist", Ops.READ_OPERATORS),
        ),
    ),
    (
        _("Running"),
        (
            Place(_("Jobs of the platform"), "pending_actions", "admin:jobs_job_changelist", Ops.READ_JOBS),
            Place(_("Jobs of the brands"), "work_history", "desk_jobs", Ops.READ_JOBS),
            Place(_("Deliveries that fail"), "local_shipping", "desk_deliveries", Ops.READ_DELIVERIES),
            Place(_("Audit trail"), "history", "admin:events_event_changelist", Ops.READ_AUDIT),
        ),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, object]]:
    """Unfold's sidebar."""
    actor = operator_of(request)
    overview: dict[str, object] = {"title": _("Overview"), "icon": "dashboard", "link": reverse("admin:index")}
    groups: list[dict[str, object]] = [{"items": [overview]}]
    for title, places in GROUPS:
        items = [
            {"title": place.label, "icon": place.icon, "link": reverse(place.url_name)}
            for place in places
            if actor is not None and actor.can(place.code)
        ]
        if items:
            groups.append({"title": title, "separator": True, "items": items})
    return groups
