"""One's own data: taken along by their owner alone, or taken away with all that hangs on them."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from core.db.acts import brand_schema, public
from core.events.models import Event
from core.events.relay import relay
from core.kernel import clock
from tenants.access.models import ApiToken, Seat
from tenants.access.services.personal import READINGS
from tenants.brands.models import Portal
from tenants.brands.services import note_portal
from tenants.people.events import DATA_READ_OUT, PERSON_ERASED
from tenants.people.models import Operator, SignIn, User
from tests.cast import Cast
from tests.clients import platform_client, signed_in, visitor
from tests.factories.people import PASSWORD, make_person
from tests.factories.seats import make_seat
from tests.frontend.platform.conftest import PHONE, Person
from tests.portals import CHISHUI, XINGHE


def files_in(answer: Any) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}


def erase(person: Person, **form: str) -> Any:
    return person.platform.post("/my-data/erase/", {"current": PASSWORD, "sure": "1", **form})


def deliver() -> None:
    """What the worker does with the event."""
    relay("public")


def test_the_owner_takes_everything_along(cast: Cast, buyer: Person) -> None:
    cast.token(cast.buyer_c1)
    answer = buyer.platform.post("/my-data/file/", {"current": PASSWORD})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    files = files_in(answer)
    assert files["account.json"]["mobile_number"] == f"+86{PHONE}"
    assert files["account.json"]["name"] == cast.buyer_c1.person_name
    assert len(files["sign-ins.json"]) == 1
    assert set(files) == {
        "account.json",
        "sign-ins.json",
        "brands/xinghe.json",
        "brands/chishui.json",
    }
    (seat,) = files["brands/xinghe.json"]["seats"]
    assert (seat["house"], seat["roles"]) == ("泉城名酒", ["dealer_buyer"])
    assert [token["name"] for token in seat["tokens"]] == ["test"]
    with public():
        assert Event.objects.filter(kind=DATA_READ_OUT).count() == 1


def test_nothing_of_the_file_is_kept_and_nobody_else_gets_it(cast: Cast, buyer: Person) -> None:
    assert buyer.platform.get("/my-data/file/").status_code == 405
    assert platform_client().post("/my-data/file/", {"current": PASSWORD})["Location"] == "/sign-in/"
    wrong = buyer.platform.post("/my-data/file/", {"current": "wrong"})
    assert wrong.status_code == 422
    assert b"PK" not in wrong.content[:4]


def test_it_is_made_five_times_an_hour_at_most(cast: Cast, buyer: Person) -> None:
    statuses = [
        buyer.platform.post("/my-data/file/", {"current": PASSWORD}).status_code for _ in range(READINGS.limit + 1)
    ]
    assert statuses == [200] * READINGS.limit + [429]


def test_it_is_not_on_a_brands_host(cast: Cast) -> None:
    client = signed_in(cast.portal, cast.seats["buyer_c1"], raise_request_exception=False)
    for path in ("/my-data/", "/my-data/file/", "/my-data/erase/"):
        assert client.get(path).status_code == 404


def test_an_erased_person_is_gone_everywhere(cast: Cast, chishui_cast: Cast, buyer: Person) -> None:
    user_id, name = buyer.user.pk, cast.buyer_c1.person_name
    token = cast.token(cast.buyer_c1)
    brand = signed_in(cast.portal, cast.seats["buyer_c1"])
    with public():
        User.objects.filter(pk=user_id).update(phone_index="x", phone_sealed="y")
    assert erase(buyer)["Location"] == "/"
    with public():
        row = User.objects.get(pk=user_id)
        assert (row.name, row.phone_sealed, row.email_sealed, row.phone_index) == ("—", "", "", None)
        assert (row.is_active, row.has_usable_password()) == (False, False)
        assert row.erased_at is not None
        assert not SignIn.objects.filter(person=row).exists()
        assert not Portal.objects.filter(person_id=user_id).exists()
        said = json.dumps(list(Event.objects.filter(kind=PERSON_ERASED).values()), cls=DjangoJSONEncoder)
        assert str(user_id) in said
        assert name not in said
    assert brand.get("/me/").status_code == 302, "signed out on the brand's host too"
    deliver()
    for portal in (XINGHE, CHISHUI):
        with brand_schema(portal.schema):
            assert not Seat.objects.filter(person_name=name).exists()
            assert not Seat.objects.filter(person_id=user_id, status=Seat.Status.ACTIVE).exists()
            assert not ApiToken.objects.filter(seat__person_id=user_id, revoked_at__isnull=True).exists()
    program = visitor(cast.portal)
    assert program.get("/api/v1/me", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert program.post("/sign-in/", {"identifier": PHONE, "password": PASSWORD}).status_code == 422


def test_the_account_name_is_free_again(cast: Cast, buyer: Person) -> None:
    erase(buyer)
    again = make_person("another", phone=PHONE)
    assert again.pk != buyer.user.pk


def test_the_only_administrator_of_an_open_brand_stays(cast: Cast, buyer: Person) -> None:
    Seat.objects.filter(roles__contains=["brand_admin"]).delete()
    seat = make_seat(cast.portal, cast.buyer_c1.person_name, cast.root, "brand_admin")
    note_portal(schema_name=XINGHE.schema, person_id=buyer.user.pk, side="brand")
    answer = erase(buyer)
    assert answer.status_code == 409
    assert XINGHE.name in answer.content.decode()
    assert "erase_current" not in answer.content.decode(), "the page says it before the password is asked"
    with public():
        assert User.objects.get(pk=buyer.user.pk).is_active
    seat.refresh_from_db()
    assert seat.status == Seat.Status.ACTIVE
    make_seat(cast.portal, "另一位", cast.root, "brand_admin")
    other = make_person("另一位", phone="13912340001")
    with public():
        User.objects.filter(pk=other.pk).update(is_active=False)
    assert erase(buyer).status_code == 409, "whose account is closed lets nobody in"
    with public():
        User.objects.filter(pk=other.pk).update(is_active=True)
    assert erase(buyer).status_code == 302


def test_an_operator_stays_until_the_role_ends(cast: Cast, buyer: Person) -> None:
    with public():
        operator = Operator.objects.create(person=buyer.user, roles=["audit"], since=clock.now())
    assert erase(buyer).status_code == 409
    with public():
        operator.ended_at = clock.now()
        operator.save()
    assert erase(buyer).status_code == 302


@pytest.mark.parametrize("form", [{"current": "wrong"}, {"current": ""}, {"sure": ""}])
def test_without_password_and_a_tick_nothing_happens(cast: Cast, buyer: Person, form: dict[str, str]) -> None:
    assert erase(buyer, **form).status_code == 422
    with public():
        assert User.objects.get(pk=buyer.user.pk).is_active


def test_the_page_says_what_goes_and_what_stays(cast: Cast, buyer: Person) -> None:
    shown = buyer.platform.get("/my-data/").content.decode()
    assert "会删除的" in shown
    assert "《电子商务法》要求交易记录自完成之日起保存三年" in shown
