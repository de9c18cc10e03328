"""A dealer's papers: sent, verified, accepted, refused, taken back; the gate follows."""

from datetime import date
from uuid import UUID

import pytest

from core.db.acts import PUBLIC, public
from core.events.models import Event
from core.events.relay import relay
from core.files.models import StoredFile
from core.kernel.errors import DomainError
from core.web.throttling import Throttle
from dms.dealers import services
from dms.dealers.models import Credential, Dealer, DealerSettings
from dms.dealers.rules import Need, State
from dms.dealers.selectors import credential_state, own_papers, papers_of, submitted_scan, trading_dealer
from dms.dealers.services import ChangePaperRules, DecidePaper, Licence, RecordCredential, SubmitPaper
from tenants.organisations.models import Licence as PublicLicence
from tenants.organisations.models import Organisation, OrganisationUse
from tenants.organisations.services import VerifyLicence, reject_licence, verify_licence, withdraw_licence
from tests.cast import Cast
from tests.factories.papers import JY, YB, keep_scan, make_firm, operator, send_paper, uscc_of
from tests.portals import CHISHUI, XINGHE

TODAY = date(2026, 1, 12)


def exchange() -> None:
    """Let the post go to the register and back."""
    for schema in (XINGHE.schema, PUBLIC, XINGHE.schema, CHISHUI.schema):
        relay(schema)


def licence_at_the_register(row: Credential) -> PublicLicence:
    exchange()
    with public():
        return PublicLicence.objects.get(pk=str(row.licence_id))


def verified(row: Credential, **said: object) -> Credential:
    licence_at_the_register(row)
    with public():
        verify_licence(actor=operator(), command=VerifyLicence(row.licence_id, **said))  # type: ignore[arg-type]
    exchange()
    return Credential.objects.get(licence_id=row.licence_id, dealer=row.dealer)


def gate(cast: Cast, house: str = "c1") -> list[tuple[str, date | None]]:
    buyer = getattr(cast, house)
    found = trading_dealer(buyer_id=buyer.pk, seller_id=None, day=TODAY).missing_papers
    return [(one.need.value, one.ended_on) for one in found]


@pytest.fixture
def firm(cast: Cast) -> Dealer:
    """C1 with its USCC and a business licence, but without a food permit."""
    house = make_firm(cast.c1)
    Credential.objects.filter(dealer=house).delete()
    services.record_credential(
        actor=cast.admin, command=RecordCredential("C1", Licence("BUSINESS", house.uscc, date(2020, 1, 1)))
    )
    return house


def refused(call: object) -> DomainError:
    assert callable(call)
    with pytest.raises(DomainError) as refusal:
        call()
    return refusal.value


def test_a_verified_paper_opens_the_gate_by_itself(cast: Cast, firm: Dealer) -> None:
    row = send_paper(cast.admin_c1, "C1", scope="预包装食品")
    assert credential_state(row, TODAY) is State.CHECKING
    assert gate(cast) == [("FOOD", None)]
    at_register = licence_at_the_register(row)
    assert (at_register.status, at_register.submitted_in, at_register.number) == ("SUBMITTED", XINGHE.schema, JY)
    assert at_register.submitted_by == cast.admin_c1.person_id
    held = verified(row)
    assert (held.check_status, held.is_accepted, held.scope) == ("VERIFIED", True, "预包装食品")
    assert gate(cast) == []


def test_the_operator_corrects_days_from_the_scan(cast: Cast, firm: Dealer) -> None:
    held = verified(send_paper(cast.admin_c1, "C1"), valid_to=date(2027, 5, 31))
    assert held.valid_to == date(2027, 5, 31)


def test_a_brand_may_want_to_accept_every_paper_itself(cast: Cast, firm: Dealer) -> None:
    services.change_paper_rules(actor=cast.admin, command=ChangePaperRules((), accepts_verified=False))
    held = verified(send_paper(cast.admin_c1, "C1"))
    assert (held.is_accepted, credential_state(held, TODAY)) == (False, State.OPEN)
    assert gate(cast) == [("FOOD", None)]
    services.decide_paper(actor=cast.admin, command=DecidePaper(held.pk, accepts=True))
    assert gate(cast) == []


def test_a_brand_accepts_before_the_platform_has_looked(cast: Cast, firm: Dealer) -> None:
    row = send_paper(cast.admin_c1, "C1")
    services.decide_paper(actor=cast.admin, command=DecidePaper(row.pk, accepts=True))
    assert gate(cast) == []
    event = Event.objects.filter(kind="dms.credential_decided.v1").get()
    assert (event.payload["is_accepted"], event.aggregate_id) == (True, "C1")


def test_a_refused_paper_stays_refused_when_it_is_verified(cast: Cast, firm: Dealer) -> None:
    row = send_paper(cast.admin_c1, "C1")
    assert refused(
        lambda: services.decide_paper(actor=cast.admin, command=DecidePaper(row.pk, accepts=False))
    ).code == ("dealers.reason_missing")
    services.decide_paper(actor=cast.admin, command=DecidePaper(row.pk, accepts=False, reason="经营者已变更"))
    held = verified(row)
    assert (held.is_accepted, credential_state(held, TODAY), held.reason) == (False, State.REFUSED, "经营者已变更")


def test_a_rejected_paper_tells_its_sender_why(cast: Cast, firm: Dealer) -> None:
    row = send_paper(cast.admin, "C1")
    licence_at_the_register(row)
    with public():
        reject_licence(actor=operator(), licence_id=row.licence_id, reason="扫描件不清晰")  # type: ignore[arg-type]
    exchange()
    held = Credential.objects.get(pk=row.pk)
    assert (credential_state(held, TODAY), held.reason) == (State.REJECTED, "扫描件不清晰")
    assert gate(cast) == [("FOOD", None)]


def test_a_withdrawn_paper_shuts_the_gate(cast: Cast, firm: Dealer) -> None:
    held = verified(send_paper(cast.admin_c1, "C1"))
    with public():
        withdraw_licence(actor=operator(), licence_id=held.licence_id, reason="许可证被吊销")  # type: ignore[arg-type]
    exchange()
    held.refresh_from_db()
    assert (held.is_accepted, credential_state(held, TODAY), held.reason) == (False, State.WITHDRAWN, "许可证被吊销")
    assert gate(cast) == [("FOOD", None)]


def test_a_renewed_permit_of_the_same_number_stands_beside_the_one_in_force(cast: Cast, firm: Dealer) -> None:
    old = verified(send_paper(cast.admin_c1, "C1", valid_from=date(2021, 1, 1), valid_to=date(2026, 2, 28)))
    new = verified(send_paper(cast.admin_c1, "C1", valid_from=date(2026, 3, 1), valid_to=date(2031, 2, 28)))
    assert old.pk != new.pk
    assert Credential.objects.filter(dealer=firm, type="JY", is_accepted=True).count() == 2
    assert gate(cast) == []


def test_a_paper_on_its_way_leaves_the_one_in_force_alone(cast: Cast, firm: Dealer) -> None:
    held = verified(send_paper(cast.admin_c1, "C1", valid_to=date(2026, 2, 28)))
    row = send_paper(cast.admin_c1, "C1", valid_to=date(2031, 2, 28))
    assert row.pk != held.pk
    assert gate(cast) == []
    longer = verified(row)
    assert Credential.objects.filter(dealer=firm, type="JY").get() == longer
    assert longer.valid_to == date(2031, 2, 28)


def test_the_filing_of_sealed_food_is_as_good_as_the_permit(cast: Cast, firm: Dealer) -> None:
    verified(send_paper(cast.admin_c1, "C1", kind="PREPACK", number=YB))
    assert gate(cast) == []


def test_some_provinces_ask_for_a_wholesale_licence_too(cast: Cast, firm: Dealer) -> None:
    verified(send_paper(cast.admin_c1, "C1"))
    services.change_paper_rules(actor=cast.admin, command=ChangePaperRules(("370000",), accepts_verified=True))
    assert gate(cast) == [("WHOLESALE", None)]
    verified(send_paper(cast.admin_c1, "C1", kind="LIQUOR_WHOLESALE", number="鲁酒批字 370100-0012"))
    assert gate(cast) == []
    assert refused(
        lambda: services.change_paper_rules(actor=cast.admin, command=ChangePaperRules(("370100",), True))
    ).code == ("dealers.province_unknown")


@pytest.mark.parametrize(
    ("licence", "code"),
    [
        (Licence("JY", "JY15308250014108", TODAY, date(2030, 1, 1)), "identifier.licence_check_digit"),
        (Licence("JY", YB, TODAY, date(2030, 1, 1)), "identifier.licence_kind"),
        (Licence("JY", JY, date(2020, 1, 1), date(2026, 1, 11)), "dealers.licence_over"),
        (Licence("JY", JY, TODAY, date(2026, 1, 11)), "dealers.credential_invalid"),
        (Licence("BUSINESS", "91350100M000100Y43", TODAY), "dealers.uscc_differs"),
        (Licence("GENERAL_TAXPAYER", "91350100M000100Y43", TODAY), "dealers.uscc_differs"),
        (Licence("DRIVING", "1", TODAY), "dealers.credential_invalid"),
    ],
)
def test_refuses_what_is_no_paper_of_this_house(cast: Cast, firm: Dealer, licence: Licence, code: str) -> None:
    before = Credential.objects.count()
    command = SubmitPaper("C1", licence, (keep_scan(),))
    assert refused(lambda: services.submit_paper(actor=cast.admin_c1, command=command)).code == code
    assert Credential.objects.count() == before


def test_asks_for_a_scan_and_not_twice_for_the_same_paper(cast: Cast, firm: Dealer) -> None:
    bare = SubmitPaper("C1", Licence("JY", JY, TODAY, date(2030, 12, 31)), ())
    assert refused(lambda: services.submit_paper(actor=cast.admin_c1, command=bare)).code == "dealers.scan_missing"
    verified(send_paper(cast.admin_c1, "C1"))
    assert refused(lambda: send_paper(cast.admin_c1, "C1")).code == "dealers.on_file_already"


def test_sending_again_takes_the_first_one_back(cast: Cast, firm: Dealer) -> None:
    first = send_paper(cast.admin_c1, "C1")
    second = send_paper(cast.admin_c1, "C1")
    assert (first.pk, first.licence_id != second.licence_id) == (second.pk, True)
    exchange()
    with public():
        assert dict(PublicLicence.objects.values_list("pk", "status")) == {
            first.licence_id: "WITHDRAWN",
            second.licence_id: "SUBMITTED",
        }


def test_a_house_sends_so_many_an_hour(cast: Cast, firm: Dealer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dms.dealers.services.papers.SENDINGS", Throttle("licences.send", limit=2, window_s=3600))
    for number in ("甲 1", "甲 2"):
        send_paper(cast.admin_c1, "C1", kind="LIQUOR_WHOLESALE", number=number)
    many = refused(lambda: send_paper(cast.admin_c1, "C1", kind="LIQUOR_WHOLESALE", number="甲 3"))
    assert many.code == "dealers.too_many_papers"
    assert send_paper(cast.admin, "C1", kind="LIQUOR_WHOLESALE", number="甲 3").pk


def test_is_taken_back_while_nobody_has_decided(cast: Cast, firm: Dealer) -> None:
    row = send_paper(cast.admin_c1, "C1")
    exchange()
    services.recall_paper(actor=cast.admin_c1, credential_id=row.pk)
    exchange()
    with public():
        assert PublicLicence.objects.get().status == "WITHDRAWN"
    recalled = refused(lambda: services.recall_paper(actor=cast.admin_c1, credential_id=row.pk))
    assert recalled.code == "dealers.nothing_to_recall"


def test_other_papers_wait_for_the_business_licence(cast: Cast) -> None:
    assert refused(lambda: send_paper(cast.admin_c1, "C1")).code == "dealers.business_licence_first"


def test_a_dealers_word_never_ties_it_to_a_firm(cast: Cast) -> None:
    """Who types a stranger's USCC gets none of the stranger's permits, verified or not."""
    make_firm(cast.p1)
    row = send_paper(cast.admin_c1, "C1", kind="BUSINESS", number=cast.p1.uscc, valid_to=None)
    held = verified(row)
    cast.c1.refresh_from_db()
    assert (held.check_status, held.is_accepted, cast.c1.uscc, cast.c1.organisation_id) == ("VERIFIED", False, "", None)
    taken = refused(lambda: services.decide_paper(actor=cast.admin, command=DecidePaper(held.pk, accepts=True)))
    assert taken.code == "dealers.uscc_taken"


def test_accepting_the_business_licence_ties_the_dealer(cast: Cast) -> None:
    row = send_paper(cast.admin_c1, "C1", kind="BUSINESS", number=uscc_of("C1"), valid_to=None)
    services.decide_paper(actor=cast.admin, command=DecidePaper(row.pk, accepts=True))
    exchange()
    cast.c1.refresh_from_db()
    with public():
        firm = Organisation.objects.get(uscc=uscc_of("C1"))
        assert OrganisationUse.objects.filter(organisation=firm, schema_name=XINGHE.schema).exists()
    assert (cast.c1.uscc, cast.c1.organisation_id) == (uscc_of("C1"), firm.pk)


def test_a_dealer_sends_for_its_own_house_only(cast: Cast, firm: Dealer) -> None:
    make_firm(cast.t1)
    assert refused(lambda: send_paper(cast.admin_c1, "T1")).code == "missing"
    assert refused(lambda: send_paper(cast.buyer_c1, "C1")).code == "actor.not_permitted"
    assert refused(lambda: send_paper(cast.admin, "ROOT")).code == "missing"
    row = send_paper(cast.admin_c1, "C1")
    assert refused(
        lambda: services.decide_paper(actor=cast.admin_c1, command=DecidePaper(row.pk, accepts=True))
    ).code == ("actor.not_permitted")


def test_scans_are_shown_to_the_house_and_the_brand_alone(cast: Cast, firm: Dealer) -> None:
    row = send_paper(cast.admin_c1, "C1")
    file_id = row.file_ids[0]
    assert submitted_scan(cast.buyer_c1, row.pk, file_id).pk == file_id
    assert submitted_scan(cast.rep, row.pk, file_id).purpose == "licence"
    for stranger in (cast.buyer_t1, cast.buyer_p1, cast.buyer_c2):
        assert refused(lambda who=stranger: submitted_scan(who, row.pk, file_id)).code == "missing"
    other = send_paper(cast.admin, make_firm(cast.c2).code)
    assert refused(lambda: submitted_scan(cast.admin_c1, row.pk, other.file_ids[0])).code == "missing"
    assert refused(lambda: submitted_scan(cast.admin, row.pk, UUID(int=1))).code == "missing"
    with public():
        assert StoredFile.objects.filter(dealer_id=None, seat_id=None).count() == 2
        StoredFile.objects.filter(pk=file_id).delete()  # as after a brand has moved here
    assert refused(lambda: submitted_scan(cast.buyer_c1, row.pk, file_id)).code == "files.left_behind"


def test_a_house_sees_what_is_asked_and_what_blocks(cast: Cast, firm: Dealer) -> None:
    send_paper(cast.admin_c1, "C1")
    held = own_papers(cast.buyer_c1, TODAY)
    cards = {card.need: (card.held is not None, card.coming is not None) for card in held.cards}
    assert cards == {Need.BUSINESS: (True, False), Need.FOOD: (False, True)}
    assert [one.need for one in held.missing] == [Need.FOOD]
    assert papers_of(cast.admin, "C1", TODAY).missing == held.missing


def test_the_settings_row_is_made_when_it_is_first_needed(cast: Cast) -> None:
    services.change_paper_rules(actor=cast.admin, command=ChangePaperRules(("370000", "520000"), True, version=0))
    assert DealerSettings.objects.get().wholesale_provinces == ["370000", "520000"]
    stale = ChangePaperRules((), accepts_verified=True, version=0)
    assert refused(lambda: services.change_paper_rules(actor=cast.admin, command=stale)).code == "conflict.version"
    assert refused(lambda: services.change_paper_rules(actor=cast.finance, command=stale)).code == "actor.not_permitted"
