"""Offers that are over: after ninety days, or when their person is erased, nobody is named by them any more."""

from datetime import timedelta

import pytest

from core.kernel import clock
from core.messages.models import Message
from tenants.access import services, tasks
from tenants.access.errors import InvitationOver
from tenants.access.models import Invitation
from tenants.access.services import accept_invitation, forget_offers, withdraw_invitation
from tenants.access.services.ended import OFFERS_KEPT
from tenants.access.services.personal import forget_person
from tests.cast import Cast
from tests.clients import visitor
from tests.factories.people import make_person
from tests.portals import TestPortal
from tests.tenants.access.offers import PHONE, offered

LATER = timedelta(days=30)


def named() -> set[str]:
    """The numbers offers are still kept under, by their seal."""
    return set(Invitation.objects.exclude(identifier_sealed="").values_list("identifier_index", flat=True))


def test_what_ended_ninety_days_ago_names_nobody(cast: Cast) -> None:
    person = make_person("受邀人", phone=PHONE)
    _, taken = offered(cast)
    accept_invitation(token=taken, person_id=person.pk)
    withdrawn, _ = offered(cast, account="13900000001")
    withdraw_invitation(actor=cast.admin, invitation_id=withdrawn.pk)
    offered(cast, account="13900000002")  # runs out by itself, as the next: one house, two of them
    offered(cast, account="13900000003")
    with clock.at(clock.now() + LATER):
        young, _ = offered(cast, account="13900000004")
    with clock.at(clock.now() + OFFERS_KEPT - timedelta(days=1)):
        assert forget_offers() == 0
    with clock.at(clock.now() + OFFERS_KEPT + timedelta(days=8)):
        assert (forget_offers(), forget_offers()) == (4, 0)
    assert named() == {young.identifier_index}
    over = Invitation.objects.exclude(pk=young.pk)
    assert set(over.values_list("name", "identifier_sealed", "identifier_index")) == {("—", "", "")}
    assert not over.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).exists()
    with pytest.raises(InvitationOver):
        accept_invitation(token=taken, person_id=person.pk)
    assert visitor(cast.portal).get(services.path_of(taken)).status_code == 404


def test_an_erased_person_leaves_no_offer_and_no_letter_behind(xinghe: TestPortal) -> None:
    cast = Cast.build(xinghe)
    person = make_person("受邀人", email="new@example.com")
    _, token = offered(cast, account="new@example.com")
    seat = accept_invitation(token=token, person_id=person.pk)
    Invitation.objects.filter(seat=seat).update(dealer_id=0)  # so that the same house may be offered again
    seat.dealer_id = 0
    seat.save(update_fields=["dealer_id"])
    again, _ = offered(cast, account="New@Example.com")
    other, _ = offered(cast, account="other@example.com")
    forget_person(person.pk)
    again.refresh_from_db()
    assert (again.name, again.identifier_sealed, again.withdrawn_at is None) == ("—", "", False)
    assert named() == {other.identifier_index}
    letters = Message.objects.filter(template="access.invited").order_by("created_at")
    kept = [(bool(letter.recipient), bool(letter.secrets_sealed), letter.status) for letter in letters]
    assert kept == [(False, False, "NO_ADDRESS"), (False, False, "NO_ADDRESS"), (True, True, "QUEUED")]


def test_every_brand_forgets_daily(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    visited: list[str] = []
    monkeypatch.setattr(services, "forget_offers", lambda: visited.append("here"))
    monkeypatch.setattr(tasks.forget_offers_here, "delay", tasks.forget_offers_here.run)
    tasks.forget_offers()
    assert len(visited) >= 2
