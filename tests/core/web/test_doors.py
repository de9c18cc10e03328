"""Who may pass a page's door."""

from tests.cast import Cast
from tests.clients import signed_in, visitor
from tests.portals import TestPortal


def test_someone_signed_out_is_sent_to_sign_in_and_back(xinghe: TestPortal) -> None:
    answer = visitor(xinghe).get("/me/?a=1&b=2")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/me/%3Fa%3D1%26b%3D2")


def test_an_expired_session_in_htmx_leaves_the_page_for_sign_in(xinghe: TestPortal) -> None:
    headers = {"hx-request": "true", "hx-current-url": f"http://{xinghe.host}/checkout/?x=1"}
    answer = visitor(xinghe).post("/brand-only/", headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/sign-in/?next=/checkout/%3Fx%3D1")


def test_someone_seated_passes_and_nothing_is_kept_by_the_browser(cast: Cast) -> None:
    answer = cast.client(cast.buyer_c1).get("/me/")
    assert (answer.status_code, answer.content.decode()) == (200, "采购员乙@xinghe")
    assert answer["Cache-Control"] == "private, no-store"


def test_a_permission_is_asked_for(cast: Cast) -> None:
    assert cast.client(cast.sales_admin).get("/desk/").status_code == 200
    assert cast.client(cast.buyer_c1).get("/desk/").status_code == 403


def test_the_other_sides_page_is_not_there(cast: Cast) -> None:
    assert cast.client(cast.admin).post("/brand-only/").status_code == 200
    assert cast.client(cast.buyer_c1).post("/brand-only/").status_code == 404


def test_only_its_methods_are_answered(cast: Cast) -> None:
    answer = cast.client(cast.admin).get("/brand-only/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "这个地址不能直接打开" in answer.content.decode()


def test_a_session_of_one_brand_is_nobody_on_the_others_host(cast: Cast, chishui: TestPortal) -> None:
    client = cast.client(cast.buyer_c1)
    client.defaults["HTTP_HOST"] = chishui.host
    assert client.get("/me/").status_code == 302


def test_a_seat_of_the_other_brand_does_not_count_here(cast: Cast, chishui_cast: Cast) -> None:
    strange = signed_in(cast.portal, chishui_cast.seats["admin_c1"])
    strange_seat = strange.get("/me/")
    assert strange_seat.status_code == 302
