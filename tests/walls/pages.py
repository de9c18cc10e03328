"""The lines: every address and method of a brand's host, and who may (see registry.py).

Here those open to everybody and one's own; the three faces stand in modules of their own."""

from tests.walls import (  # noqa: F401 - each fills the registry
    api_lines,
    console_lines,
    promotion_lines,
    round_lines,
    storefront_lines,
)
from tests.walls.registry import EVERYBODY, get, open_to_all, post

# Open to everybody.
for name in ("healthz", "readyz", "metrics", "theme", "sign_in", "sign_out", "choose_seat", "set_language"):
    open_to_all(name, "answers on every host and shows nothing of anybody")
open_to_all("logo", "is the brand's own picture: it stands on the sign-in page")
open_to_all("certificate", "tells the proxy whether a host is one of ours, which whoever opens the host sees too")
open_to_all("dismiss_announcement", "puts a line of the platform's away in this browser only")
for name in ("manifest", "app_icon", "worker", "offline"):
    open_to_all(
        f"storefront:{name}", "names the brand as its sign-in page does, and nobody; phones ask without a person"
    )
for name in ("enter", "ticket"):
    open_to_all(name, "carries somebody's own sign-in from host to host; without a ticket or a sign-in it leads away")
open_to_all("invitation", "shows an invitation to whoever has its link, and nothing without one")
for name in ("sign_in_code", "forgot", "reset", "reset_link"):
    open_to_all(name, "for people signed out; answers alike whoever has the name, and knows nobody but this browser")
open_to_all("end_session", "ends sign-ins of whoever asks, and finds no others: test_devices.py")
open_to_all("openapi", "describes the interface, holds no data")
open_to_all("api_docs", "the same, to be read")
open_to_all("outbox:list", "in development only; not there in production")
open_to_all("ui:styleguide", "in development only; samples, no data")

open_to_all("address_code", "knows a code sent from this browser only, and leads to one's own page without one")
for name in (
    "profile",
    "change_password",
    "second_factor",
    "change_phone",
    "change_email",
):  # one's own only: there is nobody else's to name
    get(name, *EVERYBODY)
    post(name, *EVERYBODY, may_refuse=True)
