"""Two brands deal with the same firm: each learns what the public register says, neither learns of the other."""

import json
from datetime import date

import pytest

from core.catalogue.models import Producer
from core.db import sql
from core.db.acts import PUBLIC, public
from core.events.relay import relay
from core.kernel.errors import DomainError
from dms.dealers.models import Credential, Dealer
from dms.dealers.selectors import submitted_scan
from dms.dealers.services import CreateDealer, create_dealer, registered
from tenants.organisations.models import Licence, Organisation, OrganisationUse
from tenants.organisations.services import VerifyLicence, forget_uses, reject_licence, verify_licence
from tests.cast import Cast
from tests.clients import signed_in
from tests.factories.papers import JY, SC, make_organisation, operator, send_paper, send_producer_paper, uscc_of

XINGHE, CHISHUI = "t_xinghe", "t_chishui"
FIRM = "SHARED"


def exchange() -> None:
    """Let the post go between both brands and the register until it rests."""
    for schema in (XINGHE, CHISHUI, PUBLIC, XINGHE, CHISHUI):
        relay(schema)


def set_up(cast: Cast, code: str, name: str) -> Dealer:
    """A dealer as a page or the API sets it up."""
    with cast.portal.inside():
        command = CreateDealer(code, name, "CITY", "370300", uscc=uscc_of(FIRM), activates=True)
        return create_dealer(actor=cast.admin, command=registered(actor=cast.admin, command=command))


def said_in(schema: str, word: str) -> list[str]:
    """Tables of a schema that hold a word anywhere."""
    names = sql.rows("SELECT tablename FROM pg_tables WHERE schemaname = %(schema)s", {"schema": schema})
    return [
        name
        for (name,) in names
        if sql.row(f'SELECT 1 FROM "{schema}"."{name}" AS t WHERE t::text LIKE %(word)s LIMIT 1', {"word": f"%{word}%"})
    ]


@pytest.fixture
def both(cast: Cast, chishui_cast: Cast) -> tuple[Cast, Cast]:
    set_up(cast, "X1", "甲名")
    set_up(chishui_cast, "Y1", "乙名")
    exchange()
    return cast, chishui_cast


def test_the_firm_is_one_and_its_first_name_stays(both: tuple[Cast, Cast]) -> None:
    with public():
        firm = Organisation.objects.get(uscc=uscc_of(FIRM))
        assert firm.name == "甲名"
        uses = OrganisationUse.objects.filter(organisation=firm).values_list("schema_name", flat=True)
        assert set(uses) == {XINGHE, CHISHUI}
    for cast, code, name in ((both[0], "X1", "甲名"), (both[1], "Y1", "乙名")):
        with cast.portal.inside():
            dealer = Dealer.objects.get(code=code)
            assert (dealer.organisation_id, dealer.name) == (firm.pk, name)


def test_both_hear_of_a_verified_paper_and_nothing_of_each_other(both: tuple[Cast, Cast]) -> None:
    here, there = both
    with here.portal.inside():
        row = send_paper(here.admin, "X1", scope="MARK-SCOPE")
    exchange()
    with there.portal.inside():
        assert not Credential.objects.filter(type="JY", dealer__code="Y1").exists()
    with public():
        verify_licence(actor=operator(), command=VerifyLicence(row.licence_id))  # type: ignore[arg-type]
    exchange()
    with there.portal.inside():
        copy = Credential.objects.get(type="JY", dealer__code="Y1")
        assert (copy.check_status, copy.is_accepted, copy.number) == ("VERIFIED", True, JY)
        assert (copy.file_ids, copy.submitted_at, copy.submitted_by_name) == ([], None, "")
        with pytest.raises(DomainError) as refusal:
            submitted_scan(there.admin, copy.pk, row.file_ids[0])
        assert refusal.value.code == "missing"
    with public():
        assert said_in(CHISHUI, XINGHE) == []
        assert said_in(XINGHE, CHISHUI) == []
        assert said_in(CHISHUI, "甲名") == []
        assert said_in(CHISHUI, here.admin.person_id.hex) == []
    stranger = signed_in(there.portal, there.seats["admin"], raise_request_exception=False)
    with there.portal.inside():
        assert stranger.get(f"/console/licences/{copy.pk}/scan/{row.file_ids[0]}/").status_code == 404
        for path in ("/console/dealers/code/Y1/?tab=licences", "/console/audit/", "/api/v1/dealers/Y1"):
            text = stranger.get(path).content.decode()
            assert XINGHE not in text
            assert "杏禾" not in text


def test_a_rejection_goes_to_the_sender_alone(both: tuple[Cast, Cast]) -> None:
    here, there = both
    with here.portal.inside():
        row = send_paper(here.admin, "X1")
    with there.portal.inside():
        other = send_paper(there.admin, "Y1")
    exchange()
    with public():
        assert Licence.objects.filter(status="SUBMITTED").count() == 2
        reject_licence(actor=operator(), licence_id=row.licence_id, reason="MARK-REASON")  # type: ignore[arg-type]
    exchange()
    with here.portal.inside():
        assert Credential.objects.get(pk=row.pk).check_status == "REJECTED"
    with there.portal.inside():
        other.refresh_from_db()
        assert (other.check_status, other.reason) == ("SUBMITTED", "")
    with public():
        assert said_in(CHISHUI, "MARK-REASON") == []


def test_sending_what_another_has_sent_answers_as_if_it_were_new(both: tuple[Cast, Cast]) -> None:
    here, there = both
    with here.portal.inside():
        first = send_paper(here.admin, "X1", valid_to=date(2029, 1, 1))
    exchange()
    with there.portal.inside():
        second = send_paper(there.admin, "Y1", valid_to=date(2029, 1, 1))
    exchange()
    assert (first.check_status, second.check_status) == ("SUBMITTED", "SUBMITTED")
    for row in (first, second):
        with public():
            verify_licence(actor=operator(), command=VerifyLicence(row.licence_id))  # type: ignore[arg-type]
        exchange()
    for cast, code in ((here, "X1"), (there, "Y1")):
        with cast.portal.inside():
            held = Credential.objects.filter(dealer__code=code, type="JY", is_accepted=True)
            assert [one.check_status for one in held] == ["VERIFIED"]


def test_a_brand_that_comes_later_is_told_what_is_verified(cast: Cast, chishui_cast: Cast) -> None:
    set_up(cast, "X1", "甲名")
    with cast.portal.inside():
        row = send_paper(cast.admin, "X1")
    exchange()
    with public():
        verify_licence(actor=operator(), command=VerifyLicence(row.licence_id))  # type: ignore[arg-type]
    exchange()
    set_up(chishui_cast, "Y1", "乙名")
    exchange()
    with chishui_cast.portal.inside():
        assert Credential.objects.get(dealer__code="Y1", type="JY").check_status == "VERIFIED"


def test_nothing_is_delivered_to_a_brand_that_is_gone(both: tuple[Cast, Cast]) -> None:
    forget_uses(schema_name=CHISHUI)
    with both[0].portal.inside():
        row = send_paper(both[0].admin, "X1")
    exchange()
    with public():
        verify_licence(actor=operator(), command=VerifyLicence(row.licence_id))  # type: ignore[arg-type]
    exchange()
    with both[1].portal.inside():
        assert not Credential.objects.filter(dealer__code="Y1", type="JY").exists()


def test_a_producers_licence_reaches_every_brand_that_sells_its_goods(cast: Cast, chishui_cast: Cast) -> None:
    maker = make_organisation("MAKER", "DISTILLERY")
    for one in (cast, chishui_cast):
        with one.portal.inside():
            Producer.objects.update(organisation_id=maker.pk, sc_no="", uscc=str(maker.uscc))
    with public():
        OrganisationUse.objects.create(organisation=maker, schema_name=CHISHUI, noted_at=maker.created_at)
    with cast.portal.inside():
        sent = send_producer_paper(cast.product)
        assert (sent.sc_no, sent.sc_check) == (SC, "SUBMITTED")
    exchange()
    with public():
        verify_licence(actor=operator(), command=VerifyLicence(sent.sc_licence_id))  # type: ignore[arg-type]
    exchange()
    for one, files in ((cast, 1), (chishui_cast, 0)):
        with one.portal.inside():
            row = Producer.objects.get()
            assert (row.sc_no, row.sc_check, len(row.sc_file_ids)) == (SC, "VERIFIED", files)


def test_the_list_of_brands_stays_in_the_public_post(both: tuple[Cast, Cast]) -> None:
    here, there = both
    with here.portal.inside():
        row = send_paper(here.admin, "X1")
    exchange()
    with public():
        verify_licence(actor=operator(), command=VerifyLicence(row.licence_id))  # type: ignore[arg-type]
        told = sql.row("SELECT payload::text FROM events_event WHERE kind LIKE '%%licence_verified%%'", {})
        assert told is not None
        assert json.loads(told[0])["brand_schemas"] == [CHISHUI, XINGHE]
    exchange()
    for cast in (here, there):
        with cast.portal.inside():
            found = sql.row("SELECT count(*) FROM events_event WHERE payload::text LIKE '%%brand_schemas%%'", {})
            assert found == (0,)
