"""The desk's first page: what waits for this operator, and what the platform looks like now."""

from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from core.jobs.models import Job
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.operators import Ops
from core.tasks.workers import is_silent, last_seen
from core.web import figures
from core.web.operators import sitting
from frontend.ui.waiting import silence_words
from tenants.brands.errors import RecordGone
from tenants.brands.models import Brand, Domain, SchemaState
from tenants.organisations.models import Licence
from tenants.people.models import FactorReset


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the first page (None: not known), and where it leads."""

    label: str
    value: int | None
    url: str
    is_pressing: bool = False


def dashboard(request: HttpRequest, context: dict[str, object]) -> dict[str, object]:
    """Unfold's callback: figures for what this operator may look at."""
    actor = sitting(request)
    return {
        **context,
        "title": gettext("Overview"),
        "crumbs": [(gettext("Overview"), "")],
        "waiting": _waiting(actor),
        "standing": _standing(actor),
        "silence": _silence(actor),
        "name": actor.person_name,
    }


def _waiting(actor: Actor) -> list[Figure]:
    found = []
    if actor.can(Ops.READ_ORGANISATIONS):
        url = f"{reverse('admin:organisations_licence_changelist')}?status=SUBMITTED"
        count = Licence.objects.filter(status=Licence.Status.SUBMITTED).count()
        found.append(Figure(gettext("Licences to verify"), count, url, is_pressing=count > 0))
    if actor.can(Ops.READ_PEOPLE):
        resets = FactorReset.objects.filter(status=FactorReset.Status.ASKED, expires_at__gt=clock.now())
        url = reverse("admin:people_factorreset_changelist")
        count = resets.count()
        found.append(Figure(gettext("Second factors to take away"), count, url, is_pressing=count > 0))
    if actor.can(Ops.READ_DELIVERIES):
        stuck = _stuck()
        found.append(
            Figure(gettext("Deliveries that fail"), stuck, reverse("desk_deliveries"), is_pressing=bool(stuck))
        )
    if actor.can(Ops.READ_JOBS):
        count = Job.objects.filter(status=Job.Status.FAILED).count()
        url = f"{reverse('admin:jobs_job_changelist')}?status=FAILED"
        found.append(Figure(gettext("Failed jobs of the platform"), count, url, is_pressing=count > 0))
    return found


def _stuck() -> int | None:
    """Deliveries of all brands that have failed, as the last minute's figures say: nobody's page asks every schema."""
    told = figures.told()
    named = {figure.name: figure for figure in told.figures} if told else {}
    deliveries = named.get("jiumai_deliveries")
    return int(deliveries.values["stuck"]) if deliveries else None


def _silence(actor: Actor) -> str:
    """That no worker answers, for whoever looks after jobs."""
    seen = last_seen()
    if not actor.can(Ops.READ_JOBS) or not is_silent(seen):
        return ""
    return silence_words(seen) if seen else gettext("No worker has answered yet: nothing is done in the background.")


def _standing(actor: Actor) -> list[Figure]:
    if not actor.can(Ops.READ_BRANDS):
        return []
    states = dict(Brand.objects.values_list("state").annotate(count=Count("pk")))
    url = reverse("admin:brands_brand_changelist")
    words = (
        ("ACTIVE", gettext("Open brands")),
        ("READ_ONLY", gettext("Read-only brands")),
        ("SUSPENDED", gettext("Suspended brands")),
        ("PROVISIONING", gettext("Brands being set up")),
    )
    found = [Figure(label, states.get(state, 0), f"{url}?state={state}") for state, label in words]
    behind = SchemaState.objects.exclude(status=SchemaState.Status.CURRENT).count()
    schemas = reverse("admin:brands_schemastate_changelist")
    lost = Domain.objects.filter(fault=RecordGone.code).count()
    hosts = f"{reverse('admin:brands_domain_changelist')}?fault={RecordGone.code}"
    return [
        *found,
        Figure(gettext("Schemas behind"), behind, schemas, is_pressing=behind > 0),
        Figure(gettext("Hosts without their record"), lost, hosts, is_pressing=lost > 0),
    ]
