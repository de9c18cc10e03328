"""Hosts that were shown to be a brand's own, asked again: a zone may have changed hands since."""

from datetime import timedelta

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.errors import DomainError
from tenants.brands.errors import RecordGone, ZoneSilent
from tenants.brands.events import DOMAIN_LOST
from tenants.brands.models import Brand, Domain
from tenants.brands.services.domains import fault_of
from tenants.brands.services.journal import written

ASKED_AGAIN = timedelta(hours=20)
"""After this a host's turn comes again; below a day, so that none is left out by a minute."""
GONE_FOR = timedelta(days=3)
"""How long the record is missing, at every check, before anybody is told."""
MOST_A_RUN = 200
"""Zones asked in one run: a silent one takes seconds. The rest comes first tomorrow."""
_STANDING = (Brand.State.ACTIVE, Brand.State.READ_ONLY, Brand.State.SUSPENDED)


def recheck_hosts() -> int:
    """Ask the zones of verified hosts again, those longest unasked first; how many were asked.

    A host goes on answering whatever is found: its brand and the operators are told once, when the record has been
    missing for three days. Name servers that do not answer say nothing.
    """
    now = clock.now()
    with public():
        verified = Domain.objects.filter(is_primary=False, verified_at__isnull=False, tenant__state__in=_STANDING)
        due = verified.filter(checked_at__lt=now - ASKED_AGAIN).order_by("checked_at", "pk")
        found = list(due[:MOST_A_RUN])
    for domain in found:
        fault = fault_of(domain)  # outside of any act: name servers take their time
        with public(), act():
            _note(domain, fault)
    return len(found)


def _note(asked: Domain, fault: DomainError | None) -> None:
    """Note an answer with the host, unless it was given back meanwhile. Inside the act."""
    rows = Domain.objects.select_for_update().select_related("tenant")
    domain = rows.filter(pk=asked.pk, verified_at__isnull=False).first()
    if domain is None:
        return
    domain.checked_at = clock.now()
    if fault is None:
        domain.missing_since, domain.fault = None, ""
    elif not isinstance(fault, ZoneSilent):
        domain.missing_since = domain.missing_since or domain.checked_at
        is_gone = domain.checked_at - domain.missing_since >= GONE_FOR
        if is_gone and domain.fault != RecordGone.code:
            _tell(domain)
        domain.fault = RecordGone.code if is_gone else fault.code
    about = {"checked_at": domain.checked_at, "missing_since": domain.missing_since, "fault": domain.fault}
    Domain.objects.filter(pk=domain.pk).update(**about)  # saving the row may move the first host


def _tell(domain: Domain) -> None:
    about = {"host": domain.domain, "brand_schemas": [domain.tenant.schema_name]}
    written(DOMAIN_LOST, domain.tenant, None, about)
