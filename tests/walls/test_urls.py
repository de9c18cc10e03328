"""Every address × every seat × a stranger's ids.

For each address the owner succeeds with their own id first (else the test proves nothing), then everybody else is
refused with the same id and no row has changed. What anybody reads never shows a stranger's mark.
"""

from uuid import UUID

import tests.walls.pages  # noqa: F401 - fills the registry
from tests.cast import Cast
from tests.clients import signed_in
from tests.portals import CHISHUI
from tests.walls.addresses import addresses
from tests.walls.registry import CELLS, EVERYBODY, OPEN, Cell
from tests.walls.walking import REFUSED, Walk, text_of, whole
from tests.walls.world import World, host_of, mark_of, notice_mark_of, paper_mark_of, people_mark_of

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
    """What owners do is undone, what strangers try is not: no row of the brand's nor of the platform's has changed."""
    hidden = {key: walk.world.marks_hidden_from(walk.world.cast.actor(key)) for key in EVERYBODY}
    hidden_of_the_other_brand = World.marks_of(CHISHUI)
    seen: dict[str, set[str]] = {key: set() for key in EVERYBODY}
    before = whole(walk.world)
    for cell in CELLS:
        for key in EVERYBODY:
            answer = walk.send(walk.clients[key], cell, is_undone=key in cell.who)
            if _is_wrong(cell, key, answer.status_code):
                walk.wrong.append(f"{key}: {cell} → {answer.status_code}")
            text = text_of(answer)
            marks = _unsent(walk, cell, hidden[key] + hidden_of_the_other_brand)
            walk.wrong += [f"{key} reads {mark} on {cell}" for mark in marks if mark in text]
            seen[key] |= {mark for mark in World.marks_of(walk.world.cast.portal) if mark in text}
        status = walk.send(walk.nobody, cell, is_undone=False).status_code
        if status not in AWAY:
            walk.wrong.append(f"nobody: {cell} → {status}")
        if (cell.method != "GET" or cell is CELLS[-1]) and whole(walk.world) != before:
            walk.wrong.append(f"{cell} was not undone, or somebody refused has changed something")
            before = whole(walk.world)
    assert not walk.wrong, "\n".join(walk.wrong)
    _assert_own_marks_are_seen(walk, seen)


def _assert_own_marks_are_seen(walk: Walk, seen: dict[str, set[str]]) -> None:
    """Marks must be seen by those they belong to, else their absence elsewhere proves nothing."""
    portal = walk.world.cast.portal
    assert {mark_of(portal, "c1"), mark_of(portal, "t1"), notice_mark_of(portal, "c1")} <= seen["buyer_c1"]
    assert mark_of(portal, "t1") in seen["buyer_t1"]
    assert {mark_of(portal, "c1"), host_of(portal), people_mark_of(portal, "root")} <= seen["admin"]
    assert {paper_mark_of(portal, "c1"), people_mark_of(portal, "c1")} <= seen["admin_c1"]


def _is_wrong(cell: Cell, key: str, status: int) -> bool:
    if key not in cell.who:
        return status not in REFUSED
    return not (status < 400 or (cell.may_refuse and status in {409, 415, 422}))


def test_the_same_ids_are_not_there_for_the_other_brands_people(walk: Walk, chishui_cast: Cast) -> None:
    """Ids that are one brand's alone lead nowhere in the other; what has the same name in both shows one's own."""
    marks, portal = World.marks_of(walk.world.cast.portal), chishui_cast.portal
    with portal.inside():
        seats = {key: chishui_cast.seats[key] for key in ("admin", "admin_c1")}
        clients = {key: signed_in(portal, seat, raise_request_exception=False) for key, seat in seats.items()}
        tried, before = 0, whole(walk.world)
        for cell in CELLS:
            is_ours_alone = any(_is_of_one_brand(name, value(walk.world)) for name, value in cell.ids.items())
            if cell.method != "GET" and not is_ours_alone:
                continue
            for key, client in clients.items():
                answer = walk.send(client, cell, is_undone=not is_ours_alone)
                text = text_of(answer)
                walk.wrong += [
                    f"{key} of the other brand reads {mark} on {cell}"
                    for mark in _unsent(walk, cell, marks)
                    if mark in text
                ]
                if is_ours_alone and answer.status_code not in REFUSED:
                    walk.wrong.append(f"{key} of the other brand: {cell} → {answer.status_code}")
                tried += is_ours_alone
    if whole(walk.world) != before:
        walk.wrong.append("the other brand's people have changed something")
    assert not walk.wrong, "\n".join(walk.wrong)
    assert tried > 50


def _unsent(walk: Walk, cell: Cell, marks: list[str]) -> list[str]:
    """Marks that the address itself does not carry: a page may repeat where it stands."""
    sent = {value(walk.world) for value in cell.ids.values()}
    return [mark for mark in marks if mark not in sent]


def _is_of_one_brand(name: str, value: object) -> bool:
    return isinstance(value, UUID) or name in {"key", "host"}
