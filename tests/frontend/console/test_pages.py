"""Every page of the console opens for whom it is meant, in both languages, and for nobody else."""

import re

import pytest

from tests.cast import Cast
from tests.clients import visitor
from tests.frontend.console.conftest import Opens
from tests.frontend.ui.markup import broken_references, forbidden_in

PAGES = [
    "",
    "messages/",
    "orders/",
    "orders/?view=approve",
    "products/",
    "products/?q=mz&status=ON&sort=-updated",
    "products/new/",
    "products/families/",
    "products/families/new/",
    "products/producers/",
    "products/lines/",
    "prices/",
    "prices/new/",
    "prices/matrix/",
    "prices/matrix/?list=CITY",
    "dealers/",
    "dealers/?q=泉",
    "dealers/new/",
    "dealers/code/C1/",
    "dealers/?view=list&below=P1",
    "dealers/branch/P1/",
    "dealers/code/C1/?tab=people",
    "dealers/code/C1/?tab=prices",
    "dealers/code/T1/?tab=prices",
    "dealers/code/C1/?tab=notices",
    "dealers/code/C1/?tab=stock",
    "dealers/code/C1/?tab=account",
    "dealers/code/C1/?tab=orders",
    "dealers/code/C1/?tab=grants",
    "dealers/code/C1/?tab=record",
    "stock/",
    "stock/?only=short",
    "stock/?view=pivot",
    "stock/counts/",
    "stock/counts/new/",
    "stock/adjust/",
    "stock/movements/",
    "stock/movements/?kind=COUNT&since=2026-01-01&before=9",
    "stock/code/XH-QX-530-0500-Y20-06/?warehouse=W1",
    "stock/warehouses/",
    "stock/warehouses/W1/",
    "stock/transfer/",
    "stock/transfers/",
    "stock/warehouses/new/",
    "import/products/",
    "import/dealers/",
    "import/count/",
    "jobs/",
    "seats/",
    "seats/?side=dealer",
    "seats/invite/",
    "seats/invite/?side=dealer",
    "seats/invitations/",
    "seats/roles/",
    "seats/roles/new/",
    "seats/roles/new/?side=dealer",
    "seats/stand-ins/",
    "seats/stand-ins/new/",
    "seats/rights/",
    "seats/rights/?side=dealer&by=permission",
    "tokens/",
    "settings/",
    "audit/",
]
_TAGS = re.compile(r"<[^>]+>|<script.*?</script>", re.DOTALL)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_opens_for_the_administrator(as_: Opens, path: str, language: str) -> None:
    client = as_("admin")
    client.cookies["jm_language"] = language
    answer = client.get(f"/console/{path}")
    assert answer.status_code == 200, answer.content.decode()[:2000]
    html = answer.content.decode()
    assert forbidden_in(html) == []
    assert broken_references(html) == []


@pytest.mark.parametrize("path", PAGES)
def test_sends_a_stranger_to_sign_in(cast: Cast, path: str) -> None:
    answer = visitor(cast.portal).get(f"/console/{path}")
    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]


@pytest.mark.parametrize("path", PAGES)
def test_is_not_there_for_the_dealers_side(as_: Opens, path: str) -> None:
    assert as_("admin_c1").get(f"/console/{path}").status_code == 404


@pytest.mark.parametrize(
    "key",
    ["product", "pricing", "sales_admin", "region_manager", "rep", "finance", "warehouse", "auditor"],
)
def test_every_entry_of_the_rail_opens_for_the_role_that_sees_it(as_: Opens, key: str) -> None:
    client = as_(key)
    html = client.get("/console/").content.decode()
    links = set(re.findall(r'class="rail__link" href="([^"]+)"', html))
    assert "/console/" in links
    for link in links:
        assert client.get(link, follow=True).status_code == 200, link


def test_a_page_without_its_permission_is_refused(as_: Opens) -> None:
    assert as_("rep").get("/console/seats/").status_code == 403
    assert as_("finance").get("/console/stock/").status_code == 403
    assert as_("pricing").get("/console/orders/").status_code == 403
