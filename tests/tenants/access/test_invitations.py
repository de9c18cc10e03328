"""Invitations: two keys, seven days, one seat."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.db.acts import connection, public
from core.events.models import Event
from core.kernel import clock
from core.kernel.actor import Scope, Side
from core.kernel.errors import Missing, NotPermitted, OutOfScope, ReadOnlyPortal
from core.messages.models import Message
from core.messages.selectors import secrets_of
from tenants.access.errors import (
    AddressWasWrittenTo,
    DutiesCollide,
    InvitationOver,
    InvitationPending,
    NameNotProved,
    OtherPerson,
    RolesNotOfSide,
    SeatTaken,
    TooManyLetters,
    UnknownLine,
)
from tenants.access.events import INVITATION_WITHDRAWN, INVITED, SEAT_OPENED
from tenants.access.models import Invitation
from tenants.access.services import (
    Invite,
    accept_invitation,
    change_seat,
    close_seat,
    invite,
    renew_invitation,
    withdraw_invitation,
)
from tenants.access.services.invitations import LETTERS_OF_BRAND, LETTERS_TO_ONE
from tenants.brands.hosts import tell
from tenants.brands.models import Brand, Portal
from tenants.people.errors import NotAnAccountName
from tenants.people.models import User
from tests.cast import Cast
from tests.factories.people import make_person
from tests.portals import TestPortal
from tests.tenants.access.offers import PHONE, offered


@pytest.fixture
def invited(cast: Cast) -> User:
    """The person who signs in by the number that is invited."""
    return make_person("受邀人", phone=PHONE)


def test_an_accepted_invitation_is_a_seat_with_what_was_offered(
    cast: Cast, invited: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    scope = Scope(regions=("370000",), dealer_subtree_id=cast.c1.pk)
    _, token = offered(cast, scope=scope, roles=["brand_region_manager"])
    with django_capture_on_commit_callbacks(execute=True):
        seat = accept_invitation(token=token, person_id=invited.pk)
    assert (seat.person_name, seat.roles, seat.scope_regions) == ("新人", ["brand_region_manager"], ["370000"])
    assert seat.scope_dealer_id == cast.c1.pk
    opened = Event.objects.get(kind=SEAT_OPENED)
    assert (opened.person_id, opened.aggregate_id) == (invited.pk, str(seat.pk))
    with public():
        assert Portal.objects.filter(person_id=invited.pk, brand__slug="xinghe", side="brand").exists()


def test_inviting_never_tells_who_is_known(cast: Cast, invited: User) -> None:
    """Known and unknown account names cost the same statements and answer alike; only seats of this house are told."""
    with CaptureQueriesContext(connection) as known:
        offered(cast)
    with CaptureQueriesContext(connection) as unknown:
        offered(cast, account="13900000009")
    assert len(known) == len(unknown)


def test_who_sits_at_the_house_is_not_offered_the_same_seat(cast: Cast) -> None:
    make_person(cast.rep.person_name, phone="13912340055")
    with pytest.raises(SeatTaken) as told:
        offered(cast, account="13912340055")
    assert told.value.fields == {"name": cast.rep.person_name, "dealer": cast.root.name}
    assert not Invitation.objects.exists()
    elsewhere, _ = offered(cast, by="admin_c1", account="13912340055")
    assert elsewhere.dealer_id == cast.c1.pk, "another house learns nothing and may offer its own"


def test_nothing_personal_or_secret_lies_open(cast: Cast) -> None:
    _, token = offered(cast)
    with connection.cursor() as cursor:
        for table in ("access_invitation", "events_event"):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
            rows = " ".join(row[0] for row in cursor.fetchall())
            assert token not in rows
            assert PHONE not in rows
    assert "新人" not in str(Event.objects.get(kind=INVITED).payload)


def test_twice_by_the_same_person_is_the_same_seat(cast: Cast, invited: User) -> None:
    _, token = offered(cast)
    first = accept_invitation(token=token, person_id=invited.pk)
    assert accept_invitation(token=token, person_id=invited.pk) == first
    assert Event.objects.filter(kind=SEAT_OPENED).count() == 1


def test_another_person_with_the_link_is_refused(cast: Cast, invited: User) -> None:
    _, token = offered(cast)
    with pytest.raises(OtherPerson):
        accept_invitation(token=token, person_id=make_person("路人", phone="13912345679").pk)
    accept_invitation(token=token, person_id=invited.pk)
    with pytest.raises(OtherPerson):
        accept_invitation(token=token, person_id=make_person("路人", phone="13912345679").pk)


def test_a_name_nobody_has_proved_takes_no_seat(cast: Cast, invited: User) -> None:
    _, token = offered(cast)
    with public():
        User.objects.filter(pk=invited.pk).update(phone_proved_at=None)
    with pytest.raises(NameNotProved):
        accept_invitation(token=token, person_id=invited.pk)
    assert not Event.objects.filter(kind=SEAT_OPENED).exists()


def test_an_unknown_link_is_missing(cast: Cast, invited: User) -> None:
    with pytest.raises(Missing):
        accept_invitation(token="x" * 43, person_id=invited.pk)


def test_it_ends_after_seven_days_by_hand_and_by_a_new_link(cast: Cast, invited: User) -> None:
    offer, token = offered(cast)
    with clock.at(clock.now() + timedelta(days=7)), pytest.raises(InvitationOver):
        accept_invitation(token=token, person_id=invited.pk)
    _, newer = renew_invitation(actor=cast.admin, invitation_id=offer.pk)
    with pytest.raises(Missing):
        accept_invitation(token=token, person_id=invited.pk)
    withdraw_invitation(actor=cast.admin, invitation_id=offer.pk)
    with pytest.raises(InvitationOver):
        accept_invitation(token=newer, person_id=invited.pk)
    for verb in (renew_invitation, withdraw_invitation):
        with pytest.raises(InvitationOver):
            verb(actor=cast.admin, invitation_id=offer.pk)
    assert not Event.objects.filter(kind=SEAT_OPENED).exists()


def test_one_open_invitation_a_house_and_account(cast: Cast) -> None:
    offered(cast)
    with pytest.raises(InvitationPending):
        offered(cast, account="+86 139 1234 5678")
    offered(cast, by="admin_c1")
    with clock.at(clock.now() + timedelta(days=8)):
        offered(cast)  # what has run out makes room
    assert Event.objects.filter(kind=INVITATION_WITHDRAWN).count() == 1


def test_who_sits_there_already_keeps_the_invitation_open(cast: Cast, invited: User) -> None:
    _, first = offered(cast)
    offer, second = offered(cast, account="13912345679")
    accept_invitation(token=first, person_id=invited.pk)
    make_person("受邀人", phone="13912345679")  # who has changed the number meanwhile
    with pytest.raises(SeatTaken):
        accept_invitation(token=second, person_id=invited.pk)
    assert Invitation.objects.get(pk=offer.pk).accepted_at is None


def test_an_inviter_who_has_left_invites_nobody(cast: Cast, invited: User) -> None:
    _, token = offered(cast, by="admin_c1")
    close_seat(actor=cast.admin, seat_id=cast.seats["admin_c1"].pk)
    with pytest.raises(InvitationOver):
        accept_invitation(token=token, person_id=invited.pk)
    assert Invitation.objects.get().withdrawn_at is not None


def test_an_inviter_who_is_no_administrator_any_more_invites_nobody(cast: Cast, invited: User) -> None:
    _, token = offered(cast, by="admin_c1")
    change_seat(actor=cast.admin, seat_id=cast.seats["admin_c1"].pk, roles=["dealer_buyer"])
    with pytest.raises(InvitationOver):
        accept_invitation(token=token, person_id=invited.pk)


def test_who_may_invite_whom(cast: Cast) -> None:
    for by in ("sales_admin", "buyer_c1", "auditor"):
        with pytest.raises(NotPermitted):
            offered(cast, by=by)
    c2: dict[str, Any] = {"dealer_id": cast.c2.pk, "dealer_name": cast.c2.name}
    with pytest.raises(Missing):
        offered(cast, by="admin_c1", **c2)
    with pytest.raises(Missing):
        offered(cast, by="admin_c1", side=Side.BRAND, roles=["brand_admin"])
    with pytest.raises(Missing) as refusal:
        offered(cast, side=Side.DEALER, roles=["dealer_buyer"])  # at the brand's own node
    assert refusal.value.field == "dealer_code"
    offered(cast, side=Side.DEALER, roles=["dealer_buyer"], **c2)
    assert Invitation.objects.count() == 1


def test_a_limited_administrator_invites_nobody(cast: Cast) -> None:
    limited = replace(cast.admin, scope=Scope(regions=("370000",)))
    command = Invite(PHONE, "新人", Side.BRAND, cast.root.pk, cast.root.name, ["brand_rep"])
    with pytest.raises(OutOfScope):
        invite(actor=limited, command=command)


@pytest.mark.parametrize("roles", [[], ["dealer_buyer"], ["king"]])
def test_roles_are_of_the_side(cast: Cast, roles: list[str]) -> None:
    with pytest.raises(RolesNotOfSide):
        offered(cast, roles=roles)


def test_duties_kept_apart_are_kept_apart(cast: Cast) -> None:
    for roles in (["brand_pricing", "brand_sales_admin"], ["brand_auditor", "brand_rep"]):
        with pytest.raises(DutiesCollide):
            offered(cast, roles=roles)
    offered(cast, roles=["brand_admin", "brand_pricing"])


def test_what_is_written_wrongly_is_refused(cast: Cast) -> None:
    with pytest.raises(NotAnAccountName):
        offered(cast, account="somebody")
    with pytest.raises(UnknownLine):
        offered(cast, scope=Scope(product_lines=("NONE",)))


def test_a_read_only_portal_takes_nobody_in(cast: Cast, invited: User) -> None:
    _, token = offered(cast)
    with public():
        brand = Brand.objects.get(slug="xinghe")
        brand.state = Brand.State.READ_ONLY
        brand.save(update_fields=["state"])
        tell(brand)
    with pytest.raises(ReadOnlyPortal):
        accept_invitation(token=token, person_id=invited.pk)


def test_an_address_gets_the_link_by_mail_sealed(xinghe: TestPortal) -> None:
    _, link = offered(Cast.build(xinghe), account="New@Example.com")
    mail = Message.objects.get(way=Message.Way.MAIL)
    assert link not in f"{mail.subject}{mail.body}{mail.context}{mail.secrets_sealed}"
    assert link in secrets_of(mail)["link"]
    assert "杏禾" in mail.subject


def test_nobodys_mailbox_is_filled_with_invitations(xinghe: TestPortal) -> None:
    cast = Cast.build(xinghe)

    def write(account: str = "new@example.com") -> Invitation:
        offer, _ = offered(cast, account=account)
        withdraw_invitation(actor=cast.admin, invitation_id=offer.pk)
        return offer

    for _ in range(LETTERS_TO_ONE.limit - 1):
        write()
    offer, _ = offered(cast, account="new@example.com")
    with pytest.raises(AddressWasWrittenTo):
        renew_invitation(actor=cast.admin, invitation_id=offer.pk)
    withdraw_invitation(actor=cast.admin, invitation_id=offer.pk)
    with pytest.raises(AddressWasWrittenTo):
        write("NEW@example.com")
    assert Message.objects.filter(way=Message.Way.MAIL).count() == LETTERS_TO_ONE.limit
    write("other@example.com")
    for _ in range(LETTERS_TO_ONE.limit + 1):
        write(PHONE)  # no letter goes out


def test_a_brand_writes_so_many_invitations_an_hour(xinghe: TestPortal) -> None:
    cast = Cast.build(xinghe)
    for number in range(LETTERS_OF_BRAND.limit):
        offered(cast, account=f"p{number}@example.com")
    with pytest.raises(TooManyLetters) as told:
        offered(cast, account="one-more@example.com")
    assert 0 < int(str(told.value.fields["minutes"])) <= 60
    offered(cast, account=PHONE)
