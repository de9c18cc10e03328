"""What the register says about papers, and who is told that a paper needs something."""

from core.catalogue.events import PRODUCER_LICENCE_CHECKED, PRODUCER_LICENCE_ENDING
from core.catalogue.permissions import Permission as CataloguePermission
from core.events.registry import HeardEvent, Runs, handles
from core.files.permissions import Permission as FilePermission
from core.kernel.endings import ENDED
from core.kernel.text import N_
from core.messages.registry import MessageTemplate, message_template
from core.messages.services import notify
from dms.dealers import services
from dms.dealers.events import CREDENTIAL_CHECKED, CREDENTIAL_DECIDED, CREDENTIAL_ENDING, CREDENTIALS_ENDING
from dms.dealers.models import Dealer
from dms.dealers.permissions import Permission
from tenants.access.selectors import seat_ids_with
from tenants.organisations.events import LICENCE_REJECTED, LICENCE_TOLD, LICENCE_VERIFIED, LICENCE_WITHDRAWN

OWN_PAGE = "/licences/"
BRANDS_PAGE = "/console/licences/"
PRODUCERS_PAGE = "/console/products/producers/"

ENDING = message_template(
    "dealers.licence_ending",
    subject=N_("Licence %(number)s ends on %(day)s"),
    body=N_(
        "Licence %(number)s ends on %(day)s, in %(days)s days at most. Upload the renewed one in time:"
        " without it no new order can be placed. Orders placed before are still delivered."
    ),
)
OVER = message_template(
    "dealers.licence_ended",
    subject=N_("Licence %(number)s has ended"),
    body=N_(
        "Licence %(number)s ended on %(day)s. New orders are closed until the renewed one is accepted: upload it now."
        " Orders placed before are still delivered."
    ),
)
MANY_ENDING = message_template(
    "dealers.licences_ending",
    subject=N_("Dealers' licences: %(ending)s end soon, %(ended)s have ended"),
    body=N_(
        "%(ending)s licences of your dealers end within 60 days, %(ended)s have just ended. The list shows whose,"
        " and who sent a renewed one."
    ),
)
ACCEPTED = message_template(
    "dealers.licence_accepted",
    subject=N_("Licence %(number)s is accepted"),
    body=N_("Licence %(number)s is accepted and counts for your orders."),
)
REFUSED = message_template(
    "dealers.licence_refused",
    subject=N_("Licence %(number)s is not accepted"),
    body=N_("Licence %(number)s is not accepted: %(reason)s. Upload a better scan or the right licence."),
)
WITHDRAWN = message_template(
    "dealers.licence_withdrawn",
    subject=N_("Licence %(number)s counts no longer"),
    body=N_("Licence %(number)s counts no longer: %(reason)s. Upload a licence in force."),
)
WAITS = message_template(
    "dealers.licence_waits",
    subject=N_("Licence %(number)s waits for your decision"),
    body=N_("Licence %(number)s of dealer %(dealer)s is verified. Accept it, or say why not."),
    is_mailed=False,
)
PRODUCER_ENDING = message_template(
    "dealers.producer_licence_ending",
    subject=N_("SC licence %(number)s ends on %(day)s"),
    body=N_(
        "The producer's SC licence %(number)s ends on %(day)s. %(on_shelf)s products on the shelf stand on it. Without"
        " the renewed one no further product can be put on the shelf."
    ),
)
PRODUCER_OVER = message_template(
    "dealers.producer_licence_ended",
    subject=N_("SC licence %(number)s has ended"),
    body=N_(
        "The producer's SC licence %(number)s ended on %(day)s. %(on_shelf)s products on the shelf stand on it: sell"
        " only what was bottled before, and send the renewed licence."
    ),
)
PRODUCER_REFUTED = message_template(
    "dealers.producer_licence_refuted",
    subject=N_("SC licence %(number)s is not accepted"),
    body=N_("SC licence %(number)s is not accepted: %(reason)s. Send the right one under Producers."),
)


@handles(LICENCE_VERIFIED, LICENCE_TOLD, runs=Runs.BRANDS)
def copy_verified(event: HeardEvent) -> None:
    """A verified paper of a firm this brand deals with."""
    for checked in services.copy_verified(told=event.payload, version=event.version):
        services.tell_checked(checked)


@handles(LICENCE_REJECTED, runs=Runs.BRANDS)
def copy_rejected(event: HeardEvent) -> None:
    """A paper this brand or its dealer had sent was not found right."""
    for checked in services.copy_rejected(told=event.payload, version=event.version):
        services.tell_checked(checked)


@handles(LICENCE_WITHDRAWN, runs=Runs.BRANDS)
def copy_withdrawn(event: HeardEvent) -> None:
    """A verified paper counts no longer."""
    for checked in services.copy_withdrawn(told=event.payload, version=event.version):
        services.tell_checked(checked)


@handles(CREDENTIAL_CHECKED)
def tell_of_check(event: HeardEvent) -> None:
    """The house hears of its own papers; the brand of what waits for it, and of what fell."""
    told = event.payload
    context = {"number": told["number"], "reason": told["reason"], "dealer": event.aggregate_id}
    house, check = told["dealer_id"], told["check"]
    if check == "VERIFIED" and told["is_accepted"]:
        if told["is_own"]:
            _tell_house(house, ACCEPTED, context)
    elif check == "VERIFIED":
        _tell_brand(WAITS, context, f"{BRANDS_PAGE}?concern=open")
    elif check == "REJECTED":
        _tell_house(house, REFUSED, context)
        _tell_brand(REFUSED, context, f"{BRANDS_PAGE}?concern=rejected")
    else:
        _tell_house(house, WITHDRAWN, context)
        _tell_brand(WITHDRAWN, context, f"{BRANDS_PAGE}?concern=rejected")


@handles(CREDENTIAL_DECIDED)
def tell_of_decision(event: HeardEvent) -> None:
    """The house hears what the brand decided."""
    told = event.payload
    context = {"number": told["number"], "reason": told["reason"]}
    _tell_house(told["dealer_id"], ACCEPTED if told["is_accepted"] else REFUSED, context)


@handles(CREDENTIAL_ENDING)
def tell_of_ending(event: HeardEvent) -> None:
    """Those of the house who can send a new one, and those who would stand before a closed gate."""
    told = event.payload
    context = {"number": told["number"], "day": told["valid_to"], "days": told["days"]}
    _tell_house(told["dealer_id"], OVER if told["days"] == ENDED else ENDING, context)


@handles(CREDENTIALS_ENDING)
def tell_of_endings(event: HeardEvent) -> None:
    """The brand's people who keep the dealers, once for all."""
    _tell_brand(MANY_ENDING, {name: event.payload[name] for name in ("ending", "ended")}, BRANDS_PAGE)


@handles(PRODUCER_LICENCE_ENDING)
def tell_of_producers_ending(event: HeardEvent) -> None:
    """The brand's people who keep the products."""
    told = event.payload
    context = {"number": told["number"], "day": told["valid_to"], "on_shelf": told["on_shelf"]}
    template = PRODUCER_OVER if told["days"] == ENDED else PRODUCER_ENDING
    _tell_brand(template, context, PRODUCERS_PAGE, code=CataloguePermission.EDIT)


@handles(PRODUCER_LICENCE_CHECKED)
def tell_of_producers_check(event: HeardEvent) -> None:
    """Bad news only: a verified licence shows on the page."""
    told = event.payload
    if told["check"] != "VERIFIED":
        context = {"number": told["number"], "reason": told["reason"]}
        _tell_brand(PRODUCER_REFUTED, context, PRODUCERS_PAGE, code=CataloguePermission.EDIT)


def _tell_house(dealer_id: int, template: MessageTemplate, context: dict[str, str | int]) -> None:
    seats = {
        *seat_ids_with(dealer_id=dealer_id, code=FilePermission.UPLOAD),
        *seat_ids_with(dealer_id=dealer_id, code="orders.place"),
    }
    notify(template=template, seat_ids=seats, context=context, link=OWN_PAGE)


def _tell_brand(
    template: MessageTemplate, context: dict[str, str | int], link: str, code: str = Permission.EDIT
) -> None:
    root = Dealer.objects.filter(parent=None).values_list("pk", flat=True).first()
    if root is not None:
        seats = seat_ids_with(dealer_id=root, code=code)
        notify(template=template, seat_ids=seats, context=context, link=link)
