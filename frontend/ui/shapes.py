"""Plain values that pages hand to shells and components. All words in them are already translated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Where = Literal["both", "wide", "phone"]


@dataclass(frozen=True, slots=True)
class Portal:
    """Whose portal this is: ``name`` in full, ``seal`` one character, ``accent_url`` the brand's own stylesheet."""

    name: str
    seal: str
    home_url: str = "/"
    accent_url: str = ""
    logo_url: str = ""
    tagline: str = ""
    welcome: str = ""
    contact: str = ""


class Person(Protocol):
    """What a shell reads of the actor."""

    @property
    def person_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation. Neighbours with the same ``group`` stand under one title (console)."""

    label: str
    url: str
    icon: str
    count: int = 0
    is_current: bool = False
    group: str = ""
    phone_label: str = ""
    where: Where = "both"


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter or tab that lives in the URL; ``count`` None shows no number."""

    label: str
    url: str
    is_current: bool = False
    count: int | None = None
    is_removable: bool = False


@dataclass(frozen=True, slots=True)
class SortLink:
    """A column that sorts: its word, where it leads, and how it is sorted now (ascending, descending or none)."""

    label: str
    url: str
    order: str


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the path to a page; the last one has no ``url``."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a refusal: a link (``get``) or a one-button form (``post``) with hidden ``fields``."""

    label: str
    url: str
    method: Literal["get", "post"] = "get"
    fields: Sequence[tuple[str, str]] = ()
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class FiveStatuses:
    """The five independent statuses of an order, raw enum values."""

    order: str
    payment: str
    fulfilment: str
    invoice: str
    settlement: str


@dataclass(frozen=True, slots=True)
class OrderFlow:
    """The progress line: five statuses, a note under each (keyed by kind), the next step and who owes it."""

    statuses: FiveStatuses
    notes: Mapping[str, str] = field(default_factory=dict)
    next_step: str = ""
    next_owner: str = ""
    next_hint: str = ""
    next_url: str = ""
    next_label: str = ""
    next_icon: str = "arrow-r"


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One rule of a price: what it did (``amount_fen``, minor units, negative when it lowers) and why."""

    text: str
    amount_fen: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class PriceTrace:
    """How an amount came to be, in the fixed order of the rules; the steps sum to ``total_fen``."""

    title: str
    steps: Sequence[TraceStep]
    total_fen: int
    currency: str = "CNY"
    total_label: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a list stands: page ``number`` of ``page_count``, rows ``first``–``last`` of ``total``.

    Lists paged by key set ``previous_url`` and ``next_url`` themselves and leave the numbers at 0.
    """

    number: int = 0
    page_count: int = 0
    total: int = 0
    first: int = 0
    last: int = 0
    previous_url: str = ""
    next_url: str = ""


class Drawing(Protocol):
    """A product's drawn bottle, as the catalogue computes it."""

    @property
    def shape(self) -> str: ...
    @property
    def aroma_class(self) -> str: ...
    @property
    def label(self) -> Sequence[str]: ...
    @property
    def abv_text(self) -> str: ...
