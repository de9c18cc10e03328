"""Hosts of the brand's own and its entry in the directory, by their forms."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from core.db.acts import public
from tenants.brands.models import Brand, Domain
from tenants.brands.rules import record_value
from tests.cast import Cast
from tests.clients import HostClient

HOSTS, HOST = "/console/settings/hosts/", "order.example.com"
ZONE: list[str] = []


def zone(_name: str) -> list[str]:
    """What the name servers say."""
    return ZONE


@pytest.fixture(autouse=True)
def _zone(settings: Settings) -> Iterator[None]:
    settings.TXT_RESOLVER = f"{__name__}.zone"
    yield
    ZONE.clear()


def said(desk: HostClient, path: str = HOSTS) -> str:
    return str(desk.get(path, follow=True).content.decode())


def test_a_host_is_added_checked_and_removed(cast: Cast, desk: HostClient) -> None:
    refused = desk.post(HOSTS, {"act": "add", "host": "ops.jiumai.localhost"})
    assert refused.status_code == 422
    assert "是平台的域名" in refused.content.decode()
    assert desk.post(HOSTS, {"act": "add", "host": HOST}).status_code == 302
    with public():
        claimed = Domain.objects.get(domain=HOST)
    html = said(desk)
    assert f"_jiumai.{HOST}" in html
    assert record_value(claimed.challenge) in html
    tried = desk.post(f"{HOSTS}{HOST}/check/", follow=True)
    assert "没有查到 TXT 记录" in tried.content.decode()
    ZONE.append(record_value(claimed.challenge))
    done = desk.post(f"{HOSTS}{HOST}/check/", follow=True)
    assert "验证通过" in done.content.decode()
    assert f"_jiumai.{HOST}" not in said(desk)
    assert desk.post(f"{HOSTS}{HOST}/remove/").status_code == 302
    with public():
        assert not Domain.objects.filter(domain=HOST).exists()
    assert desk.post(f"{HOSTS}{HOST}/remove/").status_code == 404


def test_the_entry_in_the_directory(cast: Cast, desk: HostClient) -> None:
    entry = {"act": "directory", "is_listed": "on", "introduction": "", "aromas": ["QX"], "region_code": "山西省"}
    refused = desk.post(HOSTS, entry)
    assert refused.status_code == 422
    assert desk.post(HOSTS, entry | {"introduction": "清香型白酒"}).status_code == 302
    with public():
        brand = Brand.objects.get(slug="xinghe")
    assert (brand.is_listed, brand.aromas, brand.region_code) == (True, ["QX"], "140000")
    assert "清香型白酒" in said(desk)
