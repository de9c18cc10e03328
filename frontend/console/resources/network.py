"""The channel: dealers (a file that can be changed and imported again), their licences and grants."""

from collections.abc import Mapping

from django.db.models import F, QuerySet

from core.db.naming import called
from core.jobs.exports import Asked, Cell, Column, Found, day, list_export, text, words
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from dms.dealers.models import Credential, Dealer
from dms.dealers.permissions import Permission
from dms.dealers.resources import LABELS
from dms.dealers.selectors import (
    CONCERNS,
    Concern,
    DealerFilter,
    credential_rows,
    credential_state,
    dealer_rows,
    with_group_codes,
)
from dms.territories.models import Grant
from dms.territories.permissions import Permission as GrantPermission
from dms.territories.resources import LABELS as GRANT_LABELS
from dms.territories.selectors import GrantFilter, grant_rows, sku_codes
from frontend.console.resources.places import place_name
from frontend.ui.tables import status, term


def _dealer_columns() -> tuple[Column, ...]:
    return (
        text("code", LABELS["code"]),
        text("name", LABELS["name"]),
        text("short_name", LABELS["short_name"]),
        words("tier", LABELS["tier"], term("tier")),
        Column(LABELS["parent_code"], ("parent__code", "parent__tier"), _unless_brand),
        text("region_code", LABELS["region_code"]),
        words("region_code", N_("Name of the division"), place_name),
        words("channel", LABELS["channel"], term("channel")),
        Column(LABELS["price_groups"], ("price_group_codes",), _listed),
        Column(LABELS["labels"], ("labels",), _listed),
        text("uscc", LABELS["uscc"]),
        words("status", LABELS["status"], status("dealer")),
        text("contact_name", LABELS["contact_name"]),
        text("supplier__name", N_("Supplied by")),
    )


def _listed(words: list[str]) -> Cell:
    """Short words in one cell, as an import reads them."""
    return "、".join(words)


def _unless_brand(code: str | None, tier: str | None) -> Cell:
    """Directly below the brand a file leaves the parent out."""
    return None if tier == Dealer.Tier.BRAND else code


@list_export("dealers", side=Side.BRAND, title=N_("Dealers"), permission=Permission.READ, columns=_dealer_columns)
def dealers(actor: Actor, asked: Asked) -> QuerySet[Dealer]:
    """The dealers the page finds, upper tiers first."""
    return with_group_codes(dealer_rows(actor, DealerFilter.of(asked)))


def _licence_columns() -> tuple[Column, ...]:
    return (
        text("dealer_code", LABELS["code"]),
        text("dealer_name", LABELS["name"]),
        words("type", N_("Licence"), term("credential_type")),
        text("number", N_("Number")),
        day("valid_from", N_("Valid from")),
        day("valid_to", N_("Valid to")),
        words("state", N_("State"), status("credential")),
        text("decided_by_name", N_("Decided by")),
        text("reason", N_("Reason")),
    )


@list_export("licences", side=Side.BRAND, title=N_("Licences"), permission=Permission.READ, columns=_licence_columns)
def licences(actor: Actor, asked: Asked) -> Found:
    """The papers the page shows, what ends first on top."""
    today = clock.business_day()
    concern = asked.get("concern", Concern.ENDING)
    rows = credential_rows(
        actor,
        concern if concern in CONCERNS else Concern.ENDING,
        day=today,
        text=asked.get("q", ""),
        kind=asked.get("kind", "") if asked.get("kind") in Credential.Type.values else "",
    )
    names = [column.sources[0] for column in _licence_columns()]
    found = rows.annotate(dealer_code=F("dealer__code"), dealer_name=F("dealer__name")).iterator(chunk_size=2_000)
    cells = (
        [credential_state(row, today).value if name == "state" else getattr(row, name) for name in names]
        for row in found
    )
    return Found(names, cells, rows.count())


def _grant_columns() -> tuple[Column, ...]:
    heads = GRANT_LABELS
    return (
        text("dealer_code", heads["dealer_code"]),
        text("dealer_name", LABELS["name"]),
        text("region_code", heads["region_code"]),
        text("ground", N_("Name of the ground")),
        text("zone_code", heads["zone_code"]),
        text("line_code", heads["line_code"]),
        text("sku_codes", heads["sku_codes"]),
        text("channels", heads["channels"]),
        text("kind", heads["kind"]),
        text("priority", heads["priority"]),
        day("valid_from", heads["valid_from"]),
        day("valid_to", heads["valid_to"]),
        text("contract_number", heads["contract_number"]),
    )


@list_export("grants", side=Side.BRAND, title=N_("Grants"), permission=GrantPermission.READ, columns=_grant_columns)
def grants(actor: Actor, asked: Asked) -> Found:
    """The grants as the list is narrowed, by codes: the file can be changed and imported again."""
    rows = grant_rows(actor, GrantFilter.of(asked), today=clock.business_day())
    codes = sku_codes(rows)
    sources = [column.sources[0] for column in _grant_columns()]
    return Found(sources, (_grant_cells(one, codes) for one in rows.iterator(chunk_size=2_000)), rows.count())


def _grant_cells(one: Grant, codes: Mapping[int, str]) -> tuple[object, ...]:
    return (
        one.dealer.code,
        one.dealer.name,
        one.region_code,
        place_name(one.region_code) if one.zone is None else called(one.zone),
        one.zone.code if one.zone is not None else "",
        one.product_line.code if one.product_line is not None else "",
        " ".join(codes[sku_id] for sku_id in one.sku_ids if sku_id in codes),
        " ".join(one.channels),
        one.kind,
        one.priority,
        one.valid_from,
        one.valid_to,
        one.contract_number,
    )
