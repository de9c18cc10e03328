"""A list opens with the view its seat has chosen, from wherever; what an address says is never changed."""

import pytest

from tests.clients import HostClient

CHOSEN = "tier=CITY"


@pytest.fixture
def chosen(desk: HostClient) -> HostClient:
    """The desk, with a view of dealers that the list opens with."""
    kept = {"list": "dealers", "name": "市代", "query": CHOSEN, "default": "1", "next": "/console/dealers/"}
    assert desk.post("/console/views/", kept).status_code == 302
    return desk


def test_a_bare_address_opens_with_it(chosen: HostClient) -> None:
    for headers in ({}, {"referer": "https://elsewhere.example/"}, {"referer": "http://other/console/"}):
        page = chosen.get("/console/dealers/", headers=headers)
        assert (page.status_code, page["Location"]) == (302, f"/console/dealers/?{CHOSEN}")
        assert chosen.get(page["Location"]).status_code == 200


@pytest.mark.parametrize("query", ["?tier=", "?page=2", "?tier=COUNTY", "?all"])
def test_an_address_that_says_anything_stays(chosen: HostClient, query: str) -> None:
    assert chosen.get(f"/console/dealers/{query}").status_code == 200


def test_from_the_list_itself_the_bare_address_is_the_way_to_all(chosen: HostClient) -> None:
    host = chosen.get("/console/orders/").wsgi_request.get_host()
    page = chosen.get("/console/dealers/", headers={"referer": f"http://{host}/console/dealers/?{CHOSEN}"})
    assert page.status_code == 200


def test_other_lists_and_seats_without_a_choice_open_as_ever(chosen: HostClient) -> None:
    assert chosen.get("/console/products/").status_code == 200
    assert chosen.post("/console/dealers/").status_code in (302, 405)
