"""Grants given: by ones and by thousands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from core.db.acts import act
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, refuse_all
from dms.dealers.services import lock_tree
from dms.territories.events import TERRITORY_GRANTED
from dms.territories.models import Grant
from dms.territories.selectors.judging import Plan, Verdict, judge
from dms.territories.services.drafting import GrantTerritory, Register, require_map
from dms.territories.services.telling import tell


def grant(*, actor: Actor, command: GrantTerritory) -> Grant:
    """Give a dealer ground, both within the seat's limits.

    Raises ``DealerUnknown``, ``LineUnknown``, ``SkuUnknown``, ``LineOrSkus``, ``ChannelUnknown``, ``ZoneUnknown``,
    ``RegionOrZone``, ``KindInvalid``, ``PriorityInvalid``, ``RangeInvalid``, ``UnknownRegion``, ``NationwideChannel``,
    ``OutOfScope``, ``OutsideParent``, ``HeldAlready`` or ``Conflicts``: all that is wrong, together.
    """
    require_map(actor)
    with act():
        lock_tree()
        now, today = clock.now(), clock.business_day()
        draft = Register(actor, [command]).draft(command, today=today, now=now)
        refuse_all(draft.faults)
        if draft.row is None:
            raise RuntimeError("a draft without faults is a row")
        judged = judge(Plan(new=(draft.row,)), actor, today=today)
        refuse_all(judged.faults())
        keep(draft.row, judged.verdicts[0])
        tell(TERRITORY_GRANTED, [draft.row], actor)
        return draft.row


def keep(row: Grant, verdict: Verdict) -> None:
    """Write a judged row, tied to the carve-outs it is part of."""
    row.carved_out_of = verdict.wide
    row.save(force_insert=row.pk is None)
    loose = [piece.pk for piece in verdict.carved if piece.carved_out_of_id is None and piece.pk is not None]
    if loose:
        Grant.objects.filter(pk__in=loose).update(carved_out_of=row)


class Fate(StrEnum):
    """What became of a row of an import."""

    NEW = "new"
    SAME = "same"


@dataclass(slots=True)
class Imported:
    """By 1-based place of the row: its fate, or its faults with ``line``."""

    fates: Mapping[int, Fate] = field(default_factory=dict)
    faults: list[DomainError] = field(default_factory=list)


def import_grants(*, actor: Actor, rows: Sequence[GrantTerritory], is_dry_run: bool = False) -> Imported:
    """Give many, each judged alone against the map and the rows before it; what is held already stays as it is.

    A dozen statements and one an event, whatever the number of rows. Nothing is written on a dry run.
    """
    require_map(actor)
    with act():
        lock_tree()
        now, today = clock.now(), clock.business_day()
        register = Register(actor, rows)
        fates: dict[int, Fate] = {}
        faults: list[DomainError] = []
        drafts: list[tuple[int, Grant]] = []
        for place, command in enumerate(rows, start=1):
            draft = register.draft(command, today=today, now=now)
            faults += _at(place, draft.faults)
            if draft.row is not None:
                drafts.append((place, draft.row))
        drafts.sort(key=lambda drafted: drafted[1].dealer.path.count("/"))  # the upper ones first: others rest on them
        judged = judge(Plan(new=tuple(row for _place, row in drafts)), actor, today=today)
        good: list[tuple[Grant, Verdict]] = []
        for (place, row), verdict in zip(drafts, judged.verdicts, strict=True):
            if verdict.is_held_already:
                fates[place] = Fate.SAME
            elif verdict.faults:
                faults += _at(place, verdict.faults)
            else:
                fates[place] = Fate.NEW
                good.append((row, verdict))
        if not is_dry_run:
            _write(good, actor)
        return Imported(fates, faults)


def _write(good: Sequence[tuple[Grant, Verdict]], actor: Actor) -> None:
    """The rows in one go; then the ties of carve-outs, which need the ids the rows only have now."""
    Grant.objects.bulk_create([row for row, _verdict in good], batch_size=1000)
    tied: dict[int, Grant] = {}
    for row, verdict in good:
        if verdict.wide is not None:
            row.carved_out_of = verdict.wide
            tied[row.pk] = row
        for piece in verdict.carved:
            if piece.carved_out_of_id is None:
                piece.carved_out_of = row
                tied[piece.pk] = piece
    Grant.objects.bulk_update(tied.values(), ["carved_out_of"], batch_size=1000)
    tell(TERRITORY_GRANTED, [row for row, _verdict in good], actor)


def _at(place: int, faults: Sequence[DomainError]) -> list[DomainError]:
    for fault in faults:
        fault.line = place
    return list(faults)
