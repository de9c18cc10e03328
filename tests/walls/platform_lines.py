"""The lines of the platform's host: what an address answers nobody, its own person, and who brings another's ids."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from tenants.people.tickets import digest
from tests.portals import XINGHE
from tests.walls.hall import Guest

Data = Callable[[Guest], dict[str, str]]
Ids = dict[str, object]
UNKNOWN = UUID("0198aaaa-0000-7000-8000-000000000000")


@dataclass(frozen=True, slots=True)
class Line:
    """One address with one method. ``data`` are the form or query of whose ids are tried: one's own, or a stranger's.

    ``own`` and ``foreign`` are the answers to oneself and to everybody else; ``apart`` those of some sorts of people.
    """

    name: str
    method: str
    nobody: int
    own: int
    foreign: int
    data: Data
    ids: Ids = field(default_factory=dict)
    apart: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


LINES: list[Line] = []
OPEN: dict[str, str] = {}
"""Address → the reason why it answers everybody alike; its lines are tried with everybody's ids all the same."""


def all_ids(guest: Guest) -> dict[str, str]:
    """Everybody's ids under every name: pages of one's own look at none of them."""
    return guest.ids


def open_to_all(name: str, why: str, *answers: tuple[str, int], **ids: object) -> None:
    """An address that answers nobody and everybody the same."""
    OPEN[name] = why
    for method, status in answers:
        LINES.append(Line(name, method, status, status, status, all_ids, ids))


def own_only(
    name: str,
    method: str,
    own: int,
    foreign: int | None = None,
    data: Data = all_ids,
    apart: dict[str, int] | None = None,
) -> None:
    """An address of somebody signed in; without ``foreign`` another's ids are not looked at: one gets one's own."""
    LINES.append(Line(name, method, 302, own, own if foreign is None else foreign, data, {}, apart or {}))


for probe in ("healthz", "readyz", "metrics"):
    open_to_all(probe, "tells a probe how the process fares", ("GET", 200), ("POST", 200))
open_to_all("certificate", "tells the proxy whether a host is one of ours", ("GET", 404))
open_to_all("theme", "colours", ("GET", 200), ("POST", 200))
open_to_all("logo", "a brand's own picture; the platform has none", ("GET", 404), shape="square")
open_to_all("ui:styleguide", "in development only; samples, no data", ("GET", 200), ("POST", 200))
open_to_all("outbox:list", "in development only; not there in production", ("GET", 200))
open_to_all("landing", "the public front page", ("GET", 200))
open_to_all("brands", "brands that wish to be found", ("GET", 200))
open_to_all("brand", "there when listed, to its own people too", ("GET", 404), slug="chishui")
open_to_all("robots", "for search engines", ("GET", 200))
open_to_all("sitemap", "for search engines", ("GET", 200))
open_to_all("dismiss_announcement", "puts a line away in this browser", ("POST", 302), announcement_id=UNKNOWN)
open_to_all("set_language", "one's own language, or this browser's", ("POST", 302))
open_to_all("forgot", "answers alike whoever has the name", ("GET", 200), ("POST", 422))
open_to_all("reset", "knows a request of this browser only", ("GET", 302), ("POST", 302))
open_to_all("reset_link", "knows who holds the link only", ("GET", 409), secret="a-secret-nobody-was-sent")
open_to_all("sign_out", "ends whoever asks", ("POST", 302))
open_to_all("sign_in_code", "knows a password given in this browser only", ("GET", 302), ("POST", 302))
open_to_all("choose_seat", "seats are taken on a brand's host", ("GET", 302), ("POST", 302))

LINES.append(Line("sign_in", "GET", 200, 302, 302, all_ids))
LINES.append(Line("sign_in", "POST", 422, 422, 422, all_ids))
LINES.append(Line("enter", "GET", 404, 302, 302, all_ids))
LINES.append(Line("enter", "POST", 422, 302, 422, lambda guest: {"ticket": guest.ticket, **guest.ids}))
own_only("ticket", "GET", 200, data=lambda guest: {"to": XINGHE.host, "browser": digest(guest.nonce), **guest.ids})
own_only("portals", "GET", 200)
own_only("profile", "GET", 200)
own_only("profile", "POST", 302, data=lambda guest: {**guest.ids, "name": "改名", "language": "en", "roles": "system"})
own_only("change_password", "GET", 200)
own_only(
    "change_password",
    "POST",
    302,
    422,
    lambda guest: {**guest.ids, "current": guest.password, "password": "quite another password of mine"},
)
for name in ("change_phone", "change_email"):
    own_only(name, "GET", 200)
own_only(
    "change_phone",
    "POST",
    302,
    422,
    lambda guest: {**guest.ids, "identifier": "13999990000", "current": guest.password, "code": guest.code},
)
own_only("change_email", "POST", 302, data=lambda guest: {**guest.ids, "act": "prove"})
own_only(
    "change_email",
    "POST",
    409,
    422,
    lambda guest: {**guest.ids, "act": "remove", "current": guest.password, "code": guest.code},
)
own_only("address_code", "GET", 200, data=lambda guest: {**guest.ids, "claim_id": str(guest.claim_id)})
own_only(
    "address_code",
    "POST",
    302,
    422,
    lambda guest: {**guest.ids, "claim_id": str(guest.claim_id), "code": guest.claim_code},
)
own_only("second_factor", "GET", 200)
for act, status in (("prove", 302), ("renew", 200), ("drop", 302)):
    own_only(
        "second_factor",
        "POST",
        status,
        422,
        lambda guest, act=act: {**guest.ids, "act": act, "code": guest.code, "current": guest.password},  # type: ignore[misc]  # mypy cannot see the default
    )
own_only(
    "second_factor",
    "POST",
    200,
    422,
    lambda guest: {**guest.ids, "act": "renew", "code": guest.recovery_codes[0]},
)
own_only("end_session", "POST", 302, 404, lambda guest: {**guest.ids, "sign_in": str(guest.sign_in_id)})
own_only("end_session", "POST", 302, data=lambda guest: {**guest.ids, "others": "1"})
own_only("my_data", "GET", 200)
own_only("my_data_file", "POST", 200, 422, lambda guest: {**guest.ids, "current": guest.password})
own_only(
    "my_data_erase",
    "POST",
    302,
    422,
    lambda guest: {**guest.ids, "current": guest.password, "sure": "1"},
    apart={"operator": 409, "other_brand": 302},
)
