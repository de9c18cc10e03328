"""An archive somebody damaged or made up is refused in words, and nothing of it is kept."""

import copy
import csv
import io
import json
import zipfile
from typing import Any

import pytest

from core.db.acts import brand_schema, public
from core.db.schemas import schema_exists
from core.events.models import Delivery
from tenants.brands import archive as archive_form
from tenants.brands.errors import (
    ArchiveOfAnotherVersion,
    ArchiveUnreadable,
    BadBrand,
    FiguresDiffer,
)
from tenants.brands.models import Brand
from tenants.people.models import User
from tests.conftest import TODAY
from tests.tenants.brands.archives import brand_json, changed, manifest_with, take_in, telling


def test_what_was_damaged_or_made_up_is_refused(archive: bytes, here: None) -> None:
    broken = [
        b"",
        b"PK",
        archive[: len(archive) // 2],
        changed(archive, "tables/orders_order.csv", b"id\n1\n"),
        changed(archive, "files/extra", b"more"),
        changed(archive, "../../etc/passwd", b"more", is_honest=True),
        manifest_with(archive, form=2),
        manifest_with(archive, members={}),
    ]
    for one in broken:
        with pytest.raises(ArchiveUnreadable):
            take_in(one)
    assert not schema_exists("t_xinghe")


def test_another_version_is_refused(archive: bytes, here: None) -> None:
    with pytest.raises(ArchiveOfAnotherVersion):
        take_in(manifest_with(archive, fingerprint="0" * 64))
    with zipfile.ZipFile(io.BytesIO(archive)) as whole:
        columns = json.loads(whole.read("manifest.json"))["columns"]
    columns["orders_order"].append("injected")
    with pytest.raises(ArchiveOfAnotherVersion):
        take_in(manifest_with(archive, columns=columns))
    assert not schema_exists("t_xinghe")


def test_other_figures_are_refused_and_nothing_is_kept(archive: bytes, here: None) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as whole:
        said = json.loads(whole.read("manifest.json"))["rows"]
        orders = whole.read("tables/orders_order.csv")
    with pytest.raises(FiguresDiffer):
        take_in(manifest_with(archive, rows={**said, "orders_order": said["orders_order"] + 1}))
    with pytest.raises(FiguresDiffer):  # a row that the tables refuse
        take_in(changed(archive, "tables/orders_order.csv", orders + b"not,a,row\n", is_honest=True))
    assert not schema_exists("t_xinghe")
    take_in(archive)


def test_a_line_of_no_order_is_refused(archive: bytes, here: None) -> None:
    """Foreign keys are checked although triggers of ours rest."""
    with zipfile.ZipFile(io.BytesIO(archive)) as whole:
        said = json.loads(whole.read("manifest.json"))["rows"]
        head = whole.read("tables/orders_order.csv").splitlines(keepends=True)[0]
    orphaned = changed(archive, "tables/orders_order.csv", head, is_honest=True)
    with pytest.raises(FiguresDiffer):
        take_in(manifest_with(orphaned, rows={**said, "orders_order": 0}))
    assert not schema_exists("t_xinghe")


def test_an_archive_speaks_to_no_other_brand(archive: bytes, here: None) -> None:
    """A delivery somebody wrote into it, to a handler that acts in the brands an event names, is left out."""
    with zipfile.ZipFile(io.BytesIO(archive)) as whole:
        said = json.loads(whole.read("manifest.json"))
        told = whole.read("tables/events_event.csv")
        deliveries = whole.read("tables/events_delivery.csv")
    columns = said["columns"]["events_delivery"]
    event_id = next(csv.DictReader(io.StringIO(told.decode())))["id"]
    row = {"id": "990001", "event_id": event_id, "handler": "tenants.access.person_erased", "attempts": "0"}
    row |= {"due_at": TODAY.isoformat(), "last_error": '""'}
    forged = deliveries + ",".join(row.get(name, "") for name in columns).encode() + b"\n"
    changes = changed(archive, "tables/events_delivery.csv", forged, is_honest=True)
    rows_now = {**said["rows"], "events_delivery": said["rows"]["events_delivery"] + 1}
    take_in(manifest_with(changes, rows=rows_now))
    with brand_schema("t_xinghe"):
        assert Delivery.objects.count() == said["rows"]["events_delivery"]
        assert not Delivery.objects.filter(handler="tenants.access.person_erased").exists()


def _with(said: dict[str, Any], *path: str | int, value: object) -> dict[str, Any]:
    changed_one = copy.deepcopy(said)
    place: Any = changed_one
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed_one


STRANGE: list[tuple[tuple[str | int, ...], object]] = [
    (("brand",), None),
    (("brand", "public_id"), "nobody"),
    (("brand", "state"), "GONE"),
    (("brand", "name"), "酒" * 81),
    (("brand", "name"), 7),
    (("brand", "name"), "a\0b"),
    (("brand", "created_at"), "2026-01-12T10:00:00"),
    (("brand", "time_zone"), "Moon/Sea"),
    (("brand", "currency"), "XXX"),
    (("brand", "language"), "tlh"),
    (("brand", "aromas"), {"JX": 1}),
    (("brand", "is_listed"), "yes"),
    (("hosts",), "order.example.com"),
    (("hosts",), [{"domain": "ops.jiumai.localhost", "challenge": ""}]),
    (("hosts",), [{"domain": "order.example.com"}]),
    (("portals", 0, "side"), "platform"),
    (("portals", 0, "person_id"), "nobody"),
    (("people", 0, "id"), None),
    (("people", 0, "phone_sealed"), 13800138000),
    (("organisations", 0, "kind"), "BANK"),
    (("organisations", 0), "somebody"),
]


def untouched() -> bool:
    """Whether nothing at all of the brand is here."""
    with public():
        return not (schema_exists("t_xinghe") or Brand.objects.filter(slug="xinghe").exists() or User.objects.exists())


def test_another_shape_of_the_brand_is_refused_before_anything_is_written(archive: bytes, here: None) -> None:
    said = brand_json(archive)
    for path, value in STRANGE:
        with pytest.raises((ArchiveUnreadable, BadBrand)):
            take_in(telling(archive, _with(said, *path, value=value)))
        assert untouched(), path
    for words in (b"[" * 200_000, b"{", b"\xff", b"[]"):
        with pytest.raises(ArchiveUnreadable):
            take_in(changed(archive, "brand.json", words, is_honest=True))
    assert untouched()
    take_in(archive)


def test_another_shape_of_the_manifest_is_refused(archive: bytes, here: None) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as whole:
        said = json.loads(whole.read("manifest.json"))
    one = next(iter(said["sequences"]))
    strange: list[dict[str, object]] = [
        {"sequences": {**said["sequences"], "of_nobody_seq": [1, True]}},
        {"sequences": {**said["sequences"], one: ["1", True]}},
        {"sequences": {**said["sequences"], one: [2**63, True]}},
        {"sequences": {**said["sequences"], one: [1]}},
        {"rows": {**said["rows"], "orders_order": -1}},
        {"rows": {**said["rows"], "orders_order": "4"}},
        {"columns": {**said["columns"], "orders_order": "id"}},
        {"columns": {}, "rows": {}},
        {"vault_keys": "d1"},
        {"members": {"brand.json": 1}},
        {"members": []},
    ]
    for facts in strange:
        with pytest.raises((ArchiveUnreadable, ArchiveOfAnotherVersion)):
            take_in(manifest_with(archive, **facts))
        with public():
            assert not Brand.objects.filter(slug="xinghe").exists(), facts
    take_in(archive)


def test_what_is_read_as_a_whole_has_a_bound(archive: bytes, here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_form, "MOST_BRAND_BYTES", 100)
    with pytest.raises(ArchiveUnreadable):
        take_in(archive)
    assert untouched()
