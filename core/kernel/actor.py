"""Who acts: the only thing that crosses from identity into a brand's rooms."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from core.kernel.errors import NotPermitted, ReadOnlyPortal


class Side(StrEnum):
    """Which side of the counter a seat sits on; whoever runs the platform sits on neither."""

    BRAND = "brand"
    DEALER = "dealer"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Scope:
    """Limits of a seat inside its side. An empty tuple means no limit of that sort."""

    regions: tuple[str, ...] = ()
    product_lines: tuple[str, ...] = ()
    dealer_subtree_id: int | None = None


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
