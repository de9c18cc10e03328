"""Every address × every seat × a stranger's ids.

For each address the owner succeeds with their own id first (else the test proves nothing), then everybody else is
refused with the same id and no row has changed. What anybody reads never shows a stranger's mark.
"""

import json

from django.conf import settings
from django.urls import reverse

import tests.walls.pages  # noqa: F401 - fills the registry
from tests.cast import Cast
from tests.clients import signed_in
from tests.portals import TestPortal
from tests.walls.addresses import addresses
from tests.walls.registry import CELLS, EVERYBODY, OPEN, Cell
from tests.walls.walking import REFUSED, Walk, digest, text_of
from tests.walls.world import HOUSES, mark_of

AWAY = {302, 401, 404}


def test_every_address_has_its_line() -> None:
    lines = {(cell.name, cell.method) for cell in CELLS}
    missing = [
        f"{address.method} {address.name}"
        for address in addresses()
        if address.name not in OPEN and (address.name, address.method) not in lines
    ]
    assert not missing, f"tests/walls/pages.py has no line for these: {missing}"


def test_no_line_is_left_of_an_address_that_is_gone() -> None:
    here = {(address.name, address.method) for address in addresses()}
    assert [str(cell) for cell in CELLS if (cell.name, cell.method) not in here] == []
    assert [name for name in OPEN if name not in {name for name, _ in here}] == []


def test_owners_get_in_strangers_do_not_and_nobody_reads_a_strangers_mark(walk: Walk) -> None:
    hidden = {key: walk.world.marks_hidden_from(walk.world.cast.actor(key)) for key in EVERYBODY}
    hidden_of_the_other_brand = [mark_of(TestPortal("chishui", "", "", ""), house) for house in HOUSES]
    seen: set[str] = set()
    for cell in CELLS:
        before = digest()
        for key in EVERYBODY:
            answer = walk.send(walk.clients[key], cell)
            if _is_wrong(cell, key, answer.status_code):
                walk.wrong.append(f"{key}: {cell} → {answer.status_code}")
            text = text_of(answer)
            walk.wrong += [
                f"{key} reads {mark} on {cell}" for mark in hidden[key] + hidden_of_the_other_brand if mark in text
            ]
            seen |= {key} if "MARK-" in text else set()
        status = walk.send(walk.nobody, cell).status_code
        if status not in AWAY:
            walk.wrong.append(f"nobody: {cell} → {status}")
        if digest() != before:
            walk.wrong.append(f"{cell} was not undone, or somebody refused has changed something")
    assert not walk.wrong, "\n".join(walk.wrong)
    assert {"buyer_c1", "buyer_t1", "sales_admin"} <= seen, "marks must be seen by those they belong to"


def _is_wrong(cell: Cell, key: str, status: int) -> bool:
    if key not in cell.who:
        return status not in REFUSED
    return not (status < 400 or (cell.may_refuse and status in {409, 415, 422}))


def test_a_refused_stranger_has_changed_nothing(walk: Walk) -> None:
    """The same requests without the undoing, for all that write: what was refused left no row behind."""
    for cell in CELLS:
        if cell.method == "GET":
            continue
        ids = {name: value(walk.world) for name, value in cell.ids.items()}
        path = reverse(cell.name, settings.URLCONF_BRAND, kwargs=ids)
        data = json.dumps(cell.data(walk.world) if cell.data else {})
        before = digest()
        for key in ("buyer_c2", "buyer_t1", "auditor", "rep"):
            if key not in cell.who:
                headers = {"idempotency-key": "a-key-of-this-wall"}
                walk.clients[key].generic(cell.method, path, data, "application/json", headers=headers)
        if digest() != before:
            walk.wrong.append(f"{cell} changed something for somebody refused")
    assert not walk.wrong, "\n".join(walk.wrong)


def test_the_same_ids_show_the_other_brands_people_nothing_of_this_brand(walk: Walk, chishui_cast: Cast) -> None:
    marks = [mark_of(walk.world.cast.portal, house) for house in HOUSES]
    portal = chishui_cast.portal
    with portal.inside():
        clients = {
            key: signed_in(portal, chishui_cast.seats[key], raise_request_exception=False)
            for key in ("admin", "admin_c1")
        }
        for cell in CELLS:
            if cell.method == "GET":
                walk.wrong += [
                    f"{key} of the other brand reads a mark on {cell}"
                    for key, client in clients.items()
                    if any(mark in text_of(walk.send(client, cell)) for mark in marks)
                ]
    assert not walk.wrong, "\n".join(walk.wrong)
