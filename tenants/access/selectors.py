"""Questions about seats and tokens of the present brand."""

from collections.abc import Callable, Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from core.kernel import clock
from core.kernel.actor import Actor, Scope
from core.kernel.errors import Missing
from core.messages.port import Reader
from tenants.access import rules
from tenants.access.models import ApiToken, CustomRole, Delegation, Invitation, SavedView, Seat
from tenants.access.permissions import Permission
from tenants.access.rights import rights_of_person, rights_on
from tenants.access.roles import ROLE_CODES, ROLE_WORDS
from tenants.people.rules import AccountName
from tenants.people.selectors import person_named


def seats_of(person_id: UUID) -> list[Seat]:
    """The seats the person may sit in here: the brand's side first, lent ones last."""
    return [rights.seat for rights in rights_of_person(person_id)]


def seats_visible_to(actor: Actor) -> "QuerySet[Seat]":
    """All seats for the brand's staff, those of their own house for a dealer's; with limits one's own alone."""
    actor.require(Permission.READ, writes=False)
    seats = Seat.objects.filter(is_acting=False).order_by("dealer_name", "person_name")
    if actor.scope.is_limited:
        return seats.filter(pk=actor.seat_id)
    return seats if actor.is_brand_staff else seats.filter(dealer_id=actor.dealer_id)


def seated_people() -> set[tuple[UUID, str]]:
    """Everybody who holds an open seat of their own in the present brand, by person and side. One query."""
    seats = Seat.objects.filter(status=Seat.Status.ACTIVE, is_acting=False)
    return set(seats.values_list("person_id", "side"))


def invitations_visible_to(actor: Actor) -> "QuerySet[Invitation]":
    """Offers nobody has taken or withdrawn, the newest first: all for the brand's staff, else of one's own house."""
    actor.require(Permission.READ, writes=False)
    offers = Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).order_by("-created_at")
    if actor.scope.is_limited:
        return offers.none()
    return offers if actor.is_brand_staff else offers.filter(dealer_id=actor.dealer_id)


def invitation_by(token: str) -> Invitation | None:
    """The invitation of a link, whatever its state; for whoever has the link."""
    return Invitation.objects.filter(token_digest=rules.digest(token)).first()


def is_open(invitation: Invitation) -> bool:
    """Whether nobody has ended it and it has not ended by itself."""
    return is_pending(invitation) and clock.now() < invitation.expires_at


def is_pending(invitation: Invitation) -> bool:
    """Whether nobody has taken or withdrawn it; it may have run out."""
    return invitation.accepted_at is None and invitation.withdrawn_at is None


_NOBODY = UUID(int=0)


def seats_named(account: AccountName) -> "QuerySet[Seat]":
    """The open seats here of whoever has this account name; the same questions whether or not somebody has it.

    For verbs: what a page may show of it is what the actor sees anyway. Outside a transaction.
    """
    person = person_named(account)
    seats = Seat.objects.filter(status=Seat.Status.ACTIVE, is_acting=False).order_by("side", "dealer_name", "pk")
    return seats.filter(person_id=person.pk if person else _NOBODY)


def seats_known_of(actor: Actor, account: AccountName) -> list[Seat]:
    """The seats here of somebody about to be invited, as far as the actor sees them: a dealer those of its house."""
    seats = seats_named(account)
    visible = seats_visible_to(actor).values("pk")
    return list(seats.filter(pk__in=visible))


def words_of_roles(roles: Sequence[str], own: Mapping[str, str]) -> list[str]:
    """What roles are called: msgids of the table's, names of the brand's ``own``; those that are gone are left out."""
    return [words for role in roles if (words := ROLE_WORDS.get(role) or own.get(role))]


def custom_roles_of(side: str) -> "QuerySet[CustomRole]":
    """The brand's own roles of one side in use, by name."""
    return CustomRole.objects.filter(side=side, retired_at__isnull=True).order_by("name")


def own_seat(actor: Actor) -> list[Seat]:
    """The seat the actor sits in."""
    return list(Seat.objects.filter(pk=actor.seat_id))


def colleagues_of(actor: Actor) -> "QuerySet[Seat]":
    """The open seats of one's own house and side, one's own left out: who may stand in."""
    seats = Seat.objects.filter(
        side=actor.side.value, dealer_id=actor.dealer_id, status=Seat.Status.ACTIVE, is_acting=False
    )
    return seats.exclude(person_id=actor.person_id).order_by("person_name", "pk")


def delegations_of(actor: Actor) -> "QuerySet[Delegation]":
    """What is lent now or will be: by or to one's own seat; with ``access.read`` everybody's one may see."""
    lent = Delegation.objects.filter(ended_at__isnull=True, until_at__gt=clock.now())
    lent = lent.select_related("giver", "receiver").order_by("from_at", "pk")
    if not actor.can(Permission.READ) or actor.scope.is_limited:
        return lent.filter(Q(giver_id=actor.seat_id) | Q(receiver_id=actor.seat_id))
    return lent if actor.is_brand_staff else lent.filter(giver__dealer_id=actor.dealer_id)


def left_out_of(lent: Delegation) -> list[str]:
    """What the giver may do and did not hand over, but for changing seats."""
    held = rights_on(lent.giver_id)
    return sorted(held.codes - {Permission.EDIT} - set(lent.codes)) if held else []


def tokens_visible_to(actor: Actor) -> "QuerySet[ApiToken]":
    """The tokens of one's own seat; with ``access.read`` those of every seat one may see."""
    tokens = ApiToken.objects.select_related("seat").order_by("-created_at")
    if actor.can(Permission.READ):
        return tokens.filter(seat__in=seats_visible_to(actor))
    return tokens.filter(seat_id=actor.seat_id)


def views_shown_to(actor: Actor, list_name: str) -> list[SavedView]:
    """The saved views of a list: one's own in their order, then what colleagues of the house share, by name."""
    shared = Q(is_shared=True, seat__dealer_id=actor.dealer_id, seat__status=Seat.Status.ACTIVE)
    found = SavedView.objects.filter(Q(seat_id=actor.seat_id) | shared, list_name=list_name)
    return sorted(
        found,
        key=lambda view: (False, view.position, "") if view.seat_id == actor.seat_id else (True, 0, view.name),
    )


def opening_views(actor: Actor) -> dict[str, str]:
    """List → query of the view it opens with, for the lists where the seat has chosen one."""
    chosen = SavedView.objects.filter(seat_id=actor.seat_id, is_default=True)
    return dict(chosen.values_list("list_name", "query"))


def seat_visible_to(actor: Actor, seat_id: UUID) -> Seat:
    """One seat. Raises ``Missing``."""
    seat = seats_visible_to(actor).filter(pk=seat_id).first()
    if seat is None:
        raise Missing
    return seat


_SCOPE = ("scope_regions", "scope_product_lines", "scope_dealer_id")


def seat_ids_of(dealer_ids: Collection[int], *, reaches: Callable[[Scope], bool]) -> list[UUID]:
    """Every active seat of these houses whose limits ``reaches``: whom to tell what concerns a house as a whole.

    For handlers and tasks, not for pages. One query, however many houses.
    """
    rows = Seat.objects.filter(dealer_id__in=list(dealer_ids), status=Seat.Status.ACTIVE).order_by("pk")
    return [
        seat_id
        for seat_id, regions, lines, subtree in rows.values_list("pk", *_SCOPE)
        if reaches(Scope(tuple(regions), tuple(lines), subtree))
    ]


def readers_on(seat_ids: Collection[UUID]) -> list[Reader]:
    """The people on these seats, each once, with every active seat they have here. For tasks. One query."""
    wanted = set(seat_ids)
    people = Seat.objects.filter(pk__in=wanted).values("person_id")
    seats: dict[UUID, list[UUID]] = {}
    rows = Seat.objects.filter(person_id__in=people, status=Seat.Status.ACTIVE).order_by("pk")
    for person_id, seat_id in rows.values_list("person_id", "pk"):
        seats.setdefault(person_id, []).append(seat_id)
    return [
        Reader(person_id, next(seat for seat in held if seat in wanted), tuple(held))
        for person_id, held in seats.items()
        if not wanted.isdisjoint(held)
    ]


def seat_ids_with(*, dealer_id: int, code: str, reaches: Callable[[Scope], bool] = lambda _scope: True) -> list[UUID]:
    """Active seats of a house that carry ``code``, by role or lent: whom to tell. For handlers, not for pages.

    ``reaches`` says whether a seat with such limits could open what it is told of.
    """
    return seat_ids_carrying([dealer_id], codes=(code,), reaches=reaches)


def seat_ids_carrying(
    dealer_ids: Collection[int], *, codes: Collection[str], reaches: Callable[[Scope], bool]
) -> list[UUID]:
    """The seats ``seat_ids_with`` finds, of many houses, that carry every one of ``codes``.

    Two queries, however many houses.
    """
    own_roles = CustomRole.objects.filter(codes__overlap=list(codes), retired_at__isnull=True)
    roles: dict[str, Collection[str]] = {**ROLE_CODES, **dict(own_roles.values_list("code", "codes"))}
    seats = Seat.objects.filter(_carrying(roles, codes), dealer_id__in=list(dealer_ids), status=Seat.Status.ACTIVE)
    givers = (f"delegation__giver__{name}" for name in _SCOPE)
    rows = seats.order_by("pk").values_list("pk", "is_acting", *_SCOPE, *givers)
    return [
        seat_id
        for seat_id, is_acting, *own in rows
        for regions, lines, subtree in (own[3:] if is_acting else own[:3],)
        if reaches(Scope(tuple(regions), tuple(lines), subtree))
    ]


def _carrying(roles: Mapping[str, Collection[str]], codes: Collection[str]) -> Q:
    """Seats that carry each of the codes, by role or lent."""
    now, wanted = clock.now(), Q()
    for code in codes:
        lent = Q(
            delegation__codes__contains=[code],
            delegation__ended_at__isnull=True,
            delegation__from_at__lte=now,
            delegation__until_at__gt=now,
        )
        wanted &= Q(roles__overlap=[role for role, carried in roles.items() if code in carried]) | lent
    return wanted
