"""Who acts: the only thing that crosses from identity into a brand's rooms."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from core.kernel import regions
from core.kernel.errors import NotPermitted, OutOfScope, ReadOnlyPortal


class Side(StrEnum):
    """Which side of the counter a seat sits on; whoever runs the platform sits on neither."""

    BRAND = "brand"
    DEALER = "dealer"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Scope:
    """Limits of a seat inside its house; they only ever take away. Empty means no limit of that sort.

    ``regions`` are codes of divisions (``CN`` is no limit), ``product_lines`` codes of lines, ``dealer_subtree_id`` the
    node of the channel tree below which the seat works. What they mean for each thing: docs/decisions/0008.
    """

    regions: tuple[str, ...] = ()
    product_lines: tuple[str, ...] = ()
    dealer_subtree_id: int | None = None

    @property
    def limits_regions(self) -> bool:
        """Whether some ground lies outside."""
        return bool(self.regions) and regions.COUNTRY not in self.regions

    @property
    def limits_dealers(self) -> bool:
        """Whether some dealers lie outside."""
        return self.limits_regions or self.dealer_subtree_id is not None

    @property
    def is_limited(self) -> bool:
        """Whether anything lies outside at all."""
        return self.limits_dealers or bool(self.product_lines)

    @property
    def region_codes(self) -> frozenset[str]:
        """Every division inside; empty without a limit of regions."""
        if not self.limits_regions:
            return frozenset()
        return frozenset().union(*(regions.within(code) for code in self.regions))

    @property
    def subtree(self) -> str:
        """What the path of every node inside holds (``/5/``); empty without a limit."""
        return "" if self.dealer_subtree_id is None else f"/{self.dealer_subtree_id}/"

    def covers_region(self, code: str) -> bool:
        """Whether the whole division lies inside; a place without a code lies inside no limit."""
        return not self.limits_regions or code in self.region_codes

    @property
    def met_region_codes(self) -> frozenset[str]:
        """Every division of which some lies inside: those held, and those that hold a limit; empty without a limit."""
        if not self.limits_regions:
            return frozenset()
        known = [code for code in self.regions if code in regions.within(code)]
        return self.region_codes.union({regions.COUNTRY}, *(regions.lineage(code) for code in known))

    def meets_region(self, code: str) -> bool:
        """Whether some of the division lies inside."""
        return not self.limits_regions or code in self.met_region_codes

    def covers_dealer(self, *, path: str, region_code: str) -> bool:
        """Whether a node of the channel tree lies inside, by its path and its own division."""
        return self.subtree in path and self.covers_region(region_code)

    def covers_line(self, code: str) -> bool:
        """Whether a product line lies inside."""
        return not self.product_lines or code in self.product_lines


@dataclass(frozen=True, slots=True)
class Actor:
    """One person in one seat of one brand, as a request or task acts for them.

    ``dealer_id`` is the node of the channel tree the seat belongs to: the root (the brand) for brand staff.
    ``codes`` are permission codes; ``is_read_only`` is the brand's state and stops every verb that writes.
    On an acting seat ``acting_for`` is the person whose rights were lent, ``acting_for_name`` what they are called.
    """

    person_id: UUID
    person_name: str
    seat_id: UUID
    side: Side
    dealer_id: int
    dealer_name: str
    codes: frozenset[str]
    brand_schema: str
    organisation_id: UUID | None = None
    scope: Scope = field(default_factory=Scope)
    entitlements: frozenset[str] = frozenset()
    is_read_only: bool = False
    request_id: str = ""
    token_id: int | None = None
    acting_for: UUID | None = None
    acting_for_name: str = ""

    @property
    def is_brand_staff(self) -> bool:
        """Whether the seat is on the brand's side."""
        return self.side is Side.BRAND

    def stands_for(self, person_id: UUID | None) -> bool:
        """Whether that person acts here, or lent the rights used: who made a document never decides on it."""
        return person_id is not None and person_id in (self.person_id, self.acting_for)

    def can(self, code: str) -> bool:
        """Whether the seat carries ``code``; for hiding buttons, never for deciding."""
        return code in self.codes

    def require(self, code: str, *, writes: bool = True) -> None:
        """First line of every verb. Raises ``NotPermitted`` or, for a write in a closed portal, ``ReadOnlyPortal``."""
        if code not in self.codes:
            raise NotPermitted(permission=code)
        if writes and self.is_read_only:
            raise ReadOnlyPortal

    def require_unlimited(self) -> None:
        """For what concerns the whole house: its rules, things all lines share. Raises ``OutOfScope``."""
        if self.scope.is_limited:
            raise OutOfScope
