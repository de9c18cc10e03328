"""Verbs of invitations: a seat offered, offered again, withdrawn, taken. See docs/decisions/0007."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from core.db.acts import act, current_schema
from core.kernel import clock
from core.kernel.actor import Actor, Scope, Side
from core.kernel.errors import Missing, ReadOnlyPortal
from core.kernel.text import normalised
from core.messages.models import Message
from core.messages.services import Addressee, notify, write_to
from core.web.logs import request_id
from core.web.throttling import Throttle
from tenants.access import invitees, messages, rules
from tenants.access.errors import (
    AddressWasWrittenTo,
    InvitationOver,
    InvitationPending,
    NameNotProved,
    OtherPerson,
    SeatTaken,
    TooManyLetters,
)
from tenants.access.events import INVITATION_RENEWED, INVITATION_WITHDRAWN, INVITED, SEAT_OPENED
from tenants.access.models import Invitation, Seat
from tenants.access.permissions import Permission
from tenants.access.rights import rights_on
from tenants.access.selectors import is_open, is_pending, seats_named
from tenants.access.services.bounds import (
    checked_roles,
    checked_scope,
    may_touch,
    one_change_at_a_time,
    require_editor,
    require_own_house,
)
from tenants.access.services.telling import record_invitation, record_seat, show_portal
from tenants.brands.addresses import home_of
from tenants.brands.hosts import brand_in
from tenants.people.rules import AccountName, Means, account_name

LETTERS_OF_BRAND = Throttle("access.letters-of-brand", limit=120, window_s=3600)
LETTERS_TO_ONE = Throttle("access.letters-to-one", limit=5, window_s=86_400)
"""An invitation is mail in the brand's name to whoever is named: no means of writing to strangers."""


@dataclass(frozen=True, slots=True)
class Invite:
    """A seat offered: to which account name, as whom, where, with which rights.

    ``dealer_id`` is the root for the brand's own staff; ``name`` is what the house calls the person.
    """

    account: str
    name: str
    side: Side
    dealer_id: int
    dealer_name: str
    roles: Sequence[str]
    scope: Scope | None = None
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation that is judged and not written yet, with what its mail needs."""

    invitation: Invitation
    account: AccountName
    token: str
    post: "_Post"


def invite(*, actor: Actor | None, command: Invite) -> tuple[Invitation, str]:
    """Offer a seat; the invitation, and the token of its link, which is shown this once.

    Nothing is told about the account but what the house knows: that it sits there already. ``actor`` None is the
    platform inviting a brand's first administrator. Raises ``NotAnAccountName``, ``RolesNotOfSide``,
    ``DutiesCollide``, ``SeatTaken``, ``InvitationPending``, ``TooManyLetters``, ``AddressWasWrittenTo``, and
    ``Missing`` for a house that is not the actor's to fill.
    """
    offer = judged(actor, command)
    try:
        with act():
            hand_out(offer, actor)
    except IntegrityError:
        raise InvitationPending(name=offer.invitation.name) from None
    return offer.invitation, offer.token


def judged(actor: Actor | None, command: Invite) -> Offer:
    """The inner piece of ``invite`` before its act. Raises what it does, but ``InvitationPending``."""
    side = Side(command.side)
    if actor is not None:
        require_editor(actor)
        require_own_house(actor, side, command.dealer_id)
    account = account_name(command.account)
    limits = checked_scope(command.scope)
    token, post, now = rules.new_link(), _post(), clock.now()
    invitation = Invitation(
        token_digest=rules.digest(token),
        identifier_sealed=invitees.sealed(account),
        identifier_index=invitees.index_of(account),
        name=normalised(command.name)[:60],
        side=side.value,
        dealer_id=command.dealer_id,
        dealer_name=command.dealer_name,
        organisation_id=command.organisation_id,
        roles=checked_roles(command.roles, side),
        scope_regions=list(limits.regions),
        scope_product_lines=list(limits.product_lines),
        scope_dealer_id=limits.dealer_subtree_id,
        invited_by_id=actor.seat_id if actor else None,
        invited_by_name=actor.person_name if actor else "",
        created_at=now,
        expires_at=now + rules.INVITATION_LASTS,
    )
    _refuse_seated(invitation, account)
    _count_letter(account)
    return Offer(invitation, account, token, post)


def hand_out(offer: Offer, actor: Actor | None) -> None:
    """The inner piece of ``invite``, inside an act; one that is pending already breaks ``invitation_once``."""
    _clear_expired(offer.invitation)
    offer.invitation.save(force_insert=True)
    record_invitation(INVITED, offer.invitation, actor)
    _mail(offer.invitation, offer.account, offer.token, offer.post)


def _refuse_seated(invitation: Invitation, account: AccountName) -> None:
    """Who sits at that house has no second seat to accept: say so now, not to them. Raises ``SeatTaken``."""
    for seat in seats_named(account).filter(side=invitation.side, dealer_id=invitation.dealer_id)[:1]:
        raise SeatTaken(name=seat.person_name, dealer=seat.dealer_name, field="account")


def _count_letter(account: AccountName) -> None:
    """Where a mail goes out, count it. Raises ``AddressWasWrittenTo`` or ``TooManyLetters``."""
    if account.means is not Means.EMAIL or clock.is_fixed():
        return
    schema = current_schema()
    # By brand: a brand that is refused for another one's letters would learn of it.
    if LETTERS_TO_ONE.try_once(f"{schema} {account.value}"):
        raise AddressWasWrittenTo(count=LETTERS_TO_ONE.limit, field="account")
    if wait := LETTERS_OF_BRAND.try_once(schema):
        raise TooManyLetters(minutes=-(-wait // 60), field="account")


def renew_invitation(*, actor: Actor, invitation_id: UUID) -> tuple[Invitation, str]:
    """Another link for seven more days; the former one is dead.

    Raises ``InvitationOver``, ``TooManyLetters``, ``AddressWasWrittenTo`` or ``Missing``.
    """
    require_editor(actor)
    token, post = rules.new_link(), _post()
    known = Invitation.objects.filter(pk=invitation_id).exclude(identifier_sealed="").first()
    if known is not None and may_touch(actor, known.dealer_id) and is_pending(known):
        _count_letter(invitees.account_of(known))
    with act():
        invitation = _open_one(actor, invitation_id)
        invitation.token_digest, invitation.version = rules.digest(token), invitation.version + 1
        invitation.expires_at = clock.now() + rules.INVITATION_LASTS
        invitation.invited_by_id, invitation.invited_by_name = actor.seat_id, actor.person_name
        invitation.save(update_fields=["token_digest", "version", "expires_at", "invited_by_id", "invited_by_name"])
        record_invitation(INVITATION_RENEWED, invitation, actor)
        _mail(invitation, invitees.account_of(invitation), token, post)
    return invitation, token


def withdraw_invitation(*, actor: Actor, invitation_id: UUID) -> Invitation:
    """Take the offer back. Raises ``InvitationOver`` or ``Missing``."""
    require_editor(actor)
    with act():
        invitation = _open_one(actor, invitation_id)
        withdraw(invitation, actor)
    return invitation


def accept_invitation(*, token: str, person_id: UUID) -> Seat:
    """Take the seat offered by this link. By the same person once more: the same seat, and nothing happens.

    The invited name has to be proved as theirs: whoever invites is shown the link. Raises ``Missing`` for an unknown
    link, ``OtherPerson``, ``NameNotProved``, ``InvitationOver``, ``SeatTaken`` or ``ReadOnlyPortal``.
    """
    bearer, brand = invitees.bearer(person_id), brand_in(current_schema())
    if bearer is None or brand is None:
        raise Missing
    if brand.is_read_only:
        raise ReadOnlyPortal
    with act():
        one_change_at_a_time()
        found = _locked_by(token)
        if found.identifier_index in bearer.unproved:
            raise NameNotProved
        if found.identifier_index not in bearer.indexes:
            raise OtherPerson
        if found.seat_id is not None:
            return _taken_before(found, person_id)
        if not is_open(found) or not _inviter_may_still(found):
            raise InvitationOver
        return _seated(found, person_id, brand.schema_name)


def _locked_by(token: str) -> Invitation:
    """The invitation of a link, locked after its inviter's seat: closing that seat takes them in this order too."""
    link = Invitation.objects.filter(token_digest=rules.digest(token))
    Seat.objects.select_for_update().filter(pk__in=link.values("invited_by_id")).first()
    found = link.select_for_update().first()
    if found is None:
        raise Missing
    if not found.identifier_index:  # ended long ago, or its person was erased
        raise InvitationOver
    return found


def path_of(token: str) -> str:
    """Where the link leads on the brand's host."""
    return f"/invitation/{token}/"


def _seated(found: Invitation, person_id: UUID, schema_name: str) -> Seat:
    now = clock.now()
    seat = Seat(
        person_id=person_id,
        person_name=found.name,
        organisation_id=found.organisation_id,
        side=found.side,
        dealer_id=found.dealer_id,
        dealer_name=found.dealer_name,
        roles=checked_roles(found.roles, Side(found.side)),
        scope_regions=found.scope_regions,
        scope_product_lines=found.scope_product_lines,
        scope_dealer_id=found.scope_dealer_id,
        created_at=now,
    )
    try:
        with transaction.atomic():
            seat.save(force_insert=True)
    except IntegrityError:
        raise SeatTaken(name=found.name, dealer=found.dealer_name) from None
    found.accepted_at, found.seat, found.version = now, seat, found.version + 1
    found.save(update_fields=["accepted_at", "seat", "version"])
    record_seat(SEAT_OPENED, seat, _newcomer(seat, schema_name), invitation_id=str(found.pk))
    if found.invited_by_id is not None:
        told = {"name": found.name, "house": found.dealer_name}
        notify(template=messages.ACCEPTED, seat_ids=[found.invited_by_id], context=told)
    show_portal(seat)
    return seat


def _newcomer(seat: Seat, schema_name: str) -> Actor:
    """Who has just sat down, without any right yet: for the trail."""
    return Actor(
        person_id=seat.person_id,
        person_name=seat.person_name,
        seat_id=seat.pk,
        side=Side(seat.side),
        dealer_id=seat.dealer_id,
        dealer_name=seat.dealer_name,
        codes=frozenset(),
        brand_schema=schema_name,
        request_id=request_id.get(),
    )


def _taken_before(found: Invitation, person_id: UUID) -> Seat:
    seat = Seat.objects.filter(invitation=found, person_id=person_id, status=Seat.Status.ACTIVE).first()
    if seat is None:
        raise InvitationOver
    return seat


def _inviter_may_still(found: Invitation) -> bool:
    """Whether who invited sits there still and may give seats."""
    if found.invited_by_id is None:
        return True
    rights = rights_on(found.invited_by_id)
    return rights is not None and Permission.EDIT in rights.codes and not rights.scope.is_limited


def _open_one(actor: Actor, invitation_id: UUID) -> Invitation:
    """An invitation of a house the actor may fill that nobody has ended; locked."""
    found = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if found is None or not may_touch(actor, found.dealer_id):
        raise Missing
    if not is_pending(found):
        raise InvitationOver
    return found


def _clear_expired(new: Invitation) -> None:
    """An offer that has run out makes room for a new one to the same account name."""
    old = Invitation.objects.select_for_update().filter(
        identifier_index=new.identifier_index,
        side=new.side,
        dealer_id=new.dealer_id,
        accepted_at__isnull=True,
        withdrawn_at__isnull=True,
        expires_at__lte=new.created_at,
    )
    for invitation in old:
        withdraw(invitation, None)


def withdraw(invitation: Invitation, actor: Actor | None) -> None:
    """The inner piece of ending an offer, inside an act, on its locked row; ``actor`` None: it ends by itself."""
    invitation.withdrawn_at, invitation.version = clock.now(), invitation.version + 1
    invitation.save(update_fields=["withdrawn_at", "version"])
    record_invitation(INVITATION_WITHDRAWN, invitation, actor)


@dataclass(frozen=True, slots=True)
class _Post:
    """What a mail says of its sender; read before the act, for it lies in the public schema."""

    brand: str
    language: str
    home: str


def _post() -> _Post:
    brand = brand_in(current_schema())
    if brand is None:
        raise Missing
    return _Post(brand.name, brand.language, home_of(current_schema()))


def _mail(invitation: Invitation, account: AccountName, token: str, post: _Post) -> None:
    """The link by mail, where the account name is an address."""
    if account.means is not Means.EMAIL or clock.is_fixed():
        return
    write_to(
        addressee=Addressee(account.value, Message.Way.MAIL, post.language),
        template=messages.INVITED,
        context={
            "brand": post.brand,
            "inviter": invitation.invited_by_name or post.brand,
            "house": invitation.dealer_name,
            "days": rules.INVITATION_LASTS.days,
        },
        secrets={"link": f"{post.home}{path_of(token)}"},
    )
