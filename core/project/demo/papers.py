"""Licences as they lie on a desk today: one ended, one sent back for renewal, some about to end."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw

from core.db.acts import public
from core.files.rules import Purpose
from core.files.services import store_unowned
from core.kernel import clock
from core.kernel.actor import Actor
from core.project.demo.world import World
from dms.dealers import services as dealers

ENDED = ("HA12", "SC04")
"""Whose food permit ended yesterday: it may not order, what it has ordered still comes."""
RENEWING = ("JS11", "HN11", "SD02")
"""Who has sent a renewed permit that waits to be verified."""
ENDING = ("SD03", "GZ02")
"""Whose food permit ends in twenty days, and who has done nothing about it yet."""


def lay_out_papers(world: World) -> None:
    """Give a few dealers' permits their last days, and let others send a renewed one with its scan."""
    day = clock.business_day()
    for codes, end in ((ENDED, day - timedelta(days=1)), (ENDING, day + timedelta(days=20))):
        for code in _present(world, codes):
            licence = dealers.Licence("JY", _permit(world, code), day - timedelta(days=1500), end)
            dealers.record_credential(actor=world.system, command=dealers.RecordCredential(code, licence))
    for code in _present(world, RENEWING)[:2]:
        number = _permit(world, code)
        licence = dealers.Licence("JY", number, day, day + timedelta(days=5 * 365), "预包装食品销售")
        command = dealers.SubmitPaper(code, licence, (_scan(number),))
        dealers.submit_paper(actor=_sender(world, code), command=command)


def _present(world: World, codes: tuple[str, ...]) -> list[str]:
    return [code for code in codes if code in world.ids]


def _permit(world: World, code: str) -> str:
    return next(dealer.jy_number for dealer in world.dealers if dealer.code == code)


def _sender(world: World, code: str) -> Actor:
    """The house's own people where they have a seat that uploads, else the brand for them."""
    owner = world.buyers.get(code)
    return owner if owner is not None and owner.can("files.upload") else world.system


def _scan(number: str) -> UUID:
    """A drawn sheet that says the number and nothing else."""
    sheet = Image.new("RGB", (900, 640), "#fbf6e9")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((24, 24, 876, 616), outline="#b3261e", width=6)
    pen.rectangle((40, 40, 860, 600), outline="#d9b36a", width=2)
    pen.text((250, 290), number, fill="#1c1917", font_size=44)
    content = BytesIO()
    sheet.save(content, "PNG")
    with public():
        return store_unowned(upload=content, name=f"{number}.png", purpose=Purpose.LICENCE).pk
