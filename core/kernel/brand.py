"""What everybody may know of the brand whose portal this is."""

from dataclasses import dataclass, field
from uuid import UUID

READ_ONLY = "READ_ONLY"
OPEN_STATES = frozenset({"ACTIVE", READ_ONLY})
"""States in which the portal answers."""


@dataclass(frozen=True, slots=True)
class BrandFacts:
    """A brand as its host tells it: a value, kept in a cache and handed out anew for every request.

    ``currency`` is ISO 4217, ``language`` and ``time_zone`` the portal's defaults, ``accent`` ``#rrggbb`` or empty,
    ``logo_square`` and ``logo_wide`` ids of files in its schema or empty, ``state_reason`` what a closed portal says of
    itself. ``requires_second_factor`` is asked of staff only.
    """

    public_id: UUID
    slug: str
    name: str
    name_en: str
    seal: str
    schema_name: str
    currency: str
    language: str
    time_zone: str
    accent: str
    state: str
    state_reason: str
    requires_second_factor: bool
    entitlements: frozenset[str] = field(default_factory=frozenset)
    logo_square: str = ""
    logo_wide: str = ""
    tagline: str = ""
    tagline_en: str = ""
    welcome: str = ""
    welcome_en: str = ""
    contact: str = ""
    contact_en: str = ""
    look_version: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the portal answers at all."""
        return self.state in OPEN_STATES

    @property
    def is_read_only(self) -> bool:
        """Whether every verb that writes refuses."""
        return self.state == READ_ONLY
