"""Every address and every deed of the desk × every role of operators × those who have no business there."""

from contextlib import nullcontext
from typing import Any

import pytest
from django.urls import reverse

from core.db.acts import PUBLIC, public
from core.kernel.operators import ROLE_CODES
from core.web.desk import Window, site
from tests.cast import Cast
from tests.clients import HostClient
from tests.walls.addresses import DESK, addresses
from tests.walls.desk_lines import ANYBODY, LINES, OPEN, WITHOUT_DEEDS, WITHOUT_LIST_DEEDS, Line
from tests.walls.hall import forget_tries
from tests.walls.office import Office
from tests.walls.walking import REFUSED, digest, undone

WELL = {200, 302, 405, 409, 415, 422}
"""An operator who may: done, or refused for what the form says or the way it was asked."""
FORM = {"reason": "试试", "slug": "-", "host": "new.office.example", "valid_from": "2026-01-01", "name": "改名"}


@pytest.fixture
def office(cast: Cast, chishui_cast: Cast) -> Office:
    return Office.build(cast, chishui_cast)


def windows() -> dict[str, Window]:
    """Every window of the desk, by its table."""
    return {
        f"{model._meta.app_label}_{model._meta.model_name}": one
        for model, one in site._registry.items()
        if isinstance(one, Window)
    }


def test_every_address_has_its_line() -> None:
    lines = {(line.name, line.method) for line in LINES}
    none = {f"admin:{table}_deed" for table in WITHOUT_DEEDS} | {f"admin:{t}_list_deed" for t in WITHOUT_LIST_DEEDS}
    here = {(one.name, one.method) for one in addresses(DESK) if one.name not in OPEN}
    assert {one for one in here - lines if one[0] not in none} == set(), (
        "tests/walls/desk_lines.py has no line for these"
    )
    assert lines - here == set(), "these lines are of addresses that are gone"
    assert none & {name for name, _ in lines} == set()


def test_every_deed_of_every_window_has_its_line() -> None:
    """Deeds with a page of their own (``elsewhere``) have an address of their own."""
    there: set[tuple[str, str]] = set()
    for table, one in windows().items():
        assert len(site._registry) == len(windows()), "every table at the desk is a window"
        there |= {(f"admin:{table}_deed", deed.name) for deed in one.deeds if deed.verb is not None}
        there |= {(f"admin:{table}_list_deed", deed.name) for deed in one.list_deeds if deed.verb is not None}
    lines = {
        (line.name, str(line.ids["name"](Office(""))))
        for line in LINES
        if line.name.endswith("_deed") and "name" in line.ids
    }
    assert lines == there


def send(client: HostClient, office: Office, line: Line) -> Any:
    """The line's request on its row."""
    path = reverse(line.name, DESK, kwargs={name: value(office) for name, value in line.ids.items()})
    return client.get(path) if line.method == "GET" else client.post(path, FORM)


def answer_to(client: HostClient, office: Office, line: Line, *, is_undone: bool) -> int:
    """The status of the line's request; ``is_undone``: what it does is taken back."""
    forget_tries()
    with undone() if is_undone else nullcontext():
        return int(send(client, office, line).status_code)


def test_each_role_does_what_it_may_and_finds_nothing_else(office: Office) -> None:
    """What is refused, and what only looks, is not undone: no row has changed after it."""
    wrong: list[str] = []
    with public():
        before = digest()
        for line in LINES:
            for role, browser in office.operators.items():
                may = line.code == ANYBODY or line.code in ROLE_CODES[role]
                status = answer_to(browser(), office, line, is_undone=may and not line.changes_nothing)
                if status not in (REFUSED if not may else WELL | ({403} if line.changes_nothing else set())):
                    wrong.append(f"{role}: {line} → {status}, {'with' if may else 'without'} {line.code or 'any code'}")
            if digest() != before:
                wrong.append(f"{line}: a row has changed")
        assert digest(office.schema) == office.before
    assert not wrong, "\n".join(wrong)


def test_whoever_is_no_operator_is_sent_to_the_sign_in_page(office: Office) -> None:
    """Each address once, sent where it can be; who is signed in nowhere is in tests/frontend/desk/test_walls.py."""
    wrong: list[str] = []
    with public():
        before = digest()
        for line in {line.name: line for line in LINES}.values():  # the last line of a name is its POST
            for key, browser in office.outsiders.items():
                answer = send(browser(), office, line)
                if (answer.status_code, answer.get("Location")) != (302, "/sign-in/"):
                    wrong.append(f"{key}: {line} → {answer.status_code} {answer.get('Location')}")
        assert digest() == before
        assert digest(office.schema) == office.before
    assert not wrong, "\n".join(wrong)


def test_what_another_brands_schema_holds_is_missing_there(office: Office) -> None:
    """A delivery or job is named with its schema: the same id in another schema, or in none of ours, is not there."""
    client = office.operators["system"]()
    for schema in ("t_chishui", "pg_catalog", "information_schema", PUBLIC):
        for path in (
            f"/deliveries/{schema}/{office.rows['delivery']}/drop/",
            f"/brand-jobs/{schema}/{office.rows['brand_job']}/stop/",
        ):
            assert client.post(path, FORM).status_code == 404, path
    assert client.post(f"/deliveries/{office.schema}/{office.rows['delivery']}/burn/", FORM).status_code == 404
