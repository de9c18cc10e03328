"""The pages of the map: who holds what where, grants given and changed by their forms, zones, suppliers."""

from datetime import date

import pytest

from core.kernel import clock, regions
from dms.territories import services
from dms.territories.models import Grant, OutletSupply, TerritorySettings, Zone
from dms.territories.services import GrantTerritory, SaveZone
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.console.conftest import Opens
from tests.ordering.watching import statements

HERE = "/console/territories/"
NEW = f"{HERE}grants/new/"


@pytest.fixture
def ground(cast: Cast) -> Grant:
    """P1 holds 山东 exclusively, C1 below it 济南; nobody holds anything else."""
    Grant.objects.all().delete()
    services.grant(actor=cast.admin, command=GrantTerritory("P1", "370000", kind="EXCLUSIVE"))
    return services.grant(actor=cast.admin, command=GrantTerritory("C1", "370100", kind="EXCLUSIVE"))


def test_the_tree_opens_level_by_level(cast: Cast, desk: HostClient, ground: Grant) -> None:
    country = desk.get(HERE).content.decode()
    assert "齐鲁酒业" in country
    assert "region=370000&amp;part=rows" in country
    part = desk.get(f"{HERE}?region=370000&part=rows", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "泉城名酒" in part
    assert "齐鲁酒业" in desk.get(f"{HERE}?region=370100").content.decode(), "what holds it from above"
    assert desk.get(f"{HERE}?region=999999&on=x&kind=y&line=z").status_code == 200


def test_as_of_another_day(cast: Cast, desk: HostClient, ground: Grant) -> None:
    assert "齐鲁酒业" not in desk.get(f"{HERE}?on=2026-01-11").content.decode()
    assert "齐鲁酒业" in desk.get(f"{HERE}grants/?on=2026-01-12").content.decode()
    assert "齐鲁酒业" not in desk.get(f"{HERE}grants/?on=2026-01-11").content.decode()


def test_search_leads_to_a_division_or_to_a_dealers_grants(cast: Cast, desk: HostClient, ground: Grant) -> None:
    assert desk.get(f"{HERE}?q=济南市&on=2026-01-12")["Location"] == f"{HERE}?region=370100&on=2026-01-12"
    assert desk.get(f"{HERE}?q=370102")["Location"] == f"{HERE}?region=370102"
    assert desk.get(f"{HERE}?q=泉城")["Location"] == f"{HERE}grants/?q=%E6%B3%89%E5%9F%8E"


def test_a_conflict_is_drawn_with_the_grant_in_the_way(cast: Cast, desk: HostClient, ground: Grant) -> None:
    said = {"dealer_code": "C2", "kind": "EXCLUSIVE", "region_code": "370200", "contract_number": "HT-7"}
    answer = desk.post(NEW, said)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "齐鲁酒业" in html
    assert "ways__bar--asked" in html
    assert "HT-7" in html, "nothing that was typed is lost"
    assert desk.post(NEW, said | {"kind": "SHARED"}).status_code == 302
    row = Grant.objects.get(dealer=cast.c2)
    assert (row.channels, row.contract_number) == (["*"], "HT-7")


def test_a_carve_out_begins_with_the_wider_grant(cast: Cast, desk: HostClient, ground: Grant) -> None:
    wide = Grant.objects.get(dealer=cast.p1)
    html = desk.get(f"{NEW}?carve={wide.pk}").content.decode()
    assert "齐鲁酒业" in html
    assert 'value="C1"' in html
    assert 'value="C2"' not in html, "only dealers below it"
    assert desk.get(f"{NEW}?carve=999999").status_code == 404


def test_changed_ended_and_renewed_by_its_page(cast: Cast, desk: HostClient, ground: Grant) -> None:
    url = f"{HERE}grants/{ground.pk}/"
    assert "齐鲁酒业" in desk.get(url).content.decode(), "what it is carved out of"
    change = {"act": "change", "kind": "SHARED", "region_code": "370100", "effective_on": "2026-03-01", "version": "1"}
    assert desk.post(url, change | {"priority": "2", "channels": ["KA", "HORECA"]}).status_code == 302
    new = Grant.objects.get(follows=ground)
    assert (new.kind, new.priority, new.channels) == ("SHARED", 2, ["HORECA", "KA"])
    assert desk.post(url, change).status_code == 422
    ends = {"act": "end", "ends_on": "2026-06-01", "reason": "到期", "version": "1"}
    assert desk.post(f"{HERE}grants/{new.pk}/", ends).status_code == 302
    renews = {"act": "renew", "valid_to": "2027-06-01", "contract_number": "HT-8"}
    assert desk.post(f"{HERE}grants/{new.pk}/", renews).status_code == 302
    html = desk.get(f"{HERE}grants/{new.pk}/").content.decode()
    assert html.count("ways__row") == 3
    assert "到期" in html


def test_a_record_says_who_and_that_there_is_no_end(cast: Cast, desk: HostClient, ground: Grant) -> None:
    page = desk.get(f"{HERE}grants/{ground.pk}/").content.decode()
    record = page.partition('id="h-record"')[2]
    assert f"{cast.admin.person_name} · " in record
    assert "起，长期" in record


def test_what_rests_on_a_grant_is_drawn(cast: Cast, desk: HostClient, ground: Grant) -> None:
    wide = Grant.objects.get(dealer=cast.p1)
    answer = desk.post(f"{HERE}grants/{wide.pk}/", {"act": "end", "ends_on": "2026-06-01"})
    assert answer.status_code == 422
    assert f"{HERE}grants/{ground.pk}/" in answer.content.decode()


def test_a_zone_is_drawn_by_names(cast: Cast, desk: HostClient, ground: Grant) -> None:
    said = {"code": "jn-gx", "name": "济南高新区", "regions": "山东省济南市历下区\n370112\n"}
    bad = desk.post(f"{HERE}zones/new/", said | {"regions": "某某区\n370112"})
    assert bad.status_code == 422
    assert "某某区" in bad.content.decode()
    assert desk.post(f"{HERE}zones/new/", said)["Location"] == f"{HERE}zones/JN-GX/"
    assert "历城区" in desk.get(f"{HERE}zones/").content.decode()
    assert desk.post(f"{HERE}zones/JN-GX/", {"act": "close"}).status_code == 302
    assert Zone.objects.get().closed_at is not None
    assert desk.get(f"{HERE}zones/JN-GX/").status_code == 404


def test_a_zone_in_use_tells_so(cast: Cast, desk: HostClient, ground: Grant) -> None:
    services.save_zone(actor=cast.admin, command=SaveZone("HT", "高新区", ("370202",)))
    services.grant(actor=cast.admin, command=GrantTerritory("C2", zone_code="HT"))
    assert desk.post(f"{HERE}zones/HT/", {"act": "close"}).status_code == 422
    assert "胶州湾酒行" in desk.get(f"{HERE}zones/HT/").content.decode()


def test_the_days_of_grace_are_set(cast: Cast, desk: HostClient, as_: Opens) -> None:
    assert desk.post(f"{HERE}zones/", {"grace_days": "90", "version": "0"}).status_code == 302
    assert TerritorySettings.objects.get().grace_days == 90
    assert desk.post(f"{HERE}zones/", {"grace_days": "4000"}).status_code == 422
    assert "90" in as_("sales_admin").get(f"{HERE}zones/").content.decode()


def test_an_outlets_supplier_is_changed(cast: Cast, desk: HostClient, ground: Grant) -> None:
    url = f"{HERE}outlets/T1/"
    assert "泉城名酒" in desk.get(f"{HERE}outlets/").content.decode()
    assert desk.post(url, {"supplier_code": "C1"}).status_code == 422
    assert desk.post(url, {"supplier_code": "ROOT", "effective_on": "2026-02-01", "reason": "直营"}).status_code == 302
    row = OutletSupply.objects.get(begun_at=None)
    assert row.supplier == cast.root
    assert "直营" in desk.get(url).content.decode()
    for named in ("", "9" * 19, "-1"):
        assert desk.post(url, {"act": "withdraw", "supply": named}).status_code == 404
    assert desk.post(url, {"act": "withdraw", "supply": str(row.pk)}).status_code == 302
    assert not OutletSupply.objects.filter(begun_at=None).exists()
    assert desk.get(f"{HERE}outlets/C1/").status_code == 404


def test_a_grant_that_has_not_begun_is_withdrawn(cast: Cast, desk: HostClient, ground: Grant) -> None:
    command = GrantTerritory("C2", "370300", valid_from=date(2026, 6, 1))
    row = services.grant(actor=cast.admin, command=command)
    url = f"{HERE}grants/{row.pk}/"
    assert 'name="act" value="withdraw"' in desk.get(url).content.decode()
    assert 'name="act" value="withdraw"' not in desk.get(f"{HERE}grants/{ground.pk}/").content.decode()
    assert desk.post(f"{HERE}grants/{ground.pk}/", {"act": "withdraw"}).status_code == 422
    assert desk.post(url, {"act": "withdraw", "reason": "未签", "version": row.version}).status_code == 302
    assert not Grant.objects.filter(pk=row.pk).exists()


def test_gaps_are_counted_by_province(cast: Cast, desk: HostClient, ground: Grant) -> None:
    html = desk.get(f"{HERE}gaps/").content.decode()
    open_leaves = len(regions.leaves("CN")) - len(regions.leaves("370000"))
    assert str(open_leaves) in html
    assert html.count("tilemap__tile") == 34


def test_readers_read_and_change_nothing(cast: Cast, as_: Opens, ground: Grant) -> None:
    reader = as_("sales_admin")
    for path in ("", "grants/", f"grants/{ground.pk}/", "gaps/", "zones/", "outlets/", "outlets/T1/"):
        html = reader.get(HERE + path)
        assert html.status_code == 200
        assert NEW not in html.content.decode()
    assert reader.get(NEW).status_code == 403
    assert reader.post(f"{HERE}grants/{ground.pk}/", {"act": "end", "ends_on": "2026-06-01"}).status_code == 422
    assert as_("buyer_c1").get(HERE).status_code == 404


@pytest.mark.parametrize("path", ["", "?region=370000", "grants/", "gaps/", "zones/", "outlets/"])
def test_a_page_costs_the_same_for_few_and_for_many(cast: Cast, desk: HostClient, ground: Grant, path: str) -> None:
    desk.get(HERE + path)
    with statements() as few:
        desk.get(HERE + path)
    rows = [
        Grant(dealer=dealer, region_code=code, valid_from=clock.business_day(), created_at=clock.now())
        for code in sorted(regions.leaves("370000"))
        for dealer in (cast.p1, cast.c1, cast.c2)
    ]
    Grant.objects.bulk_create(rows)
    with statements() as many:
        desk.get(HERE + path)
    assert len(many) == len(few)
