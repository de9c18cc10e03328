"""What of an order a seat may count: all of it, or where the seat is limited to product lines, those lines alone."""

from django.db.models import BigIntegerField, ExpressionWrapper, F, OuterRef, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from core.db.scopes import lines_within
from core.kernel.actor import Actor
from ordering.orders.models import OrderLine


def worth_seen(actor: Actor) -> Combinable:
    """The order's total in minor units, as far as the seat sees its lines; for a question about orders."""
    return summed_lines(actor, "amount") if actor.scope.product_lines else F("total")


def bottles_seen(actor: Actor) -> Combinable:
    """The order's bottles, as far as the seat sees its lines."""
    return summed_lines(actor, "bottles") if actor.scope.product_lines else F("bottles")


def cases_seen(actor: Actor) -> Combinable:
    """The whole cases of its lines, as far as the seat sees them."""
    return summed_lines(actor, line_cases())


def loose_seen(actor: Actor) -> Combinable:
    """The bottles of its lines that fill no case, as far as the seat sees them."""
    return summed_lines(actor, line_loose())


def line_cases() -> "ExpressionWrapper[Combinable]":
    """The whole cases of a line."""
    return _whole(F("bottles") / F("bottles_per_case"))


def line_loose() -> "ExpressionWrapper[Combinable]":
    """The bottles of a line that fill no case."""
    return _whole(F("bottles") % F("bottles_per_case"))


def _whole(expression: Combinable) -> "ExpressionWrapper[Combinable]":
    return ExpressionWrapper(expression, output_field=BigIntegerField())


def summed_lines(actor: Actor, column: "str | ExpressionWrapper[Combinable]") -> Combinable:
    """A column of the lines the seat sees, summed an order; 0 where it sees none."""
    seen = OrderLine.objects.filter(lines_within(actor, "sku__product_line__code"), order=OuterRef("pk")).order_by()
    return Coalesce(
        Subquery(seen.values("order").annotate(s=Sum(column)).values("s")), Value(0), output_field=BigIntegerField()
    )
