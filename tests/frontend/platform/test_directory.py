"""The public pages: brands that wish to be found and nothing more of them, in the reader's language."""

import pytest

from core.db.acts import public
from tenants.brands.models import Brand
from tests.clients import platform_client, visitor
from tests.factories.operators import at_desk, make_operator
from tests.portals import TestPortal


@pytest.fixture
def listed(xinghe: TestPortal) -> TestPortal:
    """杏禾 is listed, 赤水河 is not."""
    with public():
        Brand.objects.filter(slug="xinghe").update(
            is_listed=True,
            introduction="汾河谷地清香",
            introduction_en="Light aroma from the Fen valley",
            region_code="140100",
            aromas=["QX"],
        )
    return xinghe


def test_only_listed_brands_are_there(listed: TestPortal) -> None:
    client = platform_client()
    page = client.get("/brands/").content.decode()
    assert "杏禾酒业" in page
    assert "赤水河" not in page
    assert "汾河谷地清香" in client.get("/brands/xinghe/").content.decode()
    assert client.get("/brands/chishui/").status_code == client.get("/brands/nobody/").status_code == 404


def test_a_suspended_brand_is_missing(listed: TestPortal) -> None:
    with public():
        Brand.objects.filter(slug="xinghe").update(state="SUSPENDED")
    assert platform_client().get("/brands/xinghe/").status_code == 404


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("aroma=QX", True),
        ("aroma=JX", False),
        ("province=140000", True),
        ("province=520000", False),
        ("q=xinghe", True),
        ("q=%E6%9D%8F", True),
        ("q=nobody", False),
        ("aroma=QX&province=520000", False),
        ("aroma=%00&province=%27", False),
    ],
)
def test_brands_are_found_by_aroma_province_and_name(listed: TestPortal, query: str, is_there: bool) -> None:
    answer = platform_client().get(f"/brands/?{query}")
    assert answer.status_code == 200
    assert ("杏禾酒业" in answer.content.decode()) is is_there


def test_search_engines_are_told_of_public_pages_alone(listed: TestPortal) -> None:
    client = platform_client()
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "/brands/xinghe/" in sitemap
    assert "chishui" not in sitemap
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /portals/" in robots
    assert "/sitemap.xml" in robots


@pytest.mark.parametrize("path", ["/", "/brands/", "/brands/xinghe/", "/sign-in/"])
def test_public_pages_speak_the_browsers_language(listed: TestPortal, path: str) -> None:
    client = platform_client()
    assert client.get(path, headers={"accept-language": "en-GB,en;q=0.9"})["Content-Language"] == "en"
    assert client.get(path, headers={"accept-language": "fr"})["Content-Language"] == "zh-hans"
    assert client.get(path)["Content-Language"] == "zh-hans"


def test_nowhere_else_counts_what_the_browser_asks_for(listed: TestPortal) -> None:
    english = {"accept-language": "en"}
    assert visitor(listed).get("/no-such-page/", headers=english)["Content-Language"] == "zh-hans"
    assert at_desk(make_operator("值守", "system")).get("/", headers=english)["Content-Language"] == "zh-hans"
    assert platform_client().get("/portals/", headers=english)["Content-Language"] == "zh-hans"


def test_readers_of_english_find_places_in_english(listed: TestPortal) -> None:
    page = platform_client().get("/brands/", headers={"accept-language": "en"}).content.decode()
    assert "Taiyuan, Shanxi" in page
    assert "山西" not in page
