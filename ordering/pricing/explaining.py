"""Why a price is what it is, in plain Python: one buyer's lists for one SKU, asked in their order, at any instant.

The rules are those of ``offers`` (docs/algorithms/pricing.md), told step by step. Amounts are minor units.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.kernel.errors import DomainError
from core.kernel.quantity import Unit
from ordering.pricing.derivation import Derivation, derived_amount, divided
from ordering.pricing.errors import BelowFirstStep, PriceMissing, UnitUnpriced

MOST_CHANGES = 240
"""Instants of change a course tells, the newest."""
Key = tuple[str, int]
"""A unit, and the quantity its price begins at."""


class Verdict(StrEnum):
    """What became of one list of the chain."""

    WINS = "WINS"
    OUTRANKED = "OUTRANKED"
    DEARER = "DEARER"
    NO_PRICE = "NO_PRICE"
    ENDED = "ENDED"
    PLANNED = "PLANNED"
    OTHER_UNIT = "OTHER_UNIT"
    BELOW_STEP = "BELOW_STEP"


@dataclass(frozen=True, slots=True)
class ListFacts:
    """One list as the chain knows it; ``place`` sorts it, the lowest first."""

    id: int
    code: str
    place: tuple[int, ...] = ()
    parent_id: int | None = None
    factor_ppm: int = 1_000_000
    round_to: int = 1
    round_mode: str = "HALF_UP"
    divides_cases: bool = False


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One entry; ``amount`` None ended the price."""

    id: int
    list_id: int
    unit: str
    min_quantity: int
    valid_from: datetime
    amount: int | None
    person_id: UUID | None
    created_at: datetime
    round_id: int | None = None

    @property
    def key(self) -> Key:
        """What the next entry of the same key replaces."""
        return (self.unit, self.min_quantity)


@dataclass(frozen=True, slots=True)
class Made:
    """One stage a price went through: a derivation of ``list_code``, or a case divided into bottles."""

    list_code: str
    before: int
    after: int
    derivation: Derivation | None = None
    bottles: int = 0


@dataclass(frozen=True, slots=True)
class Priced:
    """An amount with the entry it comes from and what was made of it on the way."""

    amount: int
    entry: EntryFacts
    made: tuple[Made, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One list of the chain with what it says of the SKU, by key, and what became of it."""

    list: ListFacts
    verdict: Verdict
    ladder: Mapping[Key, Priced]
    step: tuple[int, Priced] | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """The chain in the order it is asked; ``price`` from ``min_quantity`` on, or why there is none."""

    chain: tuple[Asked, ...]
    price: Priced | None
    min_quantity: int
    refusal: DomainError | None

    @property
    def winner(self) -> Asked | None:
        """The list the price comes from."""
        return next((one for one in self.chain if one.verdict is Verdict.WINS), None)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: so many of a unit of one SKU."""

    sku_code: str
    bottles_per_case: int
    unit: Unit
    quantity: int
    is_lowest: bool = False


class Chain:
    """The lists of one buyer with every entry of one SKU, own and of their parents, whenever it begins."""

    def __init__(self, lists: Sequence[ListFacts], parents: Sequence[ListFacts], entries: Sequence[EntryFacts]) -> None:
        self._chain = tuple(lists)
        self._lists = {one.id: one for one in (*parents, *lists)}
        self._entries: dict[int, list[EntryFacts]] = {}
        for entry in sorted(entries, key=lambda one: one.valid_from):
            self._entries.setdefault(entry.list_id, []).append(entry)

    def explain(self, question: Question, at: datetime) -> Explained:
        """The price ``at`` an instant, and what became of every list."""
        says = {one.id: self._whole(one, question.bottles_per_case, at) for one in self._chain}
        ordered = sorted(self._chain, key=lambda one: (one.place, -_newest(says[one.id]), -one.id))
        steps = {one.id: _step(says[one.id], question) for one in ordered}
        speaking = [one.id for one in ordered if says[one.id]]
        reached = [pk for pk in speaking if steps[pk] is not None]
        if question.is_lowest:
            winner = min(reached, key=lambda pk: _amount_of(steps[pk]), default=None)
        else:
            winner = next((pk for pk in speaking[:1] if steps[pk] is not None), None)
        first = speaking[0] if speaking else None
        chain = tuple(
            Asked(
                one,
                self._verdict(one, says[one.id], question, winner=winner, first=first, at=at),
                says[one.id],
                steps[one.id],
                self._turn(one, at) if not says[one.id] else None,
            )
            for one in ordered
        )
        found = steps[winner] if winner is not None else None
        if found is None:
            asked = [says[pk] for pk in (speaking if question.is_lowest else speaking[:1])]
            return Explained(chain, None, 0, _refusal(asked, question))
        return Explained(chain, found[1], found[0], None)

    def course(self, question: Question, until: datetime) -> list[tuple[datetime, int | None]]:
        """What the buyer pays from which instant on, up to ``until``; None: not to be had. By today's lists."""
        instants = sorted({entry.valid_from for entries in self._entries.values() for entry in entries})
        told: list[tuple[datetime, int | None]] = []
        for instant in [one for one in instants if one <= until][-MOST_CHANGES:]:
            price = self.explain(question, instant).price
            amount = price.amount if price else None
            if not told or told[-1][1] != amount:
                told.append((instant, amount))
        return told

    def of_key(self, entry: EntryFacts) -> list[EntryFacts]:
        """Every entry of the key of ``entry``, the newest first."""
        return [one for one in reversed(self._entries.get(entry.list_id, [])) if one.key == entry.key]

    def _whole(self, one: ListFacts, bottles: int, at: datetime) -> dict[Key, Priced]:
        """What a list says, bottles out of divided cases too."""
        raw = self._raw(one, at)
        if not one.divides_cases or any(unit == Unit.BOTTLE for unit, _quantity in raw):
            return raw
        shares = divided({key: priced.amount for key, priced in raw.items()}, bottles)
        cases = {(1 if quantity == 1 else quantity * bottles): raw[unit, quantity] for unit, quantity in raw}
        made = {
            key: replace(
                cases[key[1]],
                amount=share,
                made=(*cases[key[1]].made, Made(one.code, cases[key[1]].amount, share, bottles=bottles)),
            )
            for key, share in shares.items()
            if share
        }
        return {**raw, **made}

    def _raw(self, one: ListFacts, at: datetime) -> dict[Key, Priced]:
        """Its own ruling entries, if any; else what its parent says, derived."""
        own = {key: entry for key, entry in self._ruling(one.id, at).items() if entry.amount is not None}
        if own:
            return {key: Priced(entry.amount or 0, entry) for key, entry in own.items()}
        parent = self._lists.get(one.parent_id) if one.parent_id is not None else None
        if parent is None:
            return {}
        by = Derivation(parent.id, one.factor_ppm, one.round_to, one.round_mode)
        found: dict[Key, Priced] = {}
        for key, priced in self._raw(parent, at).items():
            amount = derived_amount(priced.amount, by)
            if amount is not None:
                found[key] = Priced(amount, priced.entry, (*priced.made, Made(one.code, priced.amount, amount, by)))
        return found

    def _ruling(self, list_id: int, at: datetime) -> dict[Key, EntryFacts]:
        return {entry.key: entry for entry in self._entries.get(list_id, []) if entry.valid_from <= at}

    def _verdict(
        self,
        one: ListFacts,
        says: Mapping[Key, Priced],
        question: Question,
        *,
        winner: int | None,
        first: int | None,
        at: datetime,
    ) -> Verdict:
        if one.id == winner:
            return Verdict.WINS
        if not says:
            return self._silence(one, at)
        if question.is_lowest or one.id == first:
            if not any(unit == question.unit for unit, _quantity in says):
                return Verdict.OTHER_UNIT
            return Verdict.DEARER if _step(says, question) is not None else Verdict.BELOW_STEP
        return Verdict.OUTRANKED

    def _silence(self, one: ListFacts, at: datetime) -> Verdict:
        """Why a list says nothing ``at`` an instant."""
        entries = self._with_parents(one)
        if any(entry.valid_from <= at for entry in entries):
            return Verdict.ENDED
        return Verdict.PLANNED if entries else Verdict.NO_PRICE

    def _turn(self, one: ListFacts, at: datetime) -> datetime | None:
        """Since when a silent list is silent, or from when on it will speak."""
        entries = self._with_parents(one)
        past = [entry.valid_from for entry in entries if entry.valid_from <= at]
        return max(past) if past else min((entry.valid_from for entry in entries), default=None)

    def _with_parents(self, one: ListFacts) -> list[EntryFacts]:
        found, listed = list(self._entries.get(one.id, [])), one
        while listed.parent_id is not None and listed.parent_id in self._lists:
            listed = self._lists[listed.parent_id]
            found += self._entries.get(listed.id, [])
        return found


def _newest(says: Mapping[Key, Priced]) -> float:
    return max((priced.entry.valid_from.timestamp() for priced in says.values()), default=0.0)


def _step(says: Mapping[Key, Priced], question: Question) -> tuple[int, Priced] | None:
    """The step ``question`` reaches: from which quantity on, and the price."""
    reached = [key for key in says if key[0] == question.unit and key[1] <= question.quantity]
    return (max(reached)[1], says[max(reached)]) if reached else None


def _amount_of(step: tuple[int, Priced] | None) -> int:
    return step[1].amount if step is not None else 0


def _refusal(says: Sequence[Mapping[Key, Priced]], question: Question) -> DomainError:
    """Why nothing is priced, as ``rules.price_of`` says it."""
    if not says:
        return PriceMissing(sku=question.sku_code)
    starts = [quantity for one in says for unit, quantity in one if unit == question.unit]
    if not starts:
        return UnitUnpriced(sku=question.sku_code, unit=question.unit.value)
    return BelowFirstStep(
        sku=question.sku_code, from_quantity=min(starts), quantity=question.quantity, unit=question.unit.value
    )
