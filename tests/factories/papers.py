"""Firms of the public register, and papers sent with a scan."""

from datetime import date
from io import BytesIO
from uuid import UUID

from PIL import Image

from core.catalogue.models import Producer
from core.catalogue.services import SubmitProducerLicence, submit_producer_licence
from core.db.acts import public
from core.files.rules import Purpose
from core.files.services import store_unowned
from core.kernel.actor import Actor, Side
from core.kernel.identifiers import uscc_check_character
from core.kernel.operators import ONBOARDING
from core.kernel.operators import codes_of as ops_codes
from dms.dealers.models import Credential, Dealer
from dms.dealers.services import Licence, SubmitPaper, submit_paper
from tenants.organisations.models import Organisation
from tenants.organisations.services import find_or_create

JY = "JY15308250014109"
YB = "YB15308250014109"
SC = "SC11552038220099"
OPERATOR_ID = UUID("01890000-0000-7000-8000-00000000000a")


def uscc_of(word: str) -> str:
    """A valid USCC for a short word of capitals and digits: the same word, the same firm, in whatever brand."""
    body = "91370100" + "".join(ch for ch in word.upper() if ch in "0123456789ABCDEFGHJKLMNPQRTUWXY").rjust(9, "0")
    return body + uscc_check_character(body)


def make_organisation(word: str, kind: str = "DEALER") -> Organisation:
    """The firm of that word in the public register."""
    return find_or_create(uscc=uscc_of(word), name=f"{word} 酒业有限公司", kind=kind)


def make_firm(dealer: Dealer) -> Dealer:
    """The dealer, tied to the firm of its code."""
    dealer.uscc, dealer.organisation_id = uscc_of(dealer.code), make_organisation(dealer.code).pk
    dealer.save(update_fields=["uscc", "organisation_id"])
    return dealer


def picture() -> BytesIO:
    """A scan."""
    content = BytesIO()
    Image.new("RGB", (60, 40), "white").save(content, "PNG")
    content.seek(0)
    return content


def keep_scan(name: str = "证照.png") -> UUID:
    """A scan among the platform's files."""
    with public():
        return store_unowned(upload=picture(), name=name, purpose=Purpose.LICENCE).pk


def send_paper(
    actor: Actor,
    code: str,
    *,
    kind: str = "JY",
    number: str = JY,
    valid_from: date = date(2026, 1, 1),
    valid_to: date | None = date(2030, 12, 31),
    scope: str = "",
) -> Credential:
    """A paper of a dealer on its way to be verified."""
    licence = Licence(kind, number, valid_from, valid_to, scope)
    return submit_paper(actor=actor, command=SubmitPaper(code, licence, (keep_scan(),)))


def send_producer_paper(actor: Actor, *, number: str = SC, valid_to: date | None = date(2030, 12, 31)) -> Producer:
    """The SC licence of the one producer on its way to be verified."""
    name = Producer.objects.values_list("name", flat=True).get()
    command = SubmitProducerLicence(name, number, date(2026, 1, 1), valid_to, (keep_scan(),))
    return submit_producer_licence(actor=actor, command=command)


def operator(person_id: UUID = OPERATOR_ID) -> Actor:
    """Somebody of the platform who verifies licences."""
    return Actor(
        person_id=person_id,
        person_name="平台核验员",
        seat_id=person_id,
        side=Side.PLATFORM,
        dealer_id=0,
        dealer_name="",
        codes=ops_codes([ONBOARDING]),
        brand_schema="public",
    )
