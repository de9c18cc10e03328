"""Who hears that stock runs low."""

from core.events.registry import HeardEvent, handles
from core.kernel.text import N_
from core.messages.registry import message_template
from core.messages.services import notify
from dms.dealers.models import Dealer
from dms.stock.events import STOCK_LOW
from dms.stock.permissions import Permission
from tenants.access.selectors import seat_ids_with

BRANDS_PAGE = "/console/stock/?only=alerts"
DEALERS_PAGE = "/stock/?only=alerts"

LOW = message_template(
    "stock.low",
    subject=N_("Stock runs low: %(name)s"),
    body=N_("%(name)s has fallen under its threshold: %(free)s bottles free, you asked to hear below %(bottles)s."),
)
MANY_LOW = message_template(
    "stock.many_low",
    subject=N_("Stock runs low: %(count)s products"),
    body=N_("%(count)s products have fallen under their thresholds, first of all %(name)s with %(free)s bottles free."),
)


@handles(STOCK_LOW)
def tell_of_low_stock(event: HeardEvent) -> None:
    """The people of the house who look after its stock, once for all that fell together."""
    told = event.payload
    first = told["lines"][0]
    context = {"count": told["count"], **{name: first[name] for name in ("name", "free", "bottles")}}
    is_brand = Dealer.objects.filter(pk=told["dealer_id"], parent=None).exists()
    notify(
        template=LOW if told["count"] == 1 else MANY_LOW,
        seat_ids=seat_ids_with(dealer_id=told["dealer_id"], code=Permission.THRESHOLDS),
        context=context,
        link=BRANDS_PAGE if is_brand else DEALERS_PAGE,
    )
