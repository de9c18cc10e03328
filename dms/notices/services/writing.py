"""Telling dealers: write, change, publish, withdraw; and reading."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.catalogue.models import ProductLine
from core.db import sql
from core.db.acts import act
from core.db.locks import Rank, locked
from core.db.scopes import dealers_within
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing, OutOfScope, ReadOnlyPortal, VersionConflict, refuse_all
from dms.dealers.models import Dealer
from dms.notices import errors, events, rules
from dms.notices.models import Notice
from dms.notices.permissions import Permission
from dms.notices.rules import Audience
from dms.notices.selectors import audience_of, labels_to_address, notices_for
from dms.notices.services.telling import recall_unsent


@dataclass(frozen=True, slots=True)
class WriteNotice:
    """What a notice says and to whom; an empty audience is every dealer. ``until_at`` None: until withdrawn."""

    title: str
    body: str
    title_en: str = ""
    body_en: str = ""
    tone: str = "INFO"
    tiers: tuple[str, ...] = ()
    region_codes: tuple[str, ...] = ()
    line_codes: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    dealer_codes: tuple[str, ...] = ()
    needs_receipt: bool = False
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """``version``: the notice as it was shown. ``asks_again``: what was read before counts no more."""

    notice_id: int
    version: int
    content: WriteNotice
    asks_again: bool = False


def write_notice(*, actor: Actor, command: WriteNotice) -> Notice:
    """A draft nobody sees yet.

    Raises by field ``WordsMissing``, ``WordsTooLong``, ``AudienceUnknown``, ``ToneUnknown``, ``EndsTooEarly``; and
    ``OutOfScope`` where it reaches beyond the seat's regions, lines or dealers.
    """
    actor.require(Permission.WRITE)
    now = clock.now()
    words = _checked(actor, command, starts_at=now)
    with act():
        row = Notice.objects.create(**words, written_by_name=actor.person_name[:80], created_at=now)
        _tell(events.NOTICE_WRITTEN, row, actor)
    return row


def change_notice(*, actor: Actor, command: ChangeNotice) -> Notice:
    """Put other words or another audience; the same again changes nothing.

    Raises as ``write_notice`` does, ``Missing``, ``NoticeWithdrawn`` or ``VersionConflict``.
    """
    actor.require(Permission.WRITE)
    words = _checked(actor, command.content, starts_at=clock.now())
    with act():
        row = _own(actor, command.notice_id)
        if not command.asks_again and all(getattr(row, name) == value for name, value in words.items()):
            return row
        if row.version != command.version:
            raise VersionConflict(version=row.version)
        if row.published_at is not None:
            rules.check_end(starts_at=row.published_at, until_at=command.content.until_at, now=clock.now())
        for name, value in words.items():
            setattr(row, name, value)
        row.version += 1
        if command.asks_again:
            row.read_from = row.version
            recall_unsent(row)
        if not clock.is_fixed():
            row.told_at = None  # a wider audience has somebody who was not written to
        row.save()
        _tell(events.NOTICE_CHANGED, row, actor)
    return row


def publish_notice(*, actor: Actor, notice_id: int, version: int, at: datetime | None = None) -> Notice:
    """Let dealers see it, now or from ``at`` on. One that is out already stays as it is.

    Raises ``Missing``, ``NoticeWithdrawn``, ``VersionConflict`` or ``EndsTooEarly``.
    """
    actor.require(Permission.WRITE)
    now = clock.now()
    with act():
        row = _own(actor, notice_id)
        if row.published_at is not None and row.published_at <= now:
            return row
        if row.version != version:
            raise VersionConflict(version=row.version)
        starts_at = max(at or now, now)
        rules.check_end(starts_at=starts_at, until_at=row.until_at, now=now)
        row.published_at = starts_at
        row.told_at = now if clock.is_fixed() else None  # an act of the past tells nobody
        row.version += 1
        row.save(update_fields=["published_at", "told_at", "version"])
        _tell(events.NOTICE_PUBLISHED, row, actor)
    return row


def withdraw_notice(*, actor: Actor, notice_id: int) -> Notice:
    """Nobody sees it any more; what was read stays on record. Twice is once. Raises ``Missing`` or ``OutOfScope``."""
    actor.require(Permission.WRITE)
    with act():
        row = _own(actor, notice_id, is_withdrawn_well=True)
        if row.withdrawn_at is None:
            row.withdrawn_at = clock.now()
            row.version += 1
            row.save(update_fields=["withdrawn_at", "version"])
            recall_unsent(row)
            _tell(events.NOTICE_WITHDRAWN, row, actor)
    return row


def read_notice(*, actor: Actor, notice_id: int, version: int | None = None) -> None:
    """This seat has read it as it stood in ``version`` (None: as it stands); again changes nothing.

    Raises ``Missing`` for one not for its house, and ``VersionConflict`` when it asks again since: other words stand
    there now.
    """
    _read(actor, notice_id, version)


def read_notices(*, actor: Actor) -> None:
    """This seat has read all that ask for no receipt."""
    _read(actor, None, None)


_READ = """
INSERT INTO notices_noticeread (notice_id, dealer_id, seat_id, reader_name, version, read_at)
SELECT notice_id, %(dealer)s, %(seat)s, %(reader)s, version, %(now)s
FROM unnest(%(notices)s::bigint[], %(versions)s::int[]) AS shown(notice_id, version)
ON CONFLICT (notice_id, seat_id, version) DO NOTHING
RETURNING notice_id
"""


def _read(actor: Actor, notice_id: int | None, version: int | None) -> None:
    if actor.is_read_only:
        raise ReadOnlyPortal
    told = notices_for(actor)
    if notice_id is not None and all(one.id != notice_id for one in told):
        raise Missing
    wanted = [
        one.id
        for one in told
        if not one.is_read and (one.id == notice_id if notice_id is not None else not one.needs_receipt)
    ]
    if not wanted:
        return
    with act():
        rows = {row.pk: row for row in Notice.objects.filter(pk__in=wanted, withdrawn_at__isnull=True).order_by("pk")}
        if version is not None and any(version < row.read_from for row in rows.values()):
            raise VersionConflict
        shown = {pk: row.version if version is None else min(version, row.version) for pk, row in rows.items()}
        said = {
            "dealer": actor.dealer_id,
            "seat": actor.seat_id,
            "reader": actor.person_name[:80],
            "now": clock.now(),
            "notices": list(shown),
            "versions": list(shown.values()),
        }
        for (pk,) in sql.rows(_READ, said):  # a second click at the same moment is told of once
            if rows[pk].needs_receipt:
                _tell(events.NOTICE_RECEIPTED, rows[pk], actor, buyer_id=actor.dealer_id)


def _own(actor: Actor, notice_id: int, *, is_withdrawn_well: bool = False) -> Notice:
    """The notice, locked. Raises ``Missing``, ``OutOfScope`` or ``NoticeWithdrawn``."""
    row = next(iter(locked(Notice.objects.filter(pk=notice_id), Rank.ORDER)), None)
    if row is None or not actor.is_brand_staff:
        raise Missing
    _require_ground(actor, audience_of(row))
    if _strange_houses(actor, row.dealer_codes):
        raise OutOfScope(field="dealer_codes")
    if row.withdrawn_at is not None and not is_withdrawn_well:
        raise errors.NoticeWithdrawn
    return row


def _require_ground(actor: Actor, asked: Audience) -> None:
    """A limited seat speaks to its own ground, lines and houses alone. Raises ``OutOfScope``.

    Houses named one by one lie inside its limits: whatever else is said only narrows them.
    """
    scope, places, lines = actor.scope, asked.region_codes, asked.line_codes
    if scope.subtree and not asked.dealer_codes:
        raise OutOfScope(field="dealer_codes")
    is_ground = places and all(scope.covers_region(code) for code in places)
    if scope.limits_regions and not (is_ground or asked.dealer_codes):
        raise OutOfScope(field="region_codes")
    if scope.product_lines and not (lines and all(scope.covers_line(code) for code in lines)):
        raise OutOfScope(field="line_codes")


def _checked(actor: Actor, command: WriteNotice, *, starts_at: datetime) -> dict[str, object]:
    """The columns of the row. Raises every fault together."""
    if not actor.is_brand_staff:
        raise Missing
    given = {name: str(getattr(command, name)) for name in rules.LIMITS}
    words, faults = rules.words_of(given)
    audience = {name: sorted(set(getattr(command, name))) for name in rules.AUDIENCE}
    audience["tiers"].sort(key=command.tiers.index)
    asked = Audience(**{name: tuple(codes) for name, codes in audience.items()})
    faults += rules.audience_faults(asked)
    faults += [errors.AudienceUnknown(field=name, value=value[:40]) for name, value in _strangers(actor, asked)]
    if command.tone not in rules.TONES:
        faults.append(errors.ToneUnknown(field="tone"))
    try:
        rules.check_end(starts_at=starts_at, until_at=command.until_at, now=clock.now())
    except DomainError as fault:
        faults.append(fault)
    refuse_all(faults)
    _require_ground(actor, asked)
    rest = {"tone": command.tone, "needs_receipt": command.needs_receipt, "until_at": command.until_at}
    return {**words, **audience, **rest}


def _strangers(actor: Actor, asked: Audience) -> Iterator[tuple[str, str]]:
    """Lines there are not, labels no house bears, and houses there are not inside the actor's limits."""
    if asked.line_codes:
        known = set(ProductLine.objects.filter(code__in=asked.line_codes).values_list("code", flat=True))
        yield from (("line_codes", code) for code in asked.line_codes if code not in known)
    if asked.labels:
        borne = set(labels_to_address(actor))
        yield from (("labels", label) for label in asked.labels if label not in borne)
    yield from (("dealer_codes", code) for code in _strange_houses(actor, asked.dealer_codes))


def _strange_houses(actor: Actor, codes: Sequence[str]) -> list[str]:
    if not codes:
        return []
    inside = Dealer.objects.filter(dealers_within(actor), code__in=codes).exclude(tier=Dealer.Tier.BRAND)
    known = set(inside.values_list("code", flat=True))
    return [code for code in codes if code not in known]


def _tell(kind: str, row: Notice, actor: Actor, *, buyer_id: int | None = None) -> None:
    payload = {
        "title": row.title,
        "tiers": row.tiers,
        "regions": row.region_codes,
        "lines": row.line_codes,
        "labels": row.labels,
        "dealers": row.dealer_codes,
        "needs_receipt": row.needs_receipt,
        "published_at": row.published_at,
        "until_at": row.until_at,
    }
    record(
        kind=kind,
        aggregate_type=events.NOTICE,
        aggregate_id=str(row.pk),
        version=row.version,
        actor=actor,
        payload=payload,
        seller_id=None if buyer_id is not None else actor.dealer_id,
        buyer_id=buyer_id,
    )
