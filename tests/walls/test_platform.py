"""Every address of the platform's host × everybody who may stand there × everybody's ids.

With one's own ids it works first; with another's it does not, and whoever sends whatever: nobody else's rows change and
nobody else's marks are read.
"""

import io
import zipfile
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from core.db.acts import public
from tests.cast import Cast
from tests.walls.addresses import PLATFORM, addresses
from tests.walls.hall import GUESTS, Guest, Hall, forget_tries, nobody
from tests.walls.platform_lines import LINES, OPEN, Line
from tests.walls.walking import text_of, undone


@pytest.fixture
def hall(cast: Cast, chishui_cast: Cast) -> Hall:
    return Hall.build(cast, chishui_cast)


def test_every_address_has_its_line() -> None:
    lines = {(line.name, line.method) for line in LINES}
    here = {(address.name, address.method) for address in addresses(PLATFORM)}
    assert here - lines == set(), "tests/walls/platform_lines.py has no line for these"
    assert lines - here == set(), "these lines are of addresses that are gone"


def send(client: Any, line: Line, owner: Guest) -> Any:
    """The line's request with somebody's ids."""
    path, data = reverse(line.name, PLATFORM, kwargs=line.ids), urlencode(line.data(owner))
    if line.method == "GET":
        return client.get(f"{path}?{data}")
    return client.generic(line.method, f"{path}?{data}", data, "application/x-www-form-urlencoded")


def words_of(answer: Any) -> str:
    """All an answer says, packed or not."""
    if answer.get("Content-Type") != "application/zip":
        return text_of(answer)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def owners(hall: Hall, line: Line, guest: Guest | None = None) -> list[Guest]:
    """Whose ids are tried: everybody's where the page asks for any, one's own first; else a stranger's at least."""
    strangers = list(hall.others(guest))
    if line.name in OPEN:
        return strangers[:1]
    own = [] if guest is None else [guest]
    return [*own, *(strangers if line.foreign != line.own else strangers[:1])]


def unsent(line: Line, owner: Guest, marks: list[str]) -> list[str]:
    """Marks that were not sent along: an answer may repeat its own address."""
    sent = set(line.data(owner).values())
    return [mark for mark in marks if mark not in sent]


def test_everybody_reaches_their_own_and_nothing_of_anybody_else(hall: Hall) -> None:
    wrong: list[str] = []
    seen: set[str] = set()
    with public():
        before = hall.rows()
        for line in LINES:
            for guest in hall.guests.values():
                for owner in owners(hall, line, guest):
                    said = f"{guest.key} sends {line} with ids of {owner.key}"
                    with undone():
                        forget_tries()
                        answer = send(guest.browser(), line, owner)
                        wanted = line.apart.get(guest.key, line.own) if owner is guest else line.foreign
                        if answer.status_code != wanted:
                            wrong.append(f"{said}: {answer.status_code}, not {wanted}")
                        after = hall.rows()
                        touched = [one.key for one in hall.others(guest) if after[one.key] != before[one.key]]
                        wrong += [f"{said}: rows of {key} changed" for key in touched]
                    text = words_of(answer)
                    foreign = unsent(line, owner, [mark for one in hall.others(guest) for mark in one.marks])
                    wrong += [f"{said} and reads {mark}" for mark in foreign if mark in text]
                    seen |= {guest.key} if guest.user.name in text else set()
    assert not wrong, "\n".join(wrong)
    assert seen == set(GUESTS), "everybody must read their own marks somewhere"


def test_nobody_reaches_anything_of_anybody(hall: Hall) -> None:
    wrong: list[str] = []
    with public():
        before = hall.rows()
        for line in LINES:
            for owner in owners(hall, line):
                forget_tries()
                answer = send(nobody(), line, owner)
                if answer.status_code != line.nobody:
                    wrong.append(f"{line} with ids of {owner.key}: {answer.status_code}, not {line.nobody}")
                text = text_of(answer)
                wrong += [f"{line} shows {mark}" for mark in unsent(line, owner, owner.marks) if mark in text]
            if hall.rows() != before:
                wrong.append(f"{line} changed somebody's rows")
    assert not wrong, "\n".join(wrong)


def test_ones_portals_are_ones_own(hall: Hall) -> None:
    shown = {key: text_of(guest.browser().get("/portals/")) for key, guest in hall.guests.items()}
    assert {key for key, text in shown.items() if "杏禾" in text} == {"dealer", "staff"}
    assert {key for key, text in shown.items() if "赤水河" in text} == {"other_brand"}


@pytest.mark.parametrize("way", ["code", "recovery"])
def test_anothers_second_factor_does_not_end_ones_own_sign_in(hall: Hall, way: str) -> None:
    """Password of the one, code of the other: in neither way round is anybody in."""
    me, stranger = hall.guests["dealer"], hall.guests["staff"]
    client = nobody()
    given = {"identifier": "dealer@dealer.example", "password": me.password}
    assert client.post("/sign-in/", given)["Location"] == "/sign-in/code/"
    code = {"code": stranger.code, "recovery": stranger.recovery_codes[0]}[way]
    assert client.post("/sign-in/code/", {"way": way, "code": code}).status_code == 422
    assert client.get("/portals/").status_code == 302
    own = {"code": me.code, "recovery": me.recovery_codes[0]}[way]
    assert client.post("/sign-in/code/", {"way": way, "code": own}).status_code == 302
    assert client.get("/portals/").status_code == 200


def test_nothing_of_the_platform_is_there_on_a_brands_host(hall: Hall, cast: Cast) -> None:
    client = cast.client(cast.admin, raise_request_exception=False)
    brands_own = {address.name for address in addresses()}
    gone = {address.name for address in addresses(PLATFORM)} - brands_own
    assert gone == {
        "landing",
        "brands",
        "brand",
        "robots",
        "sitemap",
        "portals",
        "my_data",
        "my_data_file",
        "my_data_erase",
    }
    for name in gone - {"landing"}:
        ids = {"slug": "xinghe"} if name == "brand" else {}
        assert client.get(reverse(name, PLATFORM, kwargs=ids)).status_code == 404, name
