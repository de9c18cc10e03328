"""The register of organisations: found by USCC, never edited by a brand."""

import pytest

from core.db.acts import act, public
from core.kernel.errors import DomainError
from tenants.organisations.errors import NamelessOrganisation
from tenants.organisations.models import Organisation
from tenants.organisations.services import find_or_create
from tests.portals import TestPortal

USCC = "91350100M000100Y43"


def test_the_second_brand_finds_what_the_first_wrote_down(xinghe: TestPortal, chishui: TestPortal) -> None:
    first = find_or_create(uscc=USCC.lower(), name="福州某酒业有限公司", kind="DEALER")
    with chishui.inside():
        second = find_or_create(uscc=f" {USCC} ", name="另一个名字", kind="OUTLET")
    assert (second.pk, second.name, second.kind) == (first.pk, "福州某酒业有限公司", "DEALER")


@pytest.mark.parametrize("uscc", ["91350100M000100Y4Z", "", "123", "91350100M000100Y4I"])
def test_a_wrong_code_is_refused(xinghe: TestPortal, uscc: str) -> None:
    with pytest.raises(DomainError):
        find_or_create(uscc=uscc, name="某公司", kind="DEALER")
    with public():
        assert not Organisation.objects.exists()


def test_a_nameless_one_is_refused(xinghe: TestPortal) -> None:
    with pytest.raises(NamelessOrganisation):
        find_or_create(uscc=USCC, name="  ", kind="DEALER")


def test_it_is_asked_before_a_brands_act_and_never_inside(xinghe: TestPortal) -> None:
    with pytest.raises(RuntimeError), act():
        find_or_create(uscc=USCC, name="某公司", kind="DEALER")
