"""Every page there is, on the three sorts of host, with somebody who may open it: read from the lines of the walls.

Who adds an address adds its line there; whatever answers somebody with a whole page is walked from then on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

import tests.walls.pages  # noqa: F401 - fills the registry
from core.db.acts import public
from core.kernel.operators import ROLE_CODES
from tenants.brands.models import Brand
from tests.cast import Cast
from tests.clients import PLATFORM as PLATFORM_HOST
from tests.factories.operators import OPS, at_desk, make_operator
from tests.factories.seats import make_seat
from tests.flows.world import Room
from tests.live import Caller
from tests.portals import CHISHUI, XINGHE
from tests.tenants.access.offers import offered
from tests.walls import desk_lines, platform_lines
from tests.walls.addresses import BRAND, DESK, PLATFORM, addresses
from tests.walls.hall import Hall
from tests.walls.office import Office
from tests.walls.registry import CELLS, OPEN
from tests.walls.world import World

NOBODY = ""
TWO_SEATS = "buyer_p1"
"""Somebody who works for the brand too, and is asked which seat to take."""
GONE = HTTPStatus.CONFLICT
"""A page too: what it offered is over."""
LEADS_ON = b'http-equiv="refresh"'
"""Such a page is gone before anybody could look at it."""
Cookies = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sight:
    """A page: the name of its address, its host, who opens it, where."""

    name: str
    host: str
    who: str
    path: str


@dataclass
class Sights:
    """Everything to look at, and the cookies of whoever looks."""

    world: Room
    ids: World
    hall: Hall
    office: Office
    token: str
    cookies: dict[str, Cookies] = field(default_factory=dict)
    found: list[Sight] = field(default_factory=list)
    parts: set[tuple[str, str]] = field(default_factory=set)
    """Host and name of what answers with a file or with a piece of a page."""

    @classmethod
    def build(cls, world: Room) -> "Sights":
        """Make the documents, and find for each address somebody whom it answers with a page."""
        cast = world.cast
        with CHISHUI.inside():
            other = Cast.build(CHISHUI)
        with XINGHE.inside():
            ids = World.build(cast)
            make_seat(XINGHE, cast.seats[TWO_SEATS].person_name, cast.root, "brand_analyst")
            token = offered(cast)[1]
            office, hall = Office.build(cast, other), Hall.build(cast, other)
        with public():
            Brand.objects.filter(slug=CHISHUI.slug).update(is_listed=True)
        line = {"sku": cast.skus[3].code, "unit": "CASE", "quantity": 2}
        put = world.post("admin_c1", "/api/v1/cart/lines", {"lines": [line]})
        assert put.status < 400, put.body  # else there is no checkout
        sights = cls(world, ids, hall, office, token)
        sights.cookies[NOBODY] = {}
        for tried in (sights._on_brands_host(), sights._on_platform(), sights._at_desk()):
            sights._keep_pages(tried)
        return sights

    def missing(self) -> set[str]:
        """Addresses that can be opened and have shown nobody anything."""
        seen = {(one.host, one.name) for one in self.found} | self.parts
        hosts = {BRAND: XINGHE.host, PLATFORM: PLATFORM_HOST, DESK: OPS}
        return {
            f"{urlconf.rpartition('_')[2]} {one.name}"
            for urlconf, host in hosts.items()
            for one in addresses(urlconf)
            if one.method == "GET" and not one.name.startswith("api_") and (host, one.name) not in seen
        }

    def _keep_pages(self, tried: Iterator[Sight]) -> None:
        """Of those tried for an address the first that shows something; an address with other ids is another page."""
        done: set[str] = set()
        for sight in tried:
            key = f"{sight.name} {sight.path}"
            if key in done:
                continue
            caller = Caller(self.world.product.port, sight.host, cookie=self.cookie_header(sight.who))
            with caller:
                answer = caller.send("GET", sight.path, headers={"Accept": "text/html, */*"})
            if answer.status >= HTTPStatus.MULTIPLE_CHOICES and answer.status != GONE:
                continue
            done.add(key)
            if LEADS_ON in answer.body:
                continue
            if answer.body.lstrip()[:15].lower() == b"<!doctype html>":
                self.found.append(sight)
            elif answer.status != GONE:
                self.parts.add((sight.host, sight.name))

    def cookie_header(self, who: str) -> str:
        """What the browser of this person sends."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies[who].items())

    def _on_brands_host(self) -> Iterator[Sight]:
        given = {"invitation": {"token": self.token}, "logo": {"shape": "square"}, "reset_link": {"secret": "gone"}}
        for one in addresses(BRAND):
            if one.name in OPEN and one.method == "GET" and one.name != "dismiss_announcement":
                yield Sight(one.name, XINGHE.host, NOBODY, reverse(one.name, BRAND, kwargs=given.get(one.name)))
        self._let_in(TWO_SEATS)
        yield Sight("choose_seat", XINGHE.host, TWO_SEATS, reverse("choose_seat", BRAND))
        for cell in CELLS:
            if cell.method == "GET" and not cell.name.startswith("api_"):
                path = reverse(cell.name, BRAND, kwargs={name: value(self.ids) for name, value in cell.ids.items()})
                first = [key for key in ("admin", "admin_c1") if key in cell.who]
                for who in (*first, *cell.who):
                    self._let_in(who)
                    yield Sight(cell.name, XINGHE.host, who, path)

    def _let_in(self, who: str) -> None:
        if who not in self.cookies:
            self.cookies[who] = {settings.SESSION_COOKIE_NAME: self.world.cookie(who)}

    def _on_platform(self) -> Iterator[Sight]:
        guest = self.hall.guests["staff"]
        self.cookies[guest.key] = guest.cookies
        for line in platform_lines.LINES:
            if line.method != "GET":
                continue
            path = reverse(line.name, PLATFORM, kwargs=line.ids)
            query = f"?{urlencode(line.data(guest))}" if line.data is not platform_lines.all_ids else ""
            yield Sight(line.name, PLATFORM_HOST, NOBODY, path)
            yield Sight(line.name, PLATFORM_HOST, guest.key, f"{path}{query}")

    def _at_desk(self) -> Iterator[Sight]:
        for role in ROLE_CODES:  # anew: the office has given somebody of the same name another password since
            client = at_desk(make_operator(f"值守 {role}", role))
            self.cookies[role] = {name: morsel.value for name, morsel in client.cookies.items()}
        for one in addresses(DESK):
            if one.name in desk_lines.OPEN and one.method == "GET" and one.name != "sign_out":
                yield Sight(one.name, OPS, NOBODY, reverse(one.name, DESK))
        for line in desk_lines.LINES:
            if line.method == "GET" and line.name != "admin:logout":
                path = reverse(line.name, DESK, kwargs={name: value(self.office) for name, value in line.ids.items()})
                for role, codes in ROLE_CODES.items():
                    if line.code in codes | {desk_lines.ANYBODY}:
                        yield Sight(line.name, OPS, role, path)
