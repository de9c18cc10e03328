"""What the platform tells its portals: published and withdrawn at the desk, read by every page without a statement.

Pages read from a cache of this process (ten seconds), that from the shared one (a minute, told at once by the verbs);
only a gap of both asks the database, and never inside a brand's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import caches
from django.db import transaction
from django.db.models import Q

from core.db.acts import act, connection, public
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing, Refusal
from core.kernel.operators import Ops
from core.kernel.text import N_, normalised, prose
from tenants.brands.errors import BadAnnouncement
from tenants.brands.models import Announcement, Brand

PUBLISHED = "brands.announcement_published.v1"
WITHDRAWN = "brands.announcement_withdrawn.v1"
LONGEST = timedelta(days=90)
NO_TITLE = N_("Write a title.")
BAD_DAYS = N_("The end comes after the beginning, at most 90 days later.")
NO_BRAND = N_("There is no brand of this short name: %(slugs)s.")
_KEY, _SHARED_S, _NEAR_S = "announcements", 60, 10


@dataclass(frozen=True, slots=True)
class Publish:
    """What is told, when, and to whom. ``slugs`` empty: all brands; ``sides`` brand, dealer or both."""

    title: str
    title_en: str
    body: str
    body_en: str
    tone: str
    from_at: datetime
    until_at: datetime
    sides: str = "both"
    slugs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Banner:
    """An announcement as a page shows it."""

    id: str
    title: str
    body: str
    is_warning: bool


def publish(*, actor: Actor, command: Publish) -> Announcement:
    """Tell the portals from ``from_at`` until ``until_at``, at most 90 days. Raises a ``Refusal`` by field."""
    actor.require(Ops.EDIT_ANNOUNCEMENTS)
    words = {name: prose(getattr(command, name)) for name in ("title", "title_en", "body", "body_en")}
    faults = [BadAnnouncement(NO_TITLE, field=name) for name in ("title", "title_en") if not words[name]]
    if not command.from_at < command.until_at <= command.from_at + LONGEST:
        faults.append(BadAnnouncement(BAD_DAYS, field="until_at"))
    with public():
        known = dict(Brand.objects.filter(slug__in=command.slugs).values_list("slug", "public_id"))
    if strange := sorted(set(command.slugs) - set(known)):
        faults.append(BadAnnouncement(NO_BRAND, field="slugs", slugs=", ".join(strange)[:200]))
    if faults:
        raise Refusal(faults)
    brand_ids = list(known.values())
    with public(), act():
        told = Announcement.objects.create(
            **words,
            tone=Announcement.Tone(command.tone),
            from_at=command.from_at,
            until_at=command.until_at,
            audience=Announcement.Audience.BRANDS if brand_ids else Announcement.Audience.ALL,
            brand_ids=brand_ids,
            sides=Announcement.Sides(command.sides),
            created_by=actor.person_id,
            created_at=clock.now(),
        )
        _record(PUBLISHED, told, actor, slugs=list(command.slugs), sides=told.sides)
        transaction.on_commit(_tell)
    return told


def withdraw(*, actor: Actor, announcement_id: UUID, reason: str) -> None:
    """Nobody sees it any more, from the next ten seconds on. Raises ``Missing`` when it is withdrawn already."""
    actor.require(Ops.EDIT_ANNOUNCEMENTS)
    with public(), act():
        told = Announcement.objects.select_for_update().filter(pk=announcement_id, withdrawn_at__isnull=True).first()
        if told is None:
            raise Missing
        told.withdrawn_at = clock.now()
        told.save(update_fields=["withdrawn_at"])
        _record(WITHDRAWN, told, actor, reason=normalised(reason)[:200])
        transaction.on_commit(_tell)


def banners(*, brand_id: UUID | None, side: str, language: str, seen: Sequence[str]) -> list[Banner]:
    """What a page of this brand (None: the platform's) tells this side now, but for what was put away."""
    now = clock.now().timestamp()
    is_english = language.startswith("en")
    return [
        Banner(
            id=one["id"],
            title=one["title_en"] if is_english else one["title"],
            body=(one["body_en"] or one["body"]) if is_english else one["body"],
            is_warning=one["tone"] == Announcement.Tone.WARNING,
        )
        for one in _current()
        if one["from"] <= now < one["until"]
        and one["sides"] in ("both", side)
        and (not one["brands"] or str(brand_id) in one["brands"])
        and one["id"] not in seen
    ]


def _current() -> list[dict[str, Any]]:
    near = caches["near"]
    kept = near.get(_KEY)
    if kept is None:
        kept = caches["shared"].get(_KEY)
        if kept is None:
            if connection.in_atomic_block and connection.schema_name != "public":
                return []  # nobody reaches over the wall for a banner: the next page shows it
            kept = _read()
            caches["shared"].add(_KEY, kept, _SHARED_S)
        near.set(_KEY, kept, _NEAR_S)
    return list(kept)


def _tell() -> None:
    caches["shared"].set(_KEY, _read(), _SHARED_S)
    caches["near"].delete(_KEY)


def _read() -> list[dict[str, Any]]:
    with public():
        now = clock.now()
        open_ones = Announcement.objects.filter(Q(until_at__gt=now) | Q(until_at__isnull=True), withdrawn_at=None)
        rows = list(open_ones.filter(from_at__lt=now + LONGEST).order_by("-tone", "-from_at"))
    return [
        {
            "id": str(one.pk),
            "title": one.title,
            "title_en": one.title_en or one.title,
            "body": one.body,
            "body_en": one.body_en,
            "tone": one.tone,
            "from": one.from_at.timestamp(),
            "until": one.until_at.timestamp() if one.until_at else float("inf"),
            "sides": one.sides,
            "brands": [str(brand) for brand in one.brand_ids],
        }
        for one in rows
    ]


def _record(kind: str, told: Announcement, actor: Actor, **payload: object) -> None:
    record(
        kind=kind,
        aggregate_type="announcement",
        aggregate_id=str(told.pk),
        version=0,
        actor=actor,
        payload={**payload},
    )
