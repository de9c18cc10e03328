"""The goods: with own price, ladder and free stock for whoever buys; as facts for whoever does not."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.catalogue.models import Sku
from core.catalogue.selectors import SkuFilters, filtered, sku_by_code, skus_visible_to
from core.kernel.actor import Actor
from core.web.api import actor_of
from core.web.openapi import (
    FLAG,
    MONEY,
    PAGE,
    TEXT,
    UNIT,
    UUID,
    WHOLE,
    described,
    list_of,
    maybe,
    query,
    shape,
    words,
)
from core.web.paging import MAX_PAGE, Page, page_of
from core.web.prints import maybe_money, money
from core.web.queries import Query
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import ShelfCard, ShelfFilters, shelf_card, shelf_page

Print = dict[str, Any]
LITTLE_CASES = 20
"""Fewer free cases than these are called little."""

_FACTS = (
    "code",
    "name",
    "name_en",
    "spu__code",
    "product_line__code",
    "product_line__name",
    "aroma",
    "abv_tenths",
    "volume_ml",
    "bottles_per_case",
    "sells_in",
    "order_multiple",
    "status",
    "picture_file_id",
)
_SKU = shape(
    {
        "code": TEXT,
        "name": TEXT,
        "name_en": TEXT,
        "spu": TEXT,
        "product_line": shape({"code": TEXT, "name": TEXT}),
        "aroma": TEXT,
        "abv": {"type": "string", "description": "% vol as text", "example": "53.0"},
        "volume_ml": WHOLE,
        "bottles_per_case": WHOLE,
        "sells_in": words(Sku.SellsIn.values),
        "order_multiple": WHOLE,
        "status": words(Sku.Status.values),
        "picture": {
            **maybe(UUID),
            "description": "Under `/files/<picture>/<side>/`, side 160, 320, 640 or 1280, for whoever is signed in.",
        },
        "unit": UNIT,
        "price": {**maybe(MONEY), "description": "Own price of one unit; null: not to be had, or nothing is bought."},
        "ladder": list_of(shape({"unit": UNIT, "from": WHOLE, "price": MONEY})),
        "price_list": TEXT,
        "stock": {**maybe(words(["plenty", "little", "none"])), "description": "Whether the supplier has any."},
        "free_bottles": maybe(WHOLE),
        "is_sellable": FLAG,
    }
)


class Skus(APIView):
    """The shelf of the caller."""

    @described(
        "Goods, 50 a page, with own prices",
        answer=shape({"items": list_of(_SKU), "total": WHOLE, "page": WHOLE, "pages": WHOLE}),
        refusals=(422,),
        parameters=[
            query("q", TEXT, "Words: name, pinyin, initials, code, barcode; small typing errors are forgiven"),
            query("aroma", TEXT, "May be repeated", is_repeated=True),
            query("abv", WHOLE, "Strength in tenths of % vol, may be repeated", is_repeated=True),
            query("line", TEXT, "Code of a product line, may be repeated", is_repeated=True),
            query("pack", TEXT, "`500x6`: millilitres × bottles in a case, may be repeated", is_repeated=True),
            query("sellable", FLAG, "Only what may be ordered"),
            PAGE,
        ],
    )
    def get(self, request: Request) -> Response:
        """One page."""
        actor, asked = actor_of(request), Query(request)
        filters = ShelfFilters(
            text=asked.text("q"),
            aromas=asked.texts("aroma"),
            abv_tenths=asked.wholes("abv"),
            packs=asked.texts("pack"),
            product_lines=asked.texts("line"),
            is_sellable_only=asked.flag("sellable"),
        )
        page = min(max(asked.whole("page", default=1), 1), MAX_PAGE)
        asked.finish()
        if not _buys(actor):
            return Response(_goods(actor, filters, request))
        shelf = shelf_page(actor=actor, filters=filters, page=page, with_facets=False)
        items = [_card(card) for card in shelf.cards]
        return Response({"items": items, "total": shelf.total, "page": shelf.page, "pages": shelf.page_count})


class SkuDoor(APIView):
    """One SKU."""

    @described("One SKU by its code", answer=_SKU, refusals=(404,))
    def get(self, request: Request, code: str) -> Response:
        """The same as in the list."""
        actor = actor_of(request)
        if _buys(actor):
            return Response(_card(shelf_card(actor=actor, sku_code=code)))
        found = sku_by_code(actor, code)
        return Response(_plain(skus_visible_to(actor).values(*_FACTS).get(pk=found.pk)))


def _buys(actor: Actor) -> bool:
    """Whether the seat's house has a supplier and the seat may read prices."""
    return not actor.is_brand_staff and actor.can(Permission.READ)


def _goods(actor: Actor, asked: ShelfFilters, request: Request) -> Print:
    wanted = SkuFilters(text=asked.text, aromas=asked.aromas, lines=asked.product_lines)
    rows = filtered(skus_visible_to(actor), wanted)
    if asked.abv_tenths:
        rows = rows.filter(abv_tenths__in=asked.abv_tenths)
    for pack in asked.packs[:1]:
        volume, _, per_case = pack.partition("x")
        rows = rows.filter(volume_ml=_whole(volume), bottles_per_case=_whole(per_case))
    total = rows.count()
    page: Page[Print] = page_of(rows.values(*_FACTS), request._request, total=total)
    return {"items": [_plain(row) for row in page.rows], "total": total, "page": page.number, "pages": page.page_count}


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def _card(card: ShelfCard) -> Print:
    return {
        "code": card.sku_code,
        "name": card.name,
        "name_en": card.name_en,
        "spu": card.spu_code,
        "product_line": {"code": card.product_line, "name": card.product_line_name},
        "aroma": card.aroma,
        "abv": _abv(card.abv_tenths),
        "volume_ml": card.volume_ml,
        "bottles_per_case": card.bottles_per_case,
        "sells_in": card.sells_in,
        "order_multiple": card.order_multiple,
        "status": Sku.Status.ON.value,
        "picture": card.picture_file_id,
        "unit": card.unit,
        "price": maybe_money(card.price, card.currency),
        "ladder": [
            {"unit": step.unit, "from": step.min_quantity, "price": money(step.amount, card.currency)}
            for step in card.ladder
        ],
        "price_list": card.price_list,
        "stock": _stock_word(card),
        "free_bottles": card.free_bottles,
        "is_sellable": card.is_sellable,
    }


def _stock_word(card: ShelfCard) -> str:
    if card.free_bottles <= 0:
        return "none"
    return "little" if card.free_bottles < LITTLE_CASES * card.bottles_per_case else "plenty"


def _plain(row: Print) -> Print:
    return {
        "code": row["code"],
        "name": row["name"],
        "name_en": row["name_en"],
        "spu": row["spu__code"],
        "product_line": {"code": row["product_line__code"], "name": row["product_line__name"]},
        "aroma": row["aroma"],
        "abv": _abv(row["abv_tenths"]),
        "volume_ml": row["volume_ml"],
        "bottles_per_case": row["bottles_per_case"],
        "sells_in": row["sells_in"],
        "order_multiple": row["order_multiple"],
        "status": row["status"],
        "picture": row["picture_file_id"],
        "unit": "BOTTLE" if row["sells_in"] == "BOTTLE" else "CASE",
        "price": None,
        "ladder": [],
        "price_list": "",
        "stock": None,
        "free_bottles": None,
        "is_sellable": False,
    }


def _abv(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"
