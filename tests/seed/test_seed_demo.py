"""The demo world, small: whole, in every status, made once."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from core.db import sql
from core.db.acts import brand_schema
from core.events.models import Event
from core.kernel import clock
from core.kernel.identifiers import is_valid_licence_number, is_valid_uscc
from core.messages.models import Message
from core.project import soundness
from core.project.demo import marks
from core.project.demo.channel import DEALERS
from core.project.demo.people import PASSWORD
from core.project.demo.seasons import spread, weight
from core.project.demo.seeding import SCALES
from dms.dealers.models import Credential, Dealer
from ordering.orders.models import Order
from tenants.access.models import CustomRole, Delegation, Seat
from tenants.people.rules import account_name
from tenants.people.selectors import person_named

SCHEMAS = ("t_xinghe", "t_chishui")
OF_TODAY = {"dms.credential_recorded.v1", "dms.licence_submitted.v1", "catalogue.sku_pictures_changed.v1"}
"""What lies on a desk today was done today: licences; and pictures, which tell nobody.

The dealer that is suspended is in the full world alone.
"""


@pytest.mark.parametrize("schema", SCHEMAS)
def test_books_stock_tree_and_orders_agree(demo: None, schema: str) -> None:
    with brand_schema(schema):
        assert soundness.faults() == []


def test_there_are_twelve_dealers_and_about_sixty_orders(demo: None) -> None:
    dealers = orders = 0
    for schema in SCHEMAS:
        with brand_schema(schema):
            dealers += Dealer.objects.exclude(tier=Dealer.Tier.BRAND).count()
            orders += Order.objects.exclude(status=Order.Status.DRAFT).count()
    assert dealers == 12
    assert 50 <= orders <= 68


def test_some_orders_are_sold_by_a_dealer(demo: None) -> None:
    with brand_schema("t_xinghe"):
        brand = Dealer.objects.get(tier=Dealer.Tier.BRAND)
        assert Order.objects.exclude(seller=brand).exclude(status=Order.Status.DRAFT).exists()


def test_past_acts_tell_nobody(demo: None) -> None:
    for schema in SCHEMAS:
        with brand_schema(schema):
            assert set(Event.objects.filter(is_past=False).values_list("kind", flat=True)) <= OF_TODAY
            assert Event.objects.filter(is_past=True).count() > 100
            assert not Message.objects.exists()


def test_licences_lie_on_the_desk(demo: None) -> None:
    for schema in SCHEMAS:
        with brand_schema(schema):
            waiting = Credential.objects.filter(check_status="SUBMITTED").get()
            assert (waiting.is_accepted, len(waiting.file_ids), waiting.dealer.organisation_id is None) == (
                False,
                1,
                False,
            )
            assert Event.objects.filter(kind="dms.organisations_used.v1").exists()
    with brand_schema("t_xinghe"):
        ending = Credential.objects.get(dealer__code="SD03", type="JY")
        assert ending.valid_to == clock.business_day() + timedelta(days=20)


def test_a_second_seed_does_nothing(demo: None) -> None:
    said = StringIO()
    call_command("seed_demo", scale="small", one_process=True, stdout=said)
    assert said.getvalue() == "The demo world is there already.\n"


def test_accounts_are_printed_with_a_token(demo: None) -> None:
    said = StringIO()
    call_command("demo_accounts", stdout=said)
    lines = said.getvalue().splitlines()
    assert PASSWORD in said.getvalue()
    assert "jm_" in said.getvalue()
    assert all(len(line) <= 110 for line in lines)
    phones = [word for line in lines for word in line.split() if word.startswith("138001380")]
    assert len(phones) >= 18
    assert all(person_named(account_name(phone)) is not None for phone in phones)
    with brand_schema("t_xinghe"):
        assert Seat.objects.filter(side=Seat.Side.BRAND, is_acting=False).count() == 12


def test_some_seats_see_a_part_and_one_stands_in(demo: None) -> None:
    with brand_schema("t_xinghe"):
        limited = {seat.person_name: seat for seat in Seat.objects.exclude(scope_regions=[], scope_product_lines=[])}
        assert limited["鲁岱宗"].scope_regions == ["370000"]
        assert limited["温清禾"].scope_product_lines == ["QH"]
        role = CustomRole.objects.get()
        assert role.code in limited["温清禾"].roles
        assert Seat.objects.get(person_name="柴望岳").scope_dealer_id == Dealer.objects.get(code="SD02").pk
        delegation = Delegation.objects.get()
        assert (delegation.giver.person_name, delegation.receiver.person_name) == ("石振邦", "鲁岱宗")
        assert delegation.from_at < clock.now() < delegation.until_at


def test_a_seed_that_was_killed_begins_anew(demo: None) -> None:
    sql.execute(f"COMMENT ON SCHEMA t_chishui IS '{marks.Mark.HALF.value}'", {})
    said = StringIO()
    call_command("seed_demo", scale="small", one_process=True, brand=["chishui"], stdout=said)
    assert "begins anew" in said.getvalue()
    assert marks.is_seeded("chishui")
    with brand_schema("t_chishui"):
        assert soundness.faults() == []


def test_a_brand_that_is_not_the_demos_is_left_alone(demo: None) -> None:
    sql.execute("COMMENT ON SCHEMA t_chishui IS ''", {})
    with pytest.raises(marks.SomebodysOwn):
        marks.is_seeded("chishui")
    assert not marks.forget_half_made("chishui")
    sql.execute(f"COMMENT ON SCHEMA t_chishui IS '{marks.Mark.WHOLE.value}'", {})


@pytest.mark.parametrize("slug", ["xinghe", "chishui"])
def test_every_dealer_has_right_numbers(slug: str) -> None:
    dealers = DEALERS[slug]
    assert all(is_valid_uscc(dealer.uscc) for dealer in dealers)
    assert all(is_valid_licence_number(dealer.jy_number, "JY") for dealer in dealers)
    assert len({dealer.uscc for dealer in dealers}) == len(dealers)


def test_orders_are_spread_over_the_days_by_season() -> None:
    days = [date(2026, 7, 1) + timedelta(days=number) for number in range(120)]
    shares = spread(days, 1_000)
    assert sum(shares) == 1_000
    by_day = dict(zip(days, shares, strict=True))
    assert by_day[date(2026, 9, 1)] > by_day[date(2026, 7, 7)]  # before Mid-Autumn, against a July Tuesday
    assert weight(date(2026, 9, 6)) < weight(date(2026, 9, 7))  # Sunday and Monday
    assert SCALES["full"].orders == {"xinghe": 960, "chishui": 560}
