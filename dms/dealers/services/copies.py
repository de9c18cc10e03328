"""The register's facts as they arrive in a brand's schema: inner pieces for handlers, inside their act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.db.locks import Rank, locked
from core.events.services import record
from core.kernel import clock
from dms.dealers.events import CREDENTIAL_CHECKED, DEALER
from dms.dealers.models import Credential, Dealer
from dms.dealers.rules import Licence, replaces
from dms.dealers.selectors import licence_of, paper_rules
from dms.dealers.services.papers import accept, set_aside

Check = Credential.CheckStatus
AUTOMATIC = ""
"""Who decided, where nobody had to."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A paper the platform has spoken about: whose, which, and whether this brand or house had sent it."""

    dealer: Dealer
    credential: Credential
    is_own: bool


def copy_verified(*, told: Mapping[str, Any], version: int) -> tuple[Checked, ...]:
    """A verified paper becomes a credential of every dealer that is this firm, accepted where the rules say so.

    What the brand refused stays refused; a business licence a dealer sent of a firm it is not tied to waits for the
    brand. Nothing for kinds a dealer does not show.
    """
    if told["type"] not in Credential.Type.values:
        return ()
    licence = _licence(told)
    checked = []
    for dealer in _dealers(told):
        row = _row(dealer, licence, told["licence_id"])
        if row.licence_version >= version and str(row.licence_id) == told["licence_id"]:
            continue
        is_own = row.submitted_at is not None and str(row.licence_id) == told["licence_id"]
        _fill(row, licence, told["licence_id"], version)
        is_known = str(dealer.organisation_id) == told["organisation_id"]
        is_open = row.decided_at is None and is_known and paper_rules().accepts_verified
        if row.is_accepted or is_open:
            accept(row, by_name=row.decided_by_name or AUTOMATIC, day=clock.business_day())
        else:
            row.save()
        checked.append(Checked(dealer, row, is_own))
    return tuple(checked)


def copy_rejected(*, told: Mapping[str, Any], version: int) -> tuple[Checked, ...]:
    """The platform did not find the paper right. What the brand accepted by its own eyes stays its own word."""
    return _mark(told, version, Check.REJECTED, Credential.objects.filter(licence_id=told["licence_id"]))


def copy_withdrawn(*, told: Mapping[str, Any], version: int) -> tuple[Checked, ...]:
    """A verified paper counts no longer, whoever had accepted it."""
    rows = Credential.objects.filter(licence_id=told["licence_id"], check_status=Check.VERIFIED)
    checked = _mark(told, version, Check.WITHDRAWN, rows)
    for one in checked:
        one.credential.decided_at, one.credential.decided_by_name = None, ""
        set_aside(one.credential)
    return checked


def tell_checked(checked: Checked) -> None:
    """Write it on the dealer's record."""
    dealer, row = checked.dealer, checked.credential
    dealer.version += 1
    dealer.save(update_fields=["version"])
    record(
        kind=CREDENTIAL_CHECKED,
        aggregate_type=DEALER,
        aggregate_id=dealer.code,
        version=dealer.version,
        actor=None,
        payload={
            "dealer_id": dealer.pk,
            "type": row.type,
            "number": row.number,
            "check": row.check_status,
            "is_accepted": row.is_accepted,
            "reason": row.reason,
            "is_own": checked.is_own,
        },
        seller_id=dealer.supplier_id or dealer.pk,
        buyer_id=dealer.pk,
    )


def _licence(told: Mapping[str, Any]) -> Licence:
    end = told["valid_to"]
    return Licence(
        told["type"],
        told["number"],
        date.fromisoformat(told["valid_from"]),
        date.fromisoformat(end) if end else None,
        told["scope"],
    )


def _dealers(told: Mapping[str, Any]) -> list[Dealer]:
    """Every dealer that is this firm, and the one that sent this very paper; locked."""
    firms = Dealer.objects.filter(organisation_id=told["organisation_id"], parent__isnull=False)
    senders = Dealer.objects.filter(credentials__licence_id=told["licence_id"])
    ids = {*firms.values_list("pk", flat=True), *senders.values_list("pk", flat=True)}
    return locked(Dealer.objects.filter(pk__in=ids), Rank.KEY)


def _row(dealer: Dealer, licence: Licence, licence_id: str) -> Credential:
    """The submission it answers, else the credential it renews or confirms, else a new one."""
    rows = list(Credential.objects.filter(dealer=dealer, type=licence.type, number=licence.number).order_by("-pk"))
    day = clock.business_day()
    for row in rows:
        if str(row.licence_id) == licence_id:
            return row
    for row in sorted(rows, key=lambda one: not one.is_accepted):
        if row.check_status != Check.SUBMITTED and replaces(licence, licence_of(row), day):
            return row
    return Credential(dealer=dealer, is_accepted=False)


def _fill(row: Credential, licence: Licence, licence_id: str, version: int) -> None:
    if (row.valid_from, row.valid_to) != (licence.valid_from, licence.valid_to):
        row.warned_days = None
        row.decided_at = row.decided_at if row.is_accepted else None  # other days: another paper than the refused one
    row.type, row.number, row.scope = licence.type, licence.number, licence.scope
    row.valid_from, row.valid_to = licence.valid_from, licence.valid_to
    row.licence_id, row.licence_version = UUID(licence_id), version
    row.check_status = Check.VERIFIED
    if not row.decided_at:
        row.reason = ""


def _mark(told: Mapping[str, Any], version: int, check: Check, rows: QuerySet[Credential]) -> tuple[Checked, ...]:
    checked = []
    earlier = rows.filter(licence_version__lt=version)
    # The houses first: whoever decides about one of these papers holds its house, and what is read before is stale.
    houses = locked(Dealer.objects.filter(pk__in=earlier.values("dealer_id")), Rank.KEY)
    dealer_of = {house.pk: house for house in houses}
    for row in earlier.filter(dealer__in=houses).order_by("pk"):
        dealer = dealer_of[row.dealer_id]
        row.check_status, row.licence_version = check, version
        if not row.decided_at or check == Check.WITHDRAWN:
            row.reason = told["reason"]
        row.save()
        checked.append(Checked(dealer, row, row.submitted_at is not None))
    return tuple(checked)
