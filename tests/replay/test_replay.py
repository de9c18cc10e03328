"""A replay equals its file to the cent, less the rows it reports; dirt is reported by row and nothing half-imported."""

from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.catalogue.models import Sku
from core.db.acts import brand_schema
from core.kernel.actor import Actor
from core.kernel.identifiers import is_valid_gtin
from core.project import soundness
from core.project.replay.files import Files, read
from core.project.replay.goods import edition_of
from core.project.replay.report import Kind
from core.project.replay.run import Outcome, quarters_of, replay, unwatched
from dms.dealers.models import Dealer
from ordering.fulfilment import services as fulfilment
from ordering.fulfilment.services import Ship, Shipped
from ordering.orders.models import Order, OrderLine
from ordering.pricing.models import PriceEntry
from tests.replay import dirt

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "iowa"


def replayed(folder: Path, slug: str) -> Outcome:
    files = read(folder)
    return replay(files, slug, quarters_of(files.lines), unwatched)


@pytest.fixture(scope="module")
def clean_world(own_database: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[dirt.SmallWorld, Path]:
    world = dirt.clean()
    return world, world.write(tmp_path_factory.mktemp("clean"))


@pytest.fixture(scope="module")
def dirty_world(own_database: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[dirt.SmallWorld, Outcome]:
    world = dirt.dirty()
    return world, replayed(world.write(tmp_path_factory.mktemp("dirty")), "dirty")


def test_a_clean_file_is_replayed_whole_and_only_once(clean_world: tuple[dirt.SmallWorld, Path]) -> None:
    world, folder = clean_world
    outcome = replayed(folder, "clean")
    assert outcome.agrees
    assert outcome.differences == ()
    assert outcome.invoices == 16
    assert outcome.lines == len(world.lines)
    assert outcome.cents == sum(round(line.cents) for line in world.lines)
    again = replayed(folder, "clean")
    assert (again.invoices, again.skipped, again.cents) == (0, 16, outcome.cents)
    assert again.agrees


def test_a_replay_that_broke_off_goes_on_where_it_stopped(
    own_database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = dirt.clean(3, invoices=6).write(tmp_path)
    real, calls = fulfilment.ship, Counter[str]()

    def breaks(*, actor: Actor, command: Ship) -> Shipped:
        calls["ship"] += 1
        if calls["ship"] == 3:
            raise KeyboardInterrupt
        return real(actor=actor, command=command)

    monkeypatch.setattr(fulfilment, "ship", breaks)
    with pytest.raises(KeyboardInterrupt):
        replayed(folder, "broken")
    outcome = replayed(folder, "broken")
    assert outcome.agrees
    assert (outcome.skipped, outcome.invoices) == (2, 4)
    with brand_schema("t_broken"):
        assert Order.objects.count() == 6


def test_every_order_is_received_and_captured(clean_world: tuple[dirt.SmallWorld, Path]) -> None:
    replayed(clean_world[1], "clean")
    with brand_schema("t_clean"):
        assert set(Order.objects.values_list("status", "fulfilment_status", "currency", "source")) == {
            ("CONFIRMED", "RECEIVED", "USD", "REPLAY")
        }
        assert soundness.faults() == []


def test_prices_are_dated_and_what_differs_is_made_by_hand(clean_world: tuple[dirt.SmallWorld, Path]) -> None:
    outcome = replayed(clean_world[1], "clean")
    manual = [note.what for note in outcome.report.of(Kind.MANUAL_PRICE)]
    assert len(manual) == 1
    with brand_schema("t_clean"):
        by_hand = OrderLine.objects.exclude(manual_price_reason="").get()
        assert (by_hand.amount, by_hand.bottles) == (1000, 7)
        entries = Counter(PriceEntry.objects.values_list("sku__edition", flat=True))
        assert max(entries.values()) == 2  # January's and the rise in February


def test_several_quarters_follow_each_other(own_database: None, tmp_path: Path) -> None:
    world = dirt.clean(4, invoices=8, days=200)
    outcome = replayed(world.write(tmp_path), "long")
    assert outcome.agrees
    assert (outcome.invoices, outcome.differences) == (8, ())
    assert outcome.cents == sum(round(line.cents) for line in world.lines)


def test_each_faulty_row_is_reported_with_its_fault(dirty_world: tuple[dirt.SmallWorld, Outcome]) -> None:
    world, outcome = dirty_world
    said = {note.row: note.why for note in outcome.report.of(Kind.HELD_BACK)}
    assert said.keys() == world.must_be_held_back.keys()
    assert [row for row, word in world.must_be_held_back.items() if word not in said[row]] == []


def test_nothing_of_a_faulty_invoice_is_imported(dirty_world: tuple[dirt.SmallWorld, Outcome]) -> None:
    world, outcome = dirty_world
    spoiled = {world.lines[row - 1].invoice_item[:-5] for row in world.must_be_held_back}
    with brand_schema("t_dirty"):
        assert not Order.objects.filter(buyer_reference__in=spoiled).exists()
        assert Order.objects.count() == outcome.invoices == 16 - len(spoiled)
        assert soundness.faults() == []


def test_totals_differ_by_the_reported_rows_alone(dirty_world: tuple[dirt.SmallWorld, Outcome]) -> None:
    world, outcome = dirty_world
    kept = sum(round(line.cents) for row, line in enumerate(world.lines, 1) if row not in world.must_be_held_back)
    assert outcome.agrees
    assert outcome.cents == kept
    assert outcome.differences
    assert all(difference.is_explained for difference in outcome.differences)


def test_lost_zeros_are_put_back_and_wrong_barcodes_left_out(dirty_world: tuple[dirt.SmallWorld, Outcome]) -> None:
    world, outcome = dirty_world
    assert {note.what for note in outcome.report.of(Kind.UPC_RESTORED)} == world.restored_upcs
    assert {note.what for note in outcome.report.of(Kind.BARCODE_LEFT_OUT)} == world.wrong_barcodes
    with brand_schema("t_dirty"):
        barcodes = dict(Sku.objects.filter(is_placeholder=False).values_list("edition", "gtin13"))
    assert all(barcodes[edition_of(item)] == "" for item in world.wrong_barcodes)
    assert all(is_valid_gtin(barcodes[edition_of(item)], 13) for item in world.restored_upcs)


def test_unknown_items_and_stores_become_placeholders(dirty_world: tuple[dirt.SmallWorld, Outcome]) -> None:
    world, outcome = dirty_world
    assert {note.what for note in outcome.report.of(Kind.PLACEHOLDER_ITEM)} == world.unknown_items
    assert {note.what for note in outcome.report.of(Kind.PLACEHOLDER_STORE)} == world.unknown_stores
    with brand_schema("t_dirty"):
        assert set(Sku.objects.filter(is_placeholder=True).values_list("edition", flat=True)) == world.unknown_items
        assert set(Dealer.objects.filter(is_placeholder=True).values_list("code", flat=True)) == world.unknown_stores


def test_the_command_reports_and_fails_on_what_it_cannot_read(own_database: None, tmp_path: Path) -> None:
    folder = dirt.clean(2, invoices=4).write(tmp_path)
    said = StringIO()
    call_command("replay", str(folder), brand="bycommand", report=tmp_path / "notes.csv", stdout=said)
    assert "lines/s" in said.getvalue()
    assert "equal to the file" in said.getvalue()
    assert (tmp_path / "notes.csv").read_text().startswith("kind,file,row,what,why")
    with pytest.raises(CommandError, match="no quarter 1999Q1"):
        call_command("replay", str(folder), quarter="1999Q1", stdout=said)
    with pytest.raises(CommandError, match="no replay has made"):
        call_command("replay", str(folder), brand="xinghe", stdout=said)
    (folder / "orders_small.parquet").unlink()
    with pytest.raises(CommandError, match="holds 0 files"):
        call_command("replay", str(folder), stdout=said)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared files of real invoices are not on this machine")
def test_some_real_invoices_agree_to_the_cent(own_database: None) -> None:
    files = read(SHARED)
    first = sorted({line.invoice for line in files.lines if line.day.year == 2018})[:6]
    some = Files(tuple(line for line in files.lines if line.invoice in first), files.products, files.stores)
    outcome = replay(some, "somereal", quarters_of(some.lines), unwatched)
    assert outcome.agrees
    assert outcome.invoices + len({note.what[:-5] for note in outcome.report.of(Kind.HELD_BACK)}) == 6


def test_an_item_number_too_long_for_a_code_is_written_shorter() -> None:
    assert edition_of("904631") == "904631"
    assert edition_of("1904631")[0] == "Z" and len(edition_of("9999999")) <= 6
    assert edition_of("x904631")[0] == "Y" and len(edition_of("x904631")) == 6
    assert edition_of("x904631") != edition_of("x904632")
