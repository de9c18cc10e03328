"""Questions about dealers' papers: what one holds, what blocks it, what is about to end anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from core.db.acts import public
from core.files.models import StoredFile
from core.files.selectors import kept_file
from core.kernel.actor import Actor
from core.kernel.endings import THRESHOLDS
from core.kernel.errors import Missing, NotPermitted
from core.kernel.text import normalised
from core.vault.services import masked_phone, unseal
from dms.dealers.models import Address, Credential, Dealer, DealerSettings
from dms.dealers.permissions import Permission
from dms.dealers.rules import (
    MET_BY,
    Licence,
    LicenceType,
    MissingPaper,
    Need,
    Standing,
    State,
    missing_papers,
    province_of,
    state_of,
)
from dms.dealers.rules import needs as needs_of
from dms.dealers.selectors.channel import dealer, dealers_visible_to

Check = Credential.CheckStatus


@dataclass(frozen=True, slots=True)
class Papers:
    """A dealer's licences and addresses for its page; ``phone`` masked, ``contact_phone`` too."""

    contact_phone: str
    licences: tuple[Credential, ...]
    addresses: tuple[tuple[Address, str], ...]


def papers(actor: Actor, code: str) -> Papers:
    """Licences (newest first) and addresses with masked phones. Raises ``Missing``."""
    row = dealer(actor, code)
    addresses = Address.objects.filter(dealer=row).order_by("-is_default", "id")
    return Papers(
        masked_phone(unseal(row.contact_phone_sealed)),
        tuple(Credential.objects.filter(dealer=row).order_by("type", "-valid_from")),
        tuple((address, masked_phone(unseal(address.phone_sealed))) for address in addresses),
    )


def licence_of(row: Credential) -> Licence:
    """What stands on the paper."""
    return Licence(row.type, row.number, row.valid_from, row.valid_to, row.scope)


def credential_state(row: Credential, day: date) -> State:
    """In what state a credential is on ``day``."""
    standing = Standing(row.check_status, row.is_accepted, row.decided_at is not None, row.valid_from, row.valid_to)
    return state_of(standing, day)


@dataclass(frozen=True, slots=True)
class PaperRules:
    """The brand's rules for papers: provinces that ask for a wholesale permit; whether verified means accepted."""

    wholesale_provinces: tuple[str, ...]
    accepts_verified: bool
    version: int


def paper_rules() -> PaperRules:
    """The settings row, the usual where there is none yet. One query."""
    row = DealerSettings.objects.first() or DealerSettings(version=0)
    return PaperRules(tuple(row.wholesale_provinces), row.accepts_verified, row.version)


@dataclass(frozen=True, slots=True)
class NeedCard:
    """One thing a house must show: what meets it today (None: nothing), what is on its way, until when it was met."""

    need: Need
    types: tuple[str, ...]
    held: Credential | None
    state: State | None
    coming: Credential | None
    missing: MissingPaper | None


@dataclass(frozen=True, slots=True)
class HousePapers:
    """A house's papers: every one with its state, newest first, and what the order gate asks."""

    rows: tuple[tuple[Credential, State], ...]
    cards: tuple[NeedCard, ...]

    @property
    def missing(self) -> tuple[MissingPaper, ...]:
        """What keeps the house from ordering."""
        return tuple(card.missing for card in self.cards if card.missing is not None)


def own_papers(actor: Actor, day: date) -> HousePapers:
    """The actor's own house's papers, for every seat of it: whoever orders learns what blocks. Raises ``Missing``."""
    if actor.is_brand_staff:
        raise Missing
    return _papers_of(Dealer.objects.get(pk=actor.dealer_id), day)


def own_code(actor: Actor) -> str:
    """The code of the actor's own house. One query."""
    return Dealer.objects.values_list("code", flat=True).get(pk=actor.dealer_id)


def papers_of(actor: Actor, code: str, day: date) -> HousePapers:
    """One dealer's papers. Raises ``Missing``."""
    return _papers_of(dealer(actor, code), day)


def _papers_of(house: Dealer, day: date) -> HousePapers:
    rows = list(Credential.objects.filter(dealer=house).order_by("type", "-valid_from", "-pk"))
    wholesale = province_of(house.region_code) in paper_rules().wholesale_provinces
    accepted = [row for row in rows if row.is_accepted]
    missing = {one.need: one for one in missing_papers(map(licence_of, accepted), day, wholesale=wholesale)}
    cards = tuple(_card(need, rows, missing.get(need), day) for need in needs_of(wholesale=wholesale))
    return HousePapers(tuple((row, credential_state(row, day)) for row in rows), cards)


def _card(need: Need, rows: Sequence[Credential], missing: MissingPaper | None, day: date) -> NeedCard:
    mine = [row for row in rows if row.type in MET_BY[need]]
    in_force = [row for row in mine if row.is_accepted and licence_of(row).is_valid_on(day)]
    held = max(in_force, key=lambda row: (row.valid_to or date.max, row.pk), default=None)
    under_way = [row for row in mine if credential_state(row, day) in (State.CHECKING, State.OPEN, State.UPCOMING)]
    coming = max(under_way, key=lambda row: row.pk, default=None)
    types = tuple(kind.value for kind in LicenceType if kind in MET_BY[need])
    return NeedCard(need, types, held, credential_state(held, day) if held else None, coming, missing)


def credential(actor: Actor, credential_id: int) -> Credential:
    """One credential of a dealer the actor sees, or of its own house. Raises ``Missing``."""
    found = Credential.objects.select_related("dealer").filter(pk=credential_id, dealer__in=_houses(actor)).first()
    if found is None:
        raise Missing
    return found


def _houses(actor: Actor) -> QuerySet[Dealer]:
    """Whose papers an actor may look at: the brand its dealers', a house its own and nobody else's."""
    if actor.is_brand_staff:
        return dealers_visible_to(actor)
    return Dealer.objects.filter(pk=actor.dealer_id)


def submitted_scan(actor: Actor, credential_id: int, file_id: UUID) -> StoredFile:
    """A scan this brand or house sent in, from the public schema.

    Raises ``Missing``, or ``LeftBehind`` for one that has stayed behind on another server.
    """
    if file_id not in credential(actor, credential_id).file_ids:
        raise Missing
    with public():
        return kept_file(file_id)


class Concern:
    """What a list of papers is narrowed to."""

    ENDING = "ending"
    MONTH = "month"
    WEEK = "week"
    ENDED = "ended"
    OPEN = "open"
    CHECKING = "checking"
    REJECTED = "rejected"
    ALL = "all"


CONCERNS = (
    *(Concern.OPEN, Concern.CHECKING, Concern.REJECTED, Concern.WEEK, Concern.MONTH, Concern.ENDING, Concern.ENDED),
    Concern.ALL,
)


def credential_rows(actor: Actor, concern: str, *, day: date, text: str = "", kind: str = "") -> QuerySet[Credential]:
    """Papers of the dealers the brand's staff see, what ends first on top. Raises ``NotPermitted``."""
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.READ)
    houses = dealers_visible_to(actor).exclude(status=Dealer.Status.CLOSED).filter(parent__isnull=False)
    for word in normalised(text).casefold().split():
        houses = houses.filter(search_text__contains=word)
    rows = Credential.objects.select_related("dealer").filter(dealer__in=houses).filter(_concern(concern, day))
    if kind:
        rows = rows.filter(type=kind)
    return rows.order_by("valid_to", "dealer__code", "pk")


def concern_counts(actor: Actor, *, day: date) -> dict[str, int]:
    """How many papers each concern finds. One query."""
    rows = credential_rows(actor, Concern.ALL, day=day).order_by()
    return rows.aggregate(**{concern: Count("pk", filter=_concern(concern, day)) for concern in CONCERNS})


def _concern(concern: str, day: date) -> Q:
    if concern == Concern.OPEN:
        undecided = Q(is_accepted=False, decided_at__isnull=True, check_status__in=[Check.NONE, Check.VERIFIED])
        return undecided & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    if concern == Concern.CHECKING:
        return Q(check_status=Check.SUBMITTED)
    if concern == Concern.REJECTED:
        return Q(check_status__in=[Check.REJECTED, Check.WITHDRAWN])
    if concern == Concern.ENDED:
        return Q(is_accepted=True, valid_to__lt=day)
    days = {Concern.ENDING: THRESHOLDS[0], Concern.MONTH: THRESHOLDS[1], Concern.WEEK: THRESHOLDS[2]}.get(concern)
    if days is None:
        return Q()
    return Q(is_accepted=True, valid_to__gte=day, valid_to__lte=day + timedelta(days=days))


def is_general_taxpayer(dealer_id: int, day: date) -> bool:
    """Whether a house may be given special VAT invoices (增值税专用发票) on ``day``. One query."""
    rows = Credential.objects.filter(dealer_id=dealer_id, type=Credential.Type.GENERAL_TAXPAYER, is_accepted=True)
    in_force = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    return in_force.exists()
