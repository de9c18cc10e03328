"""Reading the terms of a policy as somebody sent them: every fault by field, all at once. Pure.

Fields are named by their place in the document: ``audience.ends_at``, ``reward.steps.2.off``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeVar

from core.kernel import clock
from core.kernel.errors import DomainError, refuse_all
from core.kernel.money import MAX_MINOR
from core.kernel.quantity import MAX_BOTTLES, Unit
from core.kernel.text import normalised
from ordering.promotions import errors
from ordering.promotions.rules.policies import (
    WHOLE_BP,
    Audience,
    Bundle,
    FixedPrice,
    Gift,
    Goods,
    Ladder,
    Measure,
    PercentOff,
    RebateOffset,
    Reward,
    TierStep,
)
from ordering.promotions.rules.terms import AUDIENCE_SETS, GOODS_SETS, KINDS, LIMIT_NAMES, Limits, Terms

E = TypeVar("E", bound=StrEnum)
MOST_NAME = 80
MOST_GROUP = 20
MOST_CODES = 2_000
MOST_STEPS = 20
MOST_PARTS = 20
MOST_RANK = 9_999
Document = Mapping[str, object]


def read_terms(document: Document) -> Terms:
    """The terms ``document`` says. Raises every fault of form by field; what only the brand knows is not asked here."""
    faults: list[DomainError] = []
    said = _Said(document, "", faults)
    terms = Terms(
        name=said.text("name", most=MOST_NAME, is_needed=True),
        audience=_audience(said.part("audience")),
        goods=_goods(said.part("goods")),
        reward=_reward(said.part("reward")),
        name_en=said.text("name_en", most=MOST_NAME),
        group=said.text("group", most=MOST_GROUP),
        rank=said.whole("rank", least=0, most=MOST_RANK) or 0,
        limits=_limits(said.part("limits")),
        needs_coupon=said.part("audience").flag("needs_coupon"),
        brand_share_bp=said.share("brand_share_bp", least=0, instead=WHOLE_BP),
        is_public=said.flag("is_public", instead=True),
        tells_start=said.flag("tells_start", instead=True),
    )
    said.close()
    refuse_all(faults)
    return terms


@dataclass(slots=True)
class _Said:
    """One object of the document. Every reading method notes what is wrong and goes on."""

    value: Document
    path: str
    faults: list[DomainError]
    seen: set[str] = field(default_factory=set)
    parts: dict[str, "_Said"] = field(default_factory=dict)

    def _take(self, name: str) -> object:
        self.seen.add(name)
        return self.value.get(name)

    def note(self, kind: type[DomainError], name: str, **facts: Any) -> None:
        """Note a fault of one field."""
        self.faults.append(kind(field=f"{self.path}{name}", **facts))

    def unread(self, name: str, value: object) -> None:
        """Note that a value is of no use."""
        self.note(errors.FieldUnread, name, value=_shown(value))

    def part(self, name: str) -> "_Said":
        """An object inside; an empty one where there is none."""
        if name not in self.parts:
            value = self._take(name)
            if value is not None and not isinstance(value, Mapping):
                self.unread(name, value)
            whole = value if isinstance(value, Mapping) else {}
            self.parts[name] = _Said(whole, f"{self.path}{name}.", self.faults)
        return self.parts[name]

    def list_of_parts(self, name: str, most: int) -> list["_Said"]:
        """Objects inside, each known by its 1-based place."""
        value = self._take(name)
        if value is not None and not isinstance(value, list | tuple):
            self.unread(name, value)
            return []
        found = list(value or ())
        if len(found) > most:
            self.note(errors.TooLong, name, most=most)
        parts = []
        for place, one in enumerate(found[:most], start=1):
            if not isinstance(one, Mapping):
                self.unread(f"{name}.{place}", one)
                one = {}
            parts.append(_Said(one, f"{self.path}{name}.{place}.", self.faults))
        for part in parts:
            self.parts[part.path] = part
        return parts

    def text(self, name: str, *, most: int, is_needed: bool = False) -> str:
        """A line of text."""
        value = self._take(name)
        if value is not None and not isinstance(value, str):
            self.unread(name, value)
            return ""
        text = normalised(value or "")
        if is_needed and not text:
            self.note(errors.FieldMissing, name)
        if len(text) > most:
            self.note(errors.TooLong, name, most=most)
        return text

    def flag(self, name: str, *, instead: bool = False) -> bool:
        """True or false."""
        value = self._take(name)
        if value is not None and not isinstance(value, bool):
            self.unread(name, value)
        return value if isinstance(value, bool) else instead

    def whole(
        self,
        name: str,
        *,
        least: int = 1,
        most: int = MAX_BOTTLES,
        is_needed: bool = False,
        low: type[DomainError] = errors.NotAboveZero,
    ) -> int | None:
        """A whole number; below ``least`` it is refused as ``low``."""
        value = self._take(name)
        if value is None:
            if is_needed:
                self.note(errors.FieldMissing, name)
            return None
        if type(value) is not int or value > most:
            self.unread(name, value)
            return None
        if value < least:
            self.note(low, name)
            return None
        return value

    def money(self, name: str, *, is_needed: bool = False) -> int:
        """Minor units above zero; 0 stands in where there are none."""
        return self.whole(name, most=MAX_MINOR, is_needed=is_needed) or 0

    def share(self, name: str, *, least: int = 1, instead: int = 0, is_needed: bool = False) -> int:
        """Basis points, at most the whole."""
        value = self._take(name)
        if value is None:
            if is_needed:
                self.note(errors.FieldMissing, name)
            return instead
        if type(value) is not int or not least <= value <= WHOLE_BP:
            self.note(errors.PercentageInvalid, name)
            return instead
        return value

    def word(self, name: str, known: type[E], instead: E) -> E:
        """One of the words of ``known``."""
        value = self._take(name)
        if value is None:
            return instead
        if not isinstance(value, str) or value not in set(known):
            self.unread(name, value)
            return instead
        return known(value)

    def instant(self, name: str) -> datetime | None:
        """An instant of ISO 8601 with its offset."""
        value = self._take(name)
        if value is None or value == "":
            self.note(errors.FieldMissing, name)
            return None
        try:
            at = value if isinstance(value, datetime) else datetime.fromisoformat(_shown(value))
        except ValueError:
            at = None
        if at is None or at.tzinfo is None or not clock.FIRST_YEAR <= at.year <= clock.LAST_YEAR:
            self.unread(name, value)
            return None
        return at

    def codes(self, name: str) -> frozenset[str]:
        """A set of codes."""
        value = self._take(name)
        if value is None:
            return frozenset()
        if not isinstance(value, list | tuple | set | frozenset) or not all(isinstance(one, str) for one in value):
            self.unread(name, value)
            return frozenset()
        if len(value) > MOST_CODES:
            self.note(errors.TooLong, name, most=MOST_CODES)
            return frozenset()
        return frozenset(code for code in map(normalised, value) if code)

    def close(self) -> None:
        """Note the names nobody asked for, here and inside."""
        for name in sorted(self.value.keys() - self.seen, key=str):
            self.note(errors.FieldUnknown, str(name)[:40])
        for part in self.parts.values():
            part.close()


def _shown(value: object) -> str:
    """The start of a value; of a list or an object its sort alone: one may be nested deeper than can be printed."""
    return str(value)[:40] if isinstance(value, str | int | float | datetime) else type(value).__name__


def _audience(said: _Said) -> Audience:
    starts_at, ends_at = said.instant("starts_at"), said.instant("ends_at")
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        said.note(errors.RangeReversed, "ends_at")
    instead = clock.now()
    sets: dict[str, Any] = {name: said.codes(name) for name in AUDIENCE_SETS}
    first_order_only = said.flag("first_order_only")
    return Audience(starts_at or instead, ends_at or instead, first_order_only=first_order_only, **sets)


def _goods(said: _Said) -> Goods:
    return Goods(**{name: said.codes(name) for name in GOODS_SETS})


def _limits(said: _Said) -> Limits:
    most = {name: MAX_MINOR if name.endswith("amount") else MAX_BOTTLES for name in LIMIT_NAMES}
    return Limits(**{name: said.whole(name, most=most[name], low=errors.LimitZero) for name in LIMIT_NAMES})


def _reward(said: _Said) -> Reward:
    kind = said.text("kind", most=20, is_needed=True)
    if kind and kind not in KINDS:
        said.unread("kind", kind)
    reader = _READERS.get(kind)
    if reader is None:
        said.seen |= said.value.keys()  # nobody knows which terms belong here
        return PercentOff(WHOLE_BP)
    return reader(said)


def _ladder(said: _Said) -> Ladder:
    measure, repeats = said.word("measure", Measure, Measure.CASES), said.flag("repeats")
    most = MAX_MINOR if measure is Measure.AMOUNT else MAX_BOTTLES
    steps = said.list_of_parts("steps", MOST_STEPS)
    if not steps:
        said.note(errors.FieldMissing, "steps")
    read = [_step(step, most) for step in steps]
    for place, (below, step) in enumerate(pairwise(read), start=2):
        if step.start and step.start <= below.start:
            said.note(errors.StepsNotRising, f"steps.{place}.start")
        elif (below.off_bp and step.off_bp and step.off_bp <= below.off_bp) or 0 < step.off <= below.off:
            said.note(errors.StepGivesLess, f"steps.{place}.{'off' if step.off else 'off_bp'}")
    if repeats and (len(read) > 1 or any(step.off_bp for step in read)):
        said.note(errors.RepeatRefused, "repeats")
    return Ladder(measure, tuple(read), repeats)


def _step(said: _Said, most: int) -> TierStep:
    start = said.whole("start", most=most, is_needed=True) or 0
    off, off_bp = said.whole("off", least=0, most=MAX_MINOR) or 0, said.share("off_bp", least=0)
    if bool(off) == bool(off_bp) and not any(fault.field == f"{said.path}off_bp" for fault in said.faults):
        said.note(errors.StepGivesTwice, "off")
    return TierStep(start, off, off_bp)


def _bundle(said: _Said) -> Bundle:
    parts = said.part("parts")
    read = {normalised(str(sku)): parts.whole(str(sku), is_needed=True) or 0 for sku in list(parts.value)[:MOST_PARTS]}
    if not parts.value:
        said.note(errors.BundleEmpty, "parts")
    if len(parts.value) > MOST_PARTS:
        said.note(errors.TooLong, "parts", most=MOST_PARTS)
        parts.seen |= parts.value.keys()
    return Bundle(read, said.money("price", is_needed=True))


def _gift(said: _Said) -> Gift:
    buy, give = said.whole("buy", is_needed=True) or 1, said.whole("give", is_needed=True) or 1
    most = said.whole("most", low=errors.LimitZero)
    if most is not None and most < give:
        said.note(errors.GiftsCapped, "most")
    return Gift(buy, give, said.word("unit", Unit, Unit.CASE), said.text("sku", most=48), most)


_READERS: Mapping[str, Callable[[_Said], Reward]] = {
    "PERCENT_OFF": lambda said: PercentOff(said.share("off_bp", is_needed=True)),
    "FIXED_PRICE": lambda said: FixedPrice(said.money("amount", is_needed=True), said.word("unit", Unit, Unit.CASE)),
    "LADDER": _ladder,
    "BUNDLE": _bundle,
    "GIFT": _gift,
    "REBATE_OFFSET": lambda said: RebateOffset(said.share("cap_bp", is_needed=True)),
}
