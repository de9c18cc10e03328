"""Hosts of a brand's own: claimed, shown to be its own, given back."""

import secrets
from collections.abc import Callable, Iterable
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing
from core.web.throttling import Throttle
from tenants.brands import hosts, rules
from tenants.brands.dns import ZoneUnreachable
from tenants.brands.errors import HostTaken, RecordDiffers, RecordMissing, TooManyHosts, ZoneSilent
from tenants.brands.events import DOMAIN_ADDED, DOMAIN_CHECKED, DOMAIN_REMOVED
from tenants.brands.models import Brand, Domain
from tenants.brands.services.journal import own_brand, why, written
from tenants.people.errors import TooManyTries

_TOKEN_BYTES = 20
CHECKS = Throttle("brands.check-domain", limit=10, window_s=300)
"""By brand: a silent zone holds the thread that asks for seconds, and threads are everybody's."""


def add_domain(*, actor: Actor | None, host: str, slug: str = "", reason: str = "") -> Domain:
    """Claim a host for the seat's own brand, or the one an operator names by ``slug``; it answers once verified.

    A host the brand has claimed before is found again; ``reason`` is kept with the happening. Raises ``BadHost``,
    ``PlatformsHost``, ``HostTaken`` or ``TooManyHosts``.
    """
    bare = rules.checked_own_host(host, settings.BASE_DOMAIN)
    with public(), act():
        brand = own_brand(actor, slug)
        claimed = list(Domain.objects.filter(tenant=brand))
        there = next((domain for domain in claimed if domain.domain == bare), None)
        if there is not None:
            return there
        if sum(1 for domain in claimed if not domain.is_primary) >= rules.MOST_HOSTS:
            raise TooManyHosts(most=rules.MOST_HOSTS)
        if Domain.objects.filter(domain=bare, verified_at__isnull=False).exists():
            raise HostTaken(host=bare, field="host")
        domain = Domain(tenant=brand, domain=bare, is_primary=False, challenge=secrets.token_urlsafe(_TOKEN_BYTES))
        domain.save(force_insert=True)
        written(DOMAIN_ADDED, brand, actor, {"host": bare, **why(reason)})
    return domain


def check_domain(*, actor: Actor | None, host: str, slug: str = "") -> Domain:
    """Ask the zone whether it holds the record; the host answers from now on when it does. Asks outside of the act.

    Raises ``Missing``, ``TooManyTries``, ``RecordMissing``, ``RecordDiffers``, ``ZoneSilent`` or ``HostTaken``; what
    was found wrong is noted with the host.
    """
    with public(), act():
        brand = own_brand(actor, slug)
        domain = _claimed(brand, host)
    if domain.verified_at is not None and domain.is_primary:
        return domain
    if wait := CHECKS.try_once(brand.slug):
        raise TooManyTries(minutes=-(-wait // 60))
    fault = fault_of(domain)
    try:
        with public(), act():
            brand = own_brand(actor, slug)
            domain = _noted(brand, _claimed(brand, host), fault, actor)
    except IntegrityError:
        fault = HostTaken(host=domain.domain)
    if fault is not None:
        raise fault
    return domain


def remove_domain(*, actor: Actor | None, host: str, slug: str = "", reason: str = "") -> None:
    """Let the brand no longer answer on a host. Raises ``Missing``, also for its first host, which stays."""
    with public(), act():
        brand = own_brand(actor, slug)
        domain = _claimed(brand, host)
        if domain.is_primary:
            raise Missing
        domain.delete()
        written(DOMAIN_REMOVED, brand, actor, {"host": host, **why(reason)})
        if domain.verified_at is not None:  # a mere claim may be another brand's host
            transaction.on_commit(partial(hosts.tell, brand, gone=(host,)))


def _claimed(brand: Brand, host: str) -> Domain:
    domain = Domain.objects.filter(tenant=brand, domain=host).first()
    if domain is None:
        raise Missing
    return domain


def _noted(brand: Brand, domain: Domain, fault: DomainError | None, actor: Actor | None) -> Domain:
    """A host that was verified stays so when a later check fails: a zone can be away for an hour."""
    domain.checked_at, domain.fault = clock.now(), fault.code if fault else ""
    is_news = fault is None and domain.verified_at is None
    if is_news:
        domain.verified_at = domain.checked_at
        written(DOMAIN_CHECKED, brand, actor, {"host": domain.domain})
        transaction.on_commit(partial(hosts.tell, brand))
    if fault is None:
        domain.missing_since = None
    noted = ("checked_at", "fault", "verified_at", "missing_since")
    Domain.objects.filter(pk=domain.pk).update(**{name: getattr(domain, name) for name in noted})
    return domain


def fault_of(domain: Domain) -> DomainError | None:
    """What is wrong with the record of a host, None where it stands. Asks the name servers, for seconds at worst."""
    ask: Callable[[str], Iterable[str]] = import_string(settings.TXT_RESOLVER)
    name = rules.record_name(domain.domain)
    try:
        found = list(ask(name))
    except ZoneUnreachable:
        return ZoneSilent(host=domain.domain)
    if rules.record_value(domain.challenge) in found:
        return None
    return RecordDiffers(name=name) if found else RecordMissing(name=name)
