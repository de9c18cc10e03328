"""Writing a round: its head, its lines one by one, or many at once by a percentage."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.db import scopes, sql
from core.db.acts import act
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing, refuse_all
from core.kernel.ids import document_number
from core.kernel.quantity import Unit
from core.kernel.text import normalised
from ordering.pricing.errors import ChangedTwice, SkuUnknown
from ordering.pricing.models import PriceList
from ordering.pricing.permissions import Permission
from ordering.pricing.rules import faults_of_change
from ordering.pricing.selectors import lists_visible_to
from ordering.pricing.services.entries import SKUS, refuse_wide_list
from ordering.rounds import errors, events
from ordering.rounds.models import PriceRound, PriceRoundLine
from ordering.rounds.rules import HIGHEST_CHANGE_BP, LOWEST_CHANGE_BP, MOST_LINES, ROUND_TO, raised
from ordering.rounds.selectors.ruling import ruling_of_lists
from ordering.rounds.services.locking import hands_of, locked_round, saved, touched


@dataclass(frozen=True, slots=True)
class Head:
    """What a round is about. ``funded_until`` None: orders keep their price whenever they are funded."""

    title: str
    takes_effect_at: datetime
    reason: str = ""
    funded_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangeRound:
    """Another head for a draft as it was seen in ``version``."""

    number: str
    version: int
    head: Head


@dataclass(frozen=True, slots=True)
class Put:
    """One ``unit`` costs ``amount`` minor units, tax inside, from ``min_quantity`` on; None: the price ends."""

    list_code: str
    sku_code: str
    unit: Unit
    amount: int | None
    min_quantity: int = 1


@dataclass(frozen=True, slots=True)
class PutLines:
    """Lines to add or set anew on a draft, and ids of lines to take off. ``version`` None: whatever stands there."""

    number: str
    version: int | None
    puts: tuple[Put, ...] = ()
    drops: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FillRound:
    """Put every price of the lists that will rule when the round begins, changed by ``change_bp``, on the draft.

    ``round_to`` minor units. ``product_line``: only products of that line. Lines that stand there already stay.
    """

    number: str
    version: int
    list_codes: tuple[str, ...]
    change_bp: int
    round_to: int = 100
    product_line: str = ""


def draft_round(*, actor: Actor, head: Head, puts: Sequence[Put] = ()) -> PriceRound:
    """A draft nobody prices by, with lines or without.

    Raises by field ``TitleMissing``, ``TakesEffectTooEarly``, ``CutOffTooEarly``; by line as ``put_lines`` does.
    """
    actor.require(Permission.EDIT)
    with act():
        row = opened(actor, head)
        if puts and _put(actor, row, puts):
            saved(row, actor, events.ROUND_CHANGED)
        return row


def opened(actor: Actor, head: Head, *, reverts: PriceRound | None = None) -> PriceRound:
    """A draft written down, its event recorded; inside the caller's act."""
    now = clock.now()
    words = _checked(head, now)
    serial = sql.rows("SELECT nextval('rounds_round_number')", {})[0][0]
    row = PriceRound.objects.create(
        **words,
        seller_id=actor.dealer_id,
        number=document_number("PR", f"{clock.business_day(now):%Y%m%d}", int(serial)),
        touched_by_ids=hands_of(actor),
        drafted_by_name=actor.person_name[:80],
        reverts=reverts,
        created_at=now,
    )
    saved(row, actor, events.ROUND_DRAFTED, is_new=True)
    return row


def change_round(*, actor: Actor, command: ChangeRound) -> PriceRound:
    """Another head; the same again changes nothing. Raises as ``draft_round``, ``Missing``, ``RoundState``."""
    actor.require(Permission.EDIT)
    with act():
        row = locked_round(actor, command.number, step="change", version=command.version)
        words = _checked(command.head, clock.now())
        if all(getattr(row, name) == value for name, value in words.items()):
            return row
        for name, value in words.items():
            setattr(row, name, value)
        touched(row, actor)
        saved(row, actor, events.ROUND_CHANGED)
    return row


def put_lines(*, actor: Actor, command: PutLines) -> PriceRound:
    """Add, set or take off lines of a draft; what stands there already changes nothing.

    Raises ``Missing``, ``RoundState``, ``VersionConflict``, ``TooManyLines``, and by line ``SkuUnknown``,
    ``UnitNotSold``, ``NotAPrice``, ``StepTooLow``, ``ChangedTwice``, or ``Missing`` for a list.
    """
    actor.require(Permission.EDIT)
    with act():
        row = locked_round(actor, command.number, step="change", version=command.version)
        dropped, _ = PriceRoundLine.objects.filter(round=row, pk__in=command.drops).delete()
        wrote = _put(actor, row, command.puts)
        if dropped or wrote:
            _refuse_too_many(row)
            touched(row, actor)
            saved(row, actor, events.ROUND_CHANGED)
    return row


def _put(actor: Actor, row: PriceRound, puts: Sequence[Put]) -> int:
    """Check the lines and write them; how many changed."""
    if len(puts) > MOST_LINES:
        raise errors.TooManyLines(most=MOST_LINES)
    lists = changeable_lists(actor, [put.list_code for put in puts])
    skus = _skus(actor, puts)
    refuse_all(_faults(puts, skus))
    lines = [
        (lists[put.list_code].pk, skus[put.sku_code][0], put.unit.value, put.min_quantity, put.amount) for put in puts
    ]
    return write_lines(row, lines)


def fill_round(*, actor: Actor, command: FillRound) -> PriceRound:
    """Put a percentage on many prices at once; whoever drafts looks at each afterwards.

    Raises ``ChangeInvalid``, ``NothingFound``, ``TooManyLines``, and as ``put_lines`` does.
    """
    actor.require(Permission.EDIT)
    is_change = LOWEST_CHANGE_BP <= command.change_bp <= HIGHEST_CHANGE_BP and command.change_bp != 0
    if not is_change or command.round_to not in ROUND_TO:
        raise errors.ChangeInvalid(field="change")
    with act():
        row = locked_round(actor, command.number, step="change", version=command.version)
        lists = changeable_lists(actor, command.list_codes)
        found = ruling_of_lists(
            actor, [one.pk for one in lists.values()], at=row.takes_effect_at, product_line=command.product_line
        )
        if not found:
            raise errors.NothingFound(field="lists")
        if len(found) > MOST_LINES:
            raise errors.TooManyLines(most=MOST_LINES)
        puts = [
            (
                one.list_id,
                one.sku_id,
                one.unit,
                one.min_quantity,
                raised(one.amount, command.change_bp, command.round_to),
            )
            for one in found
        ]
        if write_lines(row, puts, keeps=True):
            _refuse_too_many(row)
            touched(row, actor)
            saved(row, actor, events.ROUND_CHANGED)
    return row


_WRITE = """
INSERT INTO rounds_priceroundline AS line (round_id, price_list_id, sku_id, unit, min_quantity, amount)
SELECT %(round)s, list_id, sku_id, unit, min_quantity, amount
FROM unnest(%(lists)s::bigint[], %(skus)s::bigint[], %(units)s::text[], %(steps)s::int[], %(amounts)s::bigint[])
    AS put(list_id, sku_id, unit, min_quantity, amount)
ON CONFLICT ON CONSTRAINT price_round_line_key DO UPDATE SET amount = excluded.amount
WHERE line.amount IS DISTINCT FROM excluded.amount AND NOT %(keeps)s
RETURNING line.id
"""


def write_lines(row: PriceRound, puts: Sequence[tuple[int, int, str, int, int | None]], *, keeps: bool = False) -> int:
    """Write (list, SKU, unit, step, amount) on the round; how many changed. ``keeps``: what stands there stays."""
    if not puts:
        return 0
    lists, skus, units, steps, amounts = (list(column) for column in zip(*puts, strict=True))
    wanted = {"round": row.pk, "lists": lists, "skus": skus, "units": units, "steps": steps, "amounts": amounts}
    return len(sql.rows(_WRITE, {**wanted, "keeps": keeps}))


def changeable_lists(actor: Actor, codes: Iterable[str]) -> dict[str, PriceList]:
    """The actor's own lists of these codes that the seat may change. Raises ``Missing`` or ``OutOfScope``."""
    wanted = sorted(set(codes))
    found = {one.code: one for one in lists_visible_to(actor).filter(code__in=wanted)}
    for code in wanted:
        one = found.get(code)
        if one is None:
            raise Missing(list=code[:30])
        if one.scope != PriceList.Scope.DEALER:
            refuse_wide_list(actor, one.region_code, unseen=Missing(list=code[:30]))
    return found


def _checked(head: Head, now: datetime) -> dict[str, object]:
    title, reason = normalised(head.title)[:80], normalised(head.reason)[:500]
    faults: list[DomainError] = []
    if not title:
        faults.append(errors.TitleMissing(field="title"))
    if head.takes_effect_at <= now:
        faults.append(errors.TakesEffectTooEarly(field="takes_effect_at"))
    if head.funded_until is not None and head.funded_until < head.takes_effect_at:
        faults.append(errors.CutOffTooEarly(field="funded_until"))
    refuse_all(faults)
    return {
        "title": title,
        "reason": reason,
        "takes_effect_at": head.takes_effect_at,
        "funded_until": head.funded_until,
    }


def _skus(actor: Actor, puts: Sequence[Put]) -> Mapping[str, tuple[int, str]]:
    asked = {"codes": sorted({put.sku_code for put in puts}), **scopes.parameters(actor)}
    return {code: (sku_id, sells_in) for code, sku_id, sells_in in sql.rows(SKUS, asked)}


def _faults(puts: Sequence[Put], skus: Mapping[str, tuple[int, str]]) -> list[DomainError]:
    faults: list[DomainError] = []
    seen: set[tuple[str, str, Unit, int]] = set()
    for line, put in enumerate(puts, start=1):
        found = skus.get(put.sku_code)
        if found is None:
            faults.append(SkuUnknown(line=line, field="sku_code", sku=put.sku_code[:48]))
            continue
        faults += faults_of_change(
            line=line,
            sku=put.sku_code,
            unit=put.unit,
            sells_in=found[1],
            min_quantity=put.min_quantity,
            amount=put.amount,
        )
        key = (put.list_code, put.sku_code, put.unit, put.min_quantity)
        if key in seen:
            faults.append(ChangedTwice(line=line, sku=put.sku_code))
        seen.add(key)
    return faults


def _refuse_too_many(row: PriceRound) -> None:
    if PriceRoundLine.objects.filter(round=row).count() > MOST_LINES:
        raise errors.TooManyLines(most=MOST_LINES)
