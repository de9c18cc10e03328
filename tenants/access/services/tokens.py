"""Verbs of tokens: access for programs, bound to one seat. Each is one act in the brand's schema."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from core.db.acts import act
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted
from core.kernel.text import normalised
from core.messages.services import notify
from tenants.access import messages, rules
from tenants.access.errors import ActingSeat, CodesTooWide, TokenOver
from tenants.access.events import TOKEN_ISSUED, TOKEN_REVOKED, TOKEN_ROTATED
from tenants.access.models import ApiToken, Seat
from tenants.access.permissions import Permission
from tenants.access.rights import rights_on
from tenants.access.services.bounds import may_touch
from tenants.access.services.telling import record_seat


def issue_token(*, actor: Actor, seat_id: UUID, name: str, codes: Sequence[str], days: int) -> tuple[ApiToken, str]:
    """A token for one's own seat, nobody else's: what it does is done in its person's name. Shown this once.

    ``codes`` empty means all the seat has. Raises ``CodesTooWide``, ``BadTokenLife``, ``NotPermitted``,
    ``ActingSeat`` or ``Missing``.
    """
    _require(actor, seat_id)
    lasts = timedelta(days=rules.checked_days(days))
    with act():
        seat = Seat.objects.select_for_update().filter(pk=seat_id, status=Seat.Status.ACTIVE).first()
        if seat is None:
            raise Missing
        rights = rights_on(seat.pk)
        held = rights.codes if rights else frozenset()
        too_wide = sorted(set(codes) - held)
        if too_wide:
            raise CodesTooWide(codes=", ".join(too_wide))
        key, secret = rules.new_token()
        now = clock.now()
        token = ApiToken.objects.create(
            key=key,
            secret_digest=rules.digest(secret),
            name=normalised(name)[:60],
            seat=seat,
            codes=sorted(set(codes) or held),
            expires_at=now + lasts,
            created_at=now,
        )
        record_seat(TOKEN_ISSUED, seat, actor, key=key)
    return token, rules.token_text(key, secret)


def rotate_token(*, actor: Actor, key: str, overlap_hours: int = 24) -> tuple[ApiToken, str]:
    """Another secret under the same key; the former is taken for ``overlap_hours`` more (0 to 72). Shown this once.

    When the token ends stays as it is. Raises ``TokenOver``, ``NotPermitted``, ``ActingSeat`` or ``Missing``.
    """
    with act():
        token = ApiToken.objects.select_for_update(of=("self",)).select_related("seat").filter(key=key).first()
        if token is None:
            raise Missing
        _require(actor, token.seat_id)
        now = clock.now()
        if token.revoked_at is not None or token.expires_at <= now or token.seat.status != Seat.Status.ACTIVE:
            raise TokenOver
        _, secret = rules.new_token()
        token.previous_digest = token.secret_digest
        token.previous_until = now + timedelta(hours=max(0, min(overlap_hours, rules.TOKEN_OVERLAP_HOURS)))
        token.secret_digest = rules.digest(secret)
        token.save(update_fields=["previous_digest", "previous_until", "secret_digest"])
        record_seat(TOKEN_ROTATED, token.seat, actor, key=key)
    return token, rules.token_text(key, secret)


def revoke_token(*, actor: Actor, key: str) -> ApiToken:
    """End a token at once. Raises ``Missing`` for one the actor may not see."""
    with act():
        token = ApiToken.objects.select_for_update(of=("self",)).select_related("seat").filter(key=key).first()
        if token is None or not may_touch(actor, token.seat.dealer_id):
            raise Missing
        if token.seat_id != actor.seat_id:
            actor.require(Permission.EDIT)
            actor.require_unlimited()
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            token.save(update_fields=["revoked_at"])
            record_seat(TOKEN_REVOKED, token.seat, actor, key=key)
    return token


def end_tokens_of(person_id: UUID) -> int:
    """The inner piece of locking a person, inside the act of its handler: every token ends, for good; how many."""
    locked = ApiToken.objects.select_for_update(of=("self",)).select_related("seat")
    theirs = list(locked.filter(seat__person_id=person_id, revoked_at__isnull=True).order_by("pk"))
    for token in theirs:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        record_seat(TOKEN_REVOKED, token.seat, None, key=token.key)
    return len(theirs)


def note_use(token: ApiToken) -> None:
    """Remember that a token was used; written at most every ten minutes, by one of those who use it at once."""
    now = clock.now()
    before = now - rules.TOKEN_USE_NOTED
    if token.last_used_at is None or token.last_used_at < before:
        unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lt=before)
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)


def warn_of_ending_tokens() -> int:
    """Tell the owners of tokens that end within 14 days, once each and never of short ones; how many were told of."""
    now = clock.now()
    ending = ApiToken.objects.filter(
        warned_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=now,
        expires_at__lte=now + rules.TOKEN_WARNING,
        created_at__lt=F("expires_at") - rules.TOKEN_WARNING,
        seat__status=Seat.Status.ACTIVE,
    )
    with act():
        locked = ending.select_related("seat").select_for_update(of=("self",), skip_locked=True)
        due = list(locked.order_by("pk"))
        for token in due:
            day = f"{timezone.localtime(token.expires_at):%Y-%m-%d}"
            told = {"name": token.name, "key": token.key, "day": day}
            link = "/console/tokens/" if token.seat.side == Seat.Side.BRAND else "/tokens/"
            notify(template=messages.TOKEN_ENDS, seat_ids=[token.seat_id], context=told, link=link)
        ApiToken.objects.filter(pk__in=[token.pk for token in due]).update(warned_at=now)
    return len(due)


def _require(actor: Actor, seat_id: UUID) -> None:
    """One's own seat: an administrator ends others' tokens, but never holds a secret that acts in their name.

    A token makes no tokens: revoking one ends what it could do.
    """
    if seat_id != actor.seat_id:
        raise Missing
    if actor.acting_for is not None:
        raise ActingSeat
    if actor.token_id is not None:
        raise NotPermitted(permission=Permission.EDIT)
