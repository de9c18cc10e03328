"""The house: who sits where, what was offered, programs, what happened, imports and exports."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from core.db.acts import public
from core.events.models import Event
from core.events.selectors import Narrowed, happenings, happenings_of_brand
from core.jobs.exports import Asked, Column, Found, flag, instant, list_export, text, words
from core.jobs.models import Job
from core.jobs.permissions import Permission as JobPermission
from core.jobs.selectors import JobFilter, job_rows
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from frontend.console.auditwords import PORTAL, TOPICS, event_words
from frontend.console.longacts import kind_words
from frontend.ui.codewords import code_words
from frontend.ui.seattables import invitation_columns, seat_columns, stand_in_columns, token_columns
from frontend.ui.tables import status, term
from tenants.access.models import ApiToken, Delegation, Invitation, Seat
from tenants.access.permissions import Permission
from tenants.access.selectors import (
    custom_roles_of,
    delegations_of,
    invitations_visible_to,
    seats_visible_to,
    tokens_visible_to,
)
from tenants.brands.selectors import own_brand

CHUNK = 2_000


@list_export("seats", side=Side.BRAND, title=N_("Staff and seats"), permission=Permission.READ, columns=seat_columns)
def seats(actor: Actor, asked: Asked) -> QuerySet[Seat]:
    """The seats of one side, active or closed, as the page shows them."""
    side, state = asked.get("side", "brand"), asked.get("status", "ACTIVE")
    found = seats_visible_to(actor).filter(
        side=side if side in Seat.Side.values else "brand",
        status=state if state in Seat.Status.values else "ACTIVE",
    )
    if said := asked.get("q", "").strip():
        found = found.filter(person_name__icontains=said) | found.filter(dealer_name__icontains=said)
    return found


@list_export(
    "invitations", side=Side.BRAND, title=N_("Invitations"), permission=Permission.READ, columns=invitation_columns
)
def invitations(actor: Actor, _asked: Asked) -> QuerySet[Invitation]:
    """Offers nobody has taken yet."""
    return invitations_visible_to(actor)


@list_export("tokens", side=Side.BRAND, title=N_("API tokens"), permission=Permission.READ, columns=token_columns)
def tokens(actor: Actor, _asked: Asked) -> QuerySet[ApiToken]:
    """Keys, never secrets."""
    return tokens_visible_to(actor)


@list_export("stand_ins", side=Side.BRAND, title=N_("Stand-ins"), permission=Permission.READ, columns=stand_in_columns)
def stand_ins(actor: Actor, _asked: Asked) -> QuerySet[Delegation]:
    """What is lent now or will be."""
    return delegations_of(actor)


def _event_columns() -> tuple[Column, ...]:
    return (
        instant("at", N_("When")),
        words("kind", N_("What"), event_words),
        text("aggregate_id", N_("Document")),
        text("person_name", N_("Who")),
    )


@list_export("audit", side=Side.BRAND, title=N_("Audit trail"), permission=Permission.READ, columns=_event_columns)
def audit(actor: Actor, asked: Asked) -> Found:
    """What happened, the newest first; names of those who have a seat."""
    names: dict[UUID, str] = dict(
        seats_visible_to(actor).order_by("created_at").values_list("person_id", "person_name")
    )
    narrowed = _narrowed(asked, names)
    if asked.get("room") == PORTAL:
        return _of_portal(actor, narrowed, names)
    rows = happenings(actor, narrowed)
    found = rows.values_list("at", "kind", "aggregate_id", "person_id").iterator(chunk_size=CHUNK)
    cells = ((*facts, names.get(person_id, "") if person_id else "") for *facts, person_id in found)
    return Found(("at", "kind", "aggregate_id", "person_name"), cells, rows.count())


def _of_portal(actor: Actor, narrowed: Narrowed, names: dict[UUID, str]) -> Found:
    """What the platform keeps of the brand, as the page shows it: read whole, since it lies in the public schema."""
    slug = own_brand(actor).slug
    with public():
        rows = [
            (one.at, one.kind, one.aggregate_id, _who(one, names)) for one in happenings_of_brand(actor, slug, narrowed)
        ]
    return Found(("at", "kind", "aggregate_id", "person_name"), rows, len(rows))


def _who(one: Event, names: dict[UUID, str]) -> str:
    if one.person_id is None:
        return ""
    # Operators have no seat; who they are is the platform's own matter.
    return names.get(one.person_id) or ("" if one.seat_id else gettext("the platform"))


def _role_columns() -> tuple[Column, ...]:
    return (
        text("code", N_("Code")),
        text("name", N_("Name")),
        words("side", N_("Side"), term("side")),
        Column(N_("What it may do"), ("codes",), lambda codes: "、".join(str(code_words(code)) for code in codes)),
    )


@list_export("roles", side=Side.BRAND, title=N_("Own roles"), permission=Permission.READ, columns=_role_columns)
def roles(_actor: Actor, _asked: Asked) -> Found:
    """The brand's own roles, of both sides."""
    rows = [(one.code, one.name, one.side, one.codes) for side in Side for one in custom_roles_of(side.value)]
    return Found(("code", "name", "side", "codes"), rows, len(rows))


def _narrowed(asked: Asked, names: dict[UUID, str]) -> Narrowed:
    """``?room= &q= &who= &since= &until=``, as the page reads them."""
    since, until = _day(asked, "since"), _day(asked, "until")
    who = asked.get("who", "").strip().casefold()
    topic = TOPICS.get(asked.get("room", ""))
    return Narrowed(
        kinds=topic.kinds if topic else (),
        thing=asked.get("q", "").strip(),
        people=[person for person, name in names.items() if who in name.casefold()] if who else None,
        since=clock.start_of_day(since) if since else None,
        until=clock.end_of_day(until) if until else None,
    )


def _day(asked: Asked, name: str) -> date | None:
    try:
        return clock.read_day(asked.get(name, ""))
    except ValueError:
        return None


def _job_columns() -> tuple[Column, ...]:
    return (
        words("kind", N_("What"), kind_words),
        Column(N_("File"), ("parameters",), _file_name),
        flag("is_dry_run", N_("Dry run")),
        words("status", N_("State"), status("job")),
        text("total", N_("Rows")),
        text("done", N_("Rows done")),
        text("failed", N_("Failed")),
        instant("created_at", N_("Started")),
        instant("finished_at", N_("Ended")),
    )


def _file_name(parameters: dict[str, Any]) -> str:
    return str(parameters.get("file_name", ""))


@list_export(
    "jobs", side=Side.BRAND, title=N_("Imports and exports"), permission=JobPermission.READ, columns=_job_columns
)
def jobs(actor: Actor, asked: Asked) -> QuerySet[Job]:
    """The long acts of the house."""
    return job_rows(actor, JobFilter.of(asked))
