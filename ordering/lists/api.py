"""Shopping lists (常购清单), for programs: goods and quantities a house orders again. Lists keep no prices."""

from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from core.web.openapi import FLAG, TEXT, WHOLE, described, list_of, query, shape, words
from core.web.queries import Query
from ordering.lists import services
from ordering.lists.selectors import ListFilter, list_detail, lists_visible_to
from ordering.lists.services import ChangeList, MakeList
from ordering.orders.rules.checks import MOST_LINES
from ordering.orders.services import CartLine

Print = dict[str, Any]
LONGEST_NAME = 40
_FIELDS = ("id", "name", "is_shared", "seat_id", "owner_name", "version")
UNITS = words([one.value for one in Unit])
_HEAD = {"id": WHOLE, "name": TEXT, "is_shared": FLAG, "is_own": FLAG, "owner": TEXT, "version": WHOLE}
_LIST = shape(
    {
        **_HEAD,
        "lines": list_of(
            shape(
                {
                    "sku": TEXT,
                    "name": TEXT,
                    "unit": UNITS,
                    "quantity": WHOLE,
                    "bottles_per_case": WHOLE,
                    "is_on": {**FLAG, "description": "On the shelf; whether it may be bought is asked on ordering."},
                }
            )
        ),
    }
)
_LINES = list_of(shape({"sku": TEXT, "quantity": WHOLE}, {"unit": UNITS}))


class Lists(APIView):
    """The lists the caller may use."""

    @described(
        "Shopping lists",
        answer=shape({"items": list_of(shape({**_HEAD, "line_count": WHOLE}))}),
        refusals=(422,),
        parameters=[query("q", TEXT, "Words of the name"), query("whose", words(["own", "shared"]), "Whose")],
    )
    def get(self, request: Request) -> Response:
        """Own ones first, then what colleagues share."""
        actor, asked = actor_of(request), Query(request)
        wanted = ListFilter(asked.text("q"), asked.choice("whose", ("own", "shared")))
        asked.finish()
        rows = lists_visible_to(actor, wanted).values(*_FIELDS, "shown_lines")
        return Response({"items": [{**_head(actor, one), "line_count": one["shown_lines"]} for one in rows]})

    @described(
        "Make a shopping list",
        status=201,
        answer=_LIST,
        body=shape({"name": TEXT}, {"lines": _LINES, "is_shared": FLAG}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request) -> Response:
        """Empty, or with its first lines."""
        actor, body = actor_of(request), body_of(request)
        command = MakeList(
            body.text("name", most=LONGEST_NAME, default=None),
            _lines(body) if body.has("lines") else (),
            body.flag("is_shared"),
        )
        body.finish()
        return answered_once(
            request,
            lambda: _whole(actor, services.make_list(actor=actor, command=command).pk),
            status=201,
            location=lambda printed: f"{request.path}/{printed['id']}",
        )


class ListDoor(APIView):
    """One list."""

    @described("One shopping list", answer=_LIST, refusals=(404,))
    def get(self, request: Request, list_id: int) -> Response:
        """With its lines, in their order."""
        return Response(_whole(actor_of(request), list_id))


class ListChange(APIView):
    """Another name, shared or not."""

    @described(
        "Change a shopping list",
        answer=_LIST,
        body=shape({"name": TEXT, "is_shared": FLAG, "version": WHOLE}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, list_id: int) -> Response:
        """Only one's own."""
        actor, body = actor_of(request), body_of(request)
        name = body.text("name", most=LONGEST_NAME, default=None)
        command = ChangeList(list_id, body.number("version"), name, body.flag("is_shared"))
        body.finish()
        return answered_once(request, lambda: _whole(actor, services.change_list(actor=actor, command=command).pk))


class ListLines(APIView):
    """Quantities on a list."""

    @described(
        "Put lines in a shopping list",
        answer=_LIST,
        body=shape({"lines": _LINES}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, list_id: int) -> Response:
        """Lines that stand there get the new quantity, 0 takes one out, others go to the end."""
        actor, body = actor_of(request), body_of(request)
        lines = _lines(body)
        body.finish()
        return answered_once(
            request, lambda: _whole(actor, services.put_in_list(actor=actor, list_id=list_id, lines=lines).pk)
        )


class ListRemoval(APIView):
    """Away with a list."""

    @described("Delete a shopping list", answer=shape({"id": WHOLE}), body=shape({}), refusals=(404,), needs_key=True)
    def post(self, request: Request, list_id: int) -> Response:
        """Only one's own."""
        actor, body = actor_of(request), body_of(request)
        body.finish()

        def delete() -> Print:
            services.delete_list(actor=actor, list_id=list_id)
            return {"id": list_id}

        return answered_once(request, delete)


class ListUse(APIView):
    """A list into the cart."""

    @described(
        "Put a shopping list into the cart",
        answer=shape({"lines": WHOLE, "left_out": list_of(TEXT)}),
        body=shape({}),
        refusals=(404,),
        needs_key=True,
    )
    def post(self, request: Request, list_id: int) -> Response:
        """On top of what lies there: ``lines`` in the cart then, and the names of what is on no shelf any more."""
        actor, body = actor_of(request), body_of(request)
        body.finish()

        def use() -> Print:
            cart, left_out = services.use_list(actor=actor, list_id=list_id)
            return {"lines": len(cart.items), "left_out": list(left_out)}

        return answered_once(request, use)


def _lines(body: Body) -> tuple[CartLine, ...]:
    lines = []
    for one in body.objects("lines", most=MOST_LINES):
        lines.append(CartLine(one.text("sku", most=48, default=None), one.number("quantity"), one.choice("unit", Unit)))
        one.close()
    return tuple(lines)


def _head(actor: Actor, row: Print) -> Print:
    return {
        "id": row["id"],
        "name": row["name"],
        "is_shared": row["is_shared"],
        "is_own": row["seat_id"] == actor.seat_id,
        "owner": row["owner_name"],
        "version": row["version"],
    }


def _whole(actor: Actor, list_id: int) -> Print:
    found = list_detail(actor, list_id)
    lines = [
        {
            "sku": line.sku_code,
            "name": line.name,
            "unit": line.unit.value,
            "quantity": line.quantity,
            "bottles_per_case": line.bottles_per_case,
            "is_on": line.is_on,
        }
        for line in found.lines
    ]
    return {**_head(actor, {name: getattr(found.row, name) for name in _FIELDS}), "lines": lines}


urlpatterns = [
    path("lists", Lists.as_view(), name="api_lists"),
    path("lists/<int:list_id>", ListDoor.as_view(), name="api_list"),
    path("lists/<int:list_id>/change", ListChange.as_view(), name="api_list_change"),
    path("lists/<int:list_id>/lines", ListLines.as_view(), name="api_list_lines"),
    path("lists/<int:list_id>/use", ListUse.as_view(), name="api_list_use"),
    path("lists/<int:list_id>/removal", ListRemoval.as_view(), name="api_list_removal"),
]
