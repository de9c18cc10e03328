"""What operators do with papers, and what no brand may do or learn."""

from datetime import date
from uuid import UUID

import pytest

from core.db.acts import PUBLIC, act, public
from core.events.models import Event
from core.events.relay import relay
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.ids import uuid7
from core.kernel.operators import SECURITY, SYSTEM, codes_of
from tenants.organisations import selectors
from tenants.organisations.models import Licence, Organisation
from tenants.organisations.rules import checked_paper, ended_fault
from tenants.organisations.services import (
    Paper,
    VerifyLicence,
    expire_licences,
    reject_licence,
    rename_organisation,
    take_submission,
    verify_licence,
    withdraw_licence,
)
from tests.cast import Cast
from tests.factories.papers import JY, OPERATOR_ID, SC, YB, keep_scan, make_organisation, operator

SOMEBODY = UUID("01890000-0000-7000-8000-0000000000bb")
TODAY = date(2026, 1, 12)


@pytest.fixture
def firm(db: None, today: object) -> Organisation:
    """A firm of the register."""
    return make_organisation("A1")


def send(firm: Organisation, paper: Paper, *, person_id: UUID = SOMEBODY) -> Licence:
    """A paper that a house sent from a brand's host."""
    licence_id = uuid7()
    told = {
        "licence_id": str(licence_id),
        "organisation_id": str(firm.pk),
        "type": paper.type,
        "number": paper.number,
        "scope": paper.scope,
        "valid_from": paper.valid_from.isoformat(),
        "valid_to": paper.valid_to.isoformat() if paper.valid_to else None,
        "file_ids": [str(keep_scan())],
    }
    with public(), act():
        take_submission(schema_name="t_xinghe", submitted_by=person_id, told=told)
    return Licence.objects.get(pk=licence_id)


def permit(valid_from: date = date(2026, 1, 1), valid_to: date | None = date(2030, 12, 31)) -> Paper:
    return Paper("JY", JY, valid_from, valid_to)


def refused(call: object) -> str:
    assert callable(call)
    with pytest.raises(DomainError) as refusal:
        call()
    return refusal.value.problems()[0].code


def verify(licence: Licence) -> Licence:
    return verify_licence(actor=operator(), command=VerifyLicence(licence.pk))


@pytest.mark.parametrize(
    ("paper", "number"),
    [
        (Paper("SC", "sc 115 5203 8220 099", TODAY), SC),
        (Paper("SC", "SC11513042800065", TODAY), "SC11513042800065"),
        (Paper("JY", "15308250014109", TODAY), JY),
        (Paper("PREPACK", "YB１５３０８２５００１４１０９", TODAY), YB),
        (Paper("LIQUOR_WHOLESALE", "鲁酒批字 12", TODAY), "鲁酒批字 12"),
        (Paper("TRADEMARK_AUTH", "授权 2026-7", TODAY), "授权 2026-7"),
    ],
)
def test_takes_every_kind_of_paper(paper: Paper, number: str) -> None:
    checked, faults = checked_paper(paper, uscc=None)
    assert (checked.number, faults) == (number, ())


def test_business_licence_and_taxpayer_carry_the_firms_own_number(firm: Organisation) -> None:
    for kind in ("BUSINESS", "GENERAL_TAXPAYER"):
        own, faults = checked_paper(Paper(kind, str(firm.uscc), TODAY), uscc=firm.uscc)
        assert (own.number, faults) == (firm.uscc, ())
        _, faults = checked_paper(Paper(kind, "91350100M000100Y43", TODAY), uscc=firm.uscc)
        assert [fault.code for fault in faults] == ["organisations.number_of_another"]


@pytest.mark.parametrize(
    ("paper", "code"),
    [
        (Paper("SC", "SC11552038200099", TODAY), "identifier.licence_check_digit"),
        (Paper("JY", SC, TODAY), "identifier.licence_kind"),
        (Paper("BUSINESS", "91350100M000100Y4Z", TODAY), "identifier.uscc_format"),
        (Paper("DRIVING", "1", TODAY), "organisations.licence_type"),
        (Paper("LIQUOR_WHOLESALE", " ", TODAY), "organisations.licence_number"),
        (Paper("JY", JY, TODAY, date(2026, 1, 11)), "organisations.licence_days"),
        (Paper("JY", JY, date(2020, 1, 1), date(2026, 1, 11)), "organisations.licence_ended"),
    ],
)
def test_refuses_what_is_no_paper(paper: Paper, code: str) -> None:
    checked, faults = checked_paper(paper, uscc=None)
    assert [fault.code for fault in faults or ended_fault(checked, TODAY)] == [code]


def test_what_was_sent_wrong_is_not_verified(firm: Organisation) -> None:
    ended = send(firm, permit(date(2020, 1, 1), date(2026, 1, 11)))
    assert refused(lambda: verify(ended)) == "organisations.licence_ended"
    ended.refresh_from_db()
    assert ended.status == "SUBMITTED"


def test_decides_once_and_never_about_ones_own(firm: Organisation) -> None:
    waiting = send(firm, permit())
    own = refused(lambda: verify_licence(actor=operator(SOMEBODY), command=VerifyLicence(waiting.pk)))
    assert own == "organisations.own_submission"
    assert verify(waiting).status == "VERIFIED"
    assert refused(lambda: verify(waiting)) == "organisations.not_waiting"
    no = refused(lambda: reject_licence(actor=operator(), licence_id=waiting.pk, reason="不清晰"))
    assert no == "organisations.not_waiting"
    assert refused(lambda: verify_licence(actor=operator(), command=VerifyLicence(UUID(int=9)))) == "missing"


def test_a_later_paper_of_the_same_number_takes_its_place(firm: Organisation) -> None:
    old = verify(send(firm, permit(date(2021, 1, 1), date(2026, 2, 28))))
    verify(send(firm, permit(date(2026, 3, 1), date(2031, 2, 28))))
    old.refresh_from_db()
    assert old.status == "SUPERSEDED"


def test_refusing_and_withdrawing_need_a_reason(firm: Organisation) -> None:
    waiting = send(firm, permit())
    blank = refused(lambda: reject_licence(actor=operator(), licence_id=waiting.pk, reason=" "))
    early = refused(lambda: withdraw_licence(actor=operator(), licence_id=waiting.pk, reason="吊销"))
    assert (blank, early) == ("organisations.reason_missing", "organisations.not_verified")
    verify(waiting)
    assert withdraw_licence(actor=operator(), licence_id=waiting.pk, reason="吊销").reason == "吊销"


def test_expires_after_its_last_day_in_shanghai(firm: Organisation) -> None:
    licence = verify(send(firm, permit(valid_to=date(2026, 1, 12))))
    assert expire_licences() == 0
    with clock.at(clock.end_of_day(date(2026, 1, 12))):
        assert (expire_licences(), expire_licences()) == (1, 0)
    licence.refresh_from_db()
    assert licence.status == "EXPIRED"


def test_only_who_verifies_verifies(firm: Organisation, cast: Cast) -> None:
    with public():
        waiting = send(firm, permit())
        strangers: list[Actor] = [cast.admin, cast.admin_c1]
        strangers += [_with(codes_of([role])) for role in (SYSTEM, SECURITY)]
        for actor in strangers:
            verbs = (
                lambda actor=actor: verify_licence(actor=actor, command=VerifyLicence(waiting.pk)),
                lambda actor=actor: reject_licence(actor=actor, licence_id=waiting.pk, reason="x"),
                lambda actor=actor: withdraw_licence(actor=actor, licence_id=waiting.pk, reason="x"),
                lambda actor=actor: rename_organisation(actor=actor, organisation_id=firm.pk, name="别名", reason="x"),
            )
            assert {refused(verb) for verb in verbs} == {"actor.not_permitted"}
        for actor in (cast.admin, cast.admin_c1):
            assert refused(lambda actor=actor: selectors.waiting_licences(actor)) == "actor.not_permitted"
            assert refused(lambda actor=actor: selectors.organisations(actor)) == "actor.not_permitted"
        assert list(selectors.waiting_licences(operator())) == [waiting]
        scan = selectors.licence_scans(operator(), waiting.pk)[0]
        assert selectors.licence_scan(operator(), waiting.pk, scan.pk) == scan
        assert refused(lambda: selectors.licence_scan(operator(), waiting.pk, UUID(int=3))) == "missing"


def _with(codes: frozenset[str]) -> Actor:
    from dataclasses import replace

    return replace(operator(), codes=codes)


def test_a_name_is_corrected_from_the_register(firm: Organisation) -> None:
    renamed = rename_organisation(
        actor=operator(), organisation_id=firm.pk, name="山东某某酒业有限公司", reason="以公示系统为准"
    )
    assert Organisation.objects.get(pk=firm.pk).name == renamed.name == "山东某某酒业有限公司"
    event = Event.objects.get(kind="organisations.organisation_renamed.v1")
    assert (event.payload, event.person_id) == ({"reason": "以公示系统为准"}, OPERATOR_ID)


def test_a_submission_of_a_firm_nobody_knows_is_left_out(cast: Cast) -> None:
    from core.events.services import record

    with act():
        record(
            kind="dms.licence_submitted.v1",
            aggregate_type="dealer",
            aggregate_id="C1",
            version=1,
            actor=cast.admin,
            payload={"organisation_id": str(UUID(int=5)), "licence_id": str(UUID(int=6))},
        )
    relayed = relay(cast.portal.schema)
    assert relayed is not None
    assert relayed.failed == 0
    relay(PUBLIC)
    with public():
        assert not Licence.objects.exists()
