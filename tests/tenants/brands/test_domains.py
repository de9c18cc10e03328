"""Hosts of a brand's own: claimed by anybody, answered on by whoever shows that it is theirs."""

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from core.db.acts import public
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted
from tenants.brands.dns import ZoneUnreachable
from tenants.brands.errors import (
    BadHost,
    HostTaken,
    PlatformsHost,
    RecordDiffers,
    RecordMissing,
    TooManyHosts,
    ZoneSilent,
)
from tenants.brands.hosts import brand_at
from tenants.brands.models import Domain
from tenants.brands.rules import MOST_HOSTS, record_name, record_value
from tenants.brands.services import add_domain, check_domain, remove_domain
from tenants.brands.services.domains import CHECKS
from tenants.people.errors import TooManyTries
from tests.cast import Cast

HOST = "order.example.com"
ZONE: dict[str, list[str]] = {}


def zone(name: str) -> list[str]:
    """The name servers of these tests; a name that is not known to them does not answer."""
    if name not in ZONE:
        raise ZoneUnreachable(name)
    return ZONE[name]


@pytest.fixture(autouse=True)
def _zone(settings: Settings) -> None:
    settings.TXT_RESOLVER = f"{__name__}.zone"
    ZONE.clear()


@pytest.fixture
def admin(cast: Cast) -> Actor:
    return cast.actor("admin")


def show(domain: Domain) -> None:
    ZONE[record_name(domain.domain)] = ["v=spf1 -all", record_value(domain.challenge)]


def test_a_host_answers_once_it_is_verified(
    admin: Actor, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    claimed = add_domain(actor=admin, host="Order.Example.com.")
    assert (claimed.domain, claimed.verified_at, len(claimed.challenge) > 20) == (HOST, None, True)
    assert add_domain(actor=admin, host=HOST).challenge == claimed.challenge
    assert brand_at(HOST) is None
    show(claimed)
    with django_capture_on_commit_callbacks(execute=True):
        assert check_domain(actor=admin, host=HOST).verified_at is not None
    facts = brand_at(HOST)
    assert facts is not None
    assert facts.slug == "xinghe"
    with django_capture_on_commit_callbacks(execute=True):
        remove_domain(actor=admin, host=HOST)
    assert brand_at(HOST) is None


def test_what_is_wrong_is_said_and_noted(admin: Actor) -> None:
    name = record_name(add_domain(actor=admin, host=HOST).domain)
    for found, refusal in ((None, ZoneSilent), ([], RecordMissing), (["jiumai-verify=other"], RecordDiffers)):
        ZONE.clear()
        if found is not None:
            ZONE[name] = found
        with pytest.raises(refusal):
            check_domain(actor=admin, host=HOST)
        with public():
            noted = Domain.objects.get(domain=HOST)
        assert (noted.fault, noted.verified_at) == (refusal.code, None)
        assert noted.checked_at is not None


def test_a_verified_host_stays_when_its_zone_is_away(admin: Actor) -> None:
    show(add_domain(actor=admin, host=HOST))
    check_domain(actor=admin, host=HOST)
    ZONE.clear()
    with pytest.raises(ZoneSilent):
        check_domain(actor=admin, host=HOST)
    assert brand_at(HOST) is not None


def test_a_claim_stands_in_nobodys_way(admin: Actor) -> None:
    add_domain(actor=admin, host=HOST)
    theirs = add_domain(actor=None, slug="chishui", host=HOST)
    show(theirs)
    check_domain(actor=None, slug="chishui", host=HOST)
    facts = brand_at(HOST)
    assert facts is not None
    assert facts.slug == "chishui"
    with public():
        mine = Domain.objects.get(tenant__slug="xinghe", domain=HOST)
    show(mine)
    with pytest.raises(HostTaken):
        check_domain(actor=admin, host=HOST)
    remove_domain(actor=admin, host=HOST)
    facts = brand_at(HOST)
    assert facts is not None
    assert facts.slug == "chishui"
    with pytest.raises(HostTaken):
        add_domain(actor=admin, host=HOST)


def test_the_database_keeps_a_host_to_one_brand(admin: Actor) -> None:
    show(add_domain(actor=admin, host=HOST))
    check_domain(actor=admin, host=HOST)
    with public():
        other = Domain.objects.get(tenant__slug="chishui", is_primary=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            Domain.objects.filter(pk=other.pk).update(domain=HOST)


@pytest.mark.parametrize(
    "host", ["jiumai.localhost", "ops.jiumai.localhost", "chishui.jiumai.localhost", "A.B.Jiumai.Localhost."]
)
def test_the_platforms_hosts_are_nobodys(admin: Actor, host: str) -> None:
    with pytest.raises(PlatformsHost):
        add_domain(actor=admin, host=host)


@pytest.mark.parametrize("host", ["", "localhost", "http://a.com", "a.com:80", "*.a.com", "10.0.0.1/8"])
def test_what_is_no_host_is_refused(admin: Actor, host: str) -> None:
    with pytest.raises(BadHost):
        add_domain(actor=admin, host=host)


def test_a_brand_keeps_few_hosts_and_never_loses_its_first(admin: Actor) -> None:
    for number in range(MOST_HOSTS):
        add_domain(actor=admin, host=f"h{number}.example.com")
    with pytest.raises(TooManyHosts):
        add_domain(actor=admin, host=HOST)
    with pytest.raises(Missing):
        remove_domain(actor=admin, host="xinghe.jiumai.localhost")
    assert brand_at("xinghe.jiumai.localhost") is not None


def test_only_those_who_edit_settings_and_only_their_own(cast: Cast, admin: Actor) -> None:
    for person in ("rep", "admin_c1"):
        with pytest.raises(NotPermitted):
            add_domain(actor=cast.actor(person), host=HOST)
    add_domain(actor=None, slug="chishui", host=HOST)
    with pytest.raises(Missing):
        check_domain(actor=admin, host=HOST)
    with pytest.raises(Missing):  # a seat's brand is its own, whatever it names
        remove_domain(actor=admin, host=HOST, slug="chishui")
    with public():
        assert Domain.objects.filter(tenant__slug="chishui", domain=HOST).exists()


def test_one_brand_asks_zones_so_often_and_another_not_less_for_it(admin: Actor) -> None:
    add_domain(actor=admin, host=HOST)
    for _ in range(CHECKS.limit):
        with pytest.raises(ZoneSilent):
            check_domain(actor=admin, host=HOST)
    with pytest.raises(TooManyTries):
        check_domain(actor=admin, host=HOST)
    add_domain(actor=None, slug="chishui", host=HOST)
    with pytest.raises(ZoneSilent):
        check_domain(actor=None, slug="chishui", host=HOST)
