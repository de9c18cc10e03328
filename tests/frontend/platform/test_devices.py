"""One ends one's own sign-ins, and nobody else's."""

from uuid import uuid4

import pytest

from core.db.acts import public
from frontend.platform.devices import devices_context
from tenants.people.models import SignIn
from tests.cast import Cast
from tests.clients import HostClient, signed_in, visitor


def is_in(client: HostClient) -> bool:
    return bool(client.get("/api/v1/me").status_code == 200)


@pytest.fixture
def desk(cast: Cast) -> HostClient:
    return signed_in(cast.portal, cast.seats["buyer_c1"])


@pytest.fixture
def telephone(cast: Cast) -> HostClient:
    return signed_in(cast.portal, cast.seats["buyer_c1"])


def test_another_device_is_ended_in_mid_session(desk: HostClient, telephone: HostClient) -> None:
    answer = desk.post("/sessions/end/", {"sign_in": telephone.session["sign_in"], "next": "/me/"})
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert is_in(desk)
    assert not is_in(telephone)
    assert telephone.get("/").status_code == 302, "its next page asks for the password"


def test_all_others_are_ended(desk: HostClient, telephone: HostClient) -> None:
    desk.post("/sessions/end/", {"others": "1"})
    assert is_in(desk)
    assert not is_in(telephone)


def test_ending_this_one_is_signing_out(desk: HostClient) -> None:
    assert desk.post("/sessions/end/", {"sign_in": desk.session["sign_in"]})["Location"] == "/sign-in/"
    assert not is_in(desk)


@pytest.mark.parametrize("whose", ["a stranger's", "nobody's", "nonsense"])
def test_what_is_not_ones_own_is_not_there(cast: Cast, desk: HostClient, whose: str) -> None:
    stranger = signed_in(cast.portal, cast.seats["buyer_p1"])
    asked = {"a stranger's": stranger.session["sign_in"], "nobody's": str(uuid4()), "nonsense": "1; drop"}[whose]
    desk.raise_request_exception = False
    assert desk.post("/sessions/end/", {"sign_in": asked}).status_code == 404
    assert is_in(stranger)


def test_nobody_is_sent_to_the_sign_in_page(cast: Cast) -> None:
    assert visitor(cast.portal).post("/sessions/end/", {"others": "1"})["Location"] == "/sign-in/"


def test_this_device_stands_first_in_words(cast: Cast, desk: HostClient, telephone: HostClient) -> None:
    with public():
        SignIn.objects.filter(pk=telephone.session["sign_in"]).update(agent="wechat/ios")
    request = desk.get("/sign-in/").wsgi_request
    request.session = desk.session
    context = devices_context(request)
    cards = context["devices"]
    assert isinstance(cards, list)
    assert [card.is_this for card in cards] == [True, False]
    assert [card.is_phone for card in cards] == [False, True]
    assert context["has_other_devices"]
