"""New nodes of the channel tree, by ones and by many."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.ledger.models import Party, TradingAccount
from core.events.models import Event
from core.kernel.errors import DomainError, Refusal
from core.vault.services import blind_index, unseal
from dms.dealers import services
from dms.dealers.models import Address, Credential, Dealer
from dms.dealers.selectors import trading_dealer
from dms.dealers.services import CreateDealer, Delivery, Licence
from tests.cast import Cast
from tests.portals import TestPortal

USCC = "91350100M000100Y43"
JY = "JY15308250014109"
TODAY = date(2026, 1, 12)


def _command(code: str = "X1", **changes: object) -> CreateDealer:
    facts = {"name": "泰山酒业", "tier": "CITY", "region_code": "370900", "parent_code": "P1", **changes}
    return CreateDealer(code, **facts)  # type: ignore[arg-type]  # each test names what it changes


def _nothing_changed(cast: Cast) -> bool:
    return Dealer.objects.count() == 5 and Party.objects.count() == 5 and not Event.objects.exists()


def test_hangs_below_its_parent_and_buys_from_the_brand(cast: Cast) -> None:
    dealer = services.create_dealer(actor=cast.admin, command=_command(credit_limit=70_000, terms_days=30))
    assert dealer.path == f"{cast.p1.path}{dealer.pk}/"
    assert (dealer.parent_id, dealer.supplier_id, dealer.status) == (cast.p1.pk, cast.root.pk, "DRAFT")
    account = TradingAccount.objects.get(buyer=dealer.party)
    assert (account.book.seller, account.currency) == (cast.root.party, "CNY")
    assert (account.credit_limit, account.terms_days) == (70_000, 30)


def test_a_terminal_buys_from_its_parent_who_becomes_a_seller(cast: Cast) -> None:
    command = _command(tier="TERMINAL", region_code="370202", parent_code="C2")
    dealer = services.create_dealer(actor=cast.admin, command=command)
    assert dealer.supplier_id == cast.c2.pk
    assert TradingAccount.objects.get(buyer=dealer.party).book.seller == cast.c2.party


def test_seals_phones_and_keeps_papers(cast: Cast) -> None:
    command = _command(
        uscc=USCC.lower(),
        contact_phone="１３８ 0000 8000",
        addresses=(
            Delivery("", "李经理", "0538-1234567", "370902", "泰山路 8 号"),
            Delivery("分仓", "王", "", "", "东岳街 1 号", is_default=True),
        ),
        licences=(Licence("JY", JY[2:], date(2025, 1, 1), date(2026, 1, 12)),),
    )
    dealer = services.create_dealer(actor=cast.admin, command=command)
    assert "138" not in dealer.contact_phone_sealed
    assert unseal(dealer.contact_phone_sealed) == "13800008000"
    assert dealer.contact_phone_index == blind_index("13800008000", "dealers.contact_phone")
    assert set(Credential.objects.filter(dealer=dealer).values_list("type", "number")) == {
        ("BUSINESS", USCC),
        ("JY", JY),
    }
    assert list(
        Address.objects.filter(dealer=dealer).order_by("id").values_list("label", "region_code", "is_default")
    ) == [("分仓", "370900", True), ("李经理", "370902", False)]


def test_may_order_on_the_last_day_of_its_permit_and_not_after(cast: Cast) -> None:
    licences = (Licence("JY", JY, date(2025, 1, 1), TODAY),)
    command = _command(uscc=USCC, licences=licences, activates=True)
    dealer = services.create_dealer(actor=cast.admin, command=command)
    assert trading_dealer(buyer_id=dealer.pk, seller_id=cast.root.pk, day=TODAY).has_licence
    assert not trading_dealer(buyer_id=dealer.pk, seller_id=cast.root.pk, day=date(2026, 1, 13)).has_licence


def test_records_what_happened(cast: Cast) -> None:
    dealer = services.create_dealer(actor=cast.admin, command=_command(contact_phone="13800008000"))
    event = Event.objects.get()
    assert (event.kind, event.aggregate_id, event.seller_id) == ("dms.dealer_created.v1", "X1", cast.root.pk)
    assert event.buyer_id == dealer.pk
    assert "1380000" not in str(event.payload)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"code": "P1"}, "dealers.code_taken", "code"),
        ({"code": "a b"}, "dealers.code_invalid", "code"),
        ({"code": ""}, "dealers.code_invalid", "code"),
        ({"code": "1.2E+05"}, "dealers.number_mangled", "code"),
        ({"name": " "}, "dealers.name_missing", "name"),
        ({"tier": "BRAND"}, "dealers.tier_unknown", "tier"),
        ({"tier": "KING"}, "dealers.tier_unknown", "tier"),
        ({"tier": "PROVINCIAL"}, "dealers.tier_too_high", "tier"),
        ({"parent_code": "T1", "tier": "TERMINAL"}, "dealers.tier_too_high", "tier"),
        ({"parent_code": "NO"}, "dealers.parent_unknown", "parent_code"),
        ({"supplier_code": "NO"}, "dealers.parent_unknown", "supplier_code"),
        ({"region_code": ""}, "dealers.region_missing", "region_code"),
        ({"region_code": "419000"}, "region.unknown", "region_code"),
        ({"channel": "MOON"}, "dealers.channel_unknown", "channel"),
        ({"price_groups": ("G",)}, "dealers.price_group_unknown", "price_groups"),
        ({"labels": ("x" * 21,)}, "dealers.label_invalid", "labels"),
        ({"uscc": "91350100M000100Y4Z"}, "identifier.uscc_format", "uscc"),
        ({"uscc": "91350100M000100Y44"}, "identifier.uscc_check_digit", "uscc"),
        ({"uscc": "9.135E+17"}, "dealers.number_mangled", "uscc"),
        ({"contact_phone": "call me"}, "dealers.phone_invalid", "contact_phone"),
        ({"contact_phone": "1.38E+10"}, "dealers.number_mangled", "contact_phone"),
        ({"credit_limit": -1}, "dealers.limit_invalid", "credit_limit"),
        ({"activates": True}, "dealers.uscc_missing", "uscc"),
        ({"licences": (Licence("JY", "JY15308250014108", TODAY),)}, "identifier.licence_check_digit", "licence"),
        ({"licences": (Licence("JY", JY, TODAY, date(2026, 1, 11)),)}, "dealers.credential_invalid", "licence"),
        ({"addresses": (Delivery("", "", "", "370900", "x"),)}, "dealers.address_invalid", "address"),
    ],
)
def test_refuses(cast: Cast, changes: dict[str, object], code: str, field: str) -> None:
    dealer_code = str(changes.pop("code", "X1"))
    with pytest.raises(DomainError) as refusal:
        services.create_dealer(actor=cast.admin, command=_command(dealer_code, **changes))
    assert [(fault.code, fault.field) for fault in refusal.value.problems()] == [(code, field)]
    assert _nothing_changed(cast)


def test_refuses_a_second_dealer_of_one_firm(cast: Cast) -> None:
    services.create_dealer(actor=cast.admin, command=_command(uscc=USCC))
    with pytest.raises(DomainError) as refusal:
        services.create_dealer(actor=cast.admin, command=_command("X2", uscc=USCC))
    assert (refusal.value.code, refusal.value.fields["dealer"]) == ("dealers.uscc_taken", "X1")
    assert not Dealer.objects.filter(code="X2").exists()


def test_a_spreadsheet_that_ate_zeros_is_told_so(cast: Cast) -> None:
    services.create_dealer(actor=cast.admin, command=_command("00123", tier="CITY"))
    with pytest.raises(DomainError) as refusal:
        services.create_dealer(actor=cast.admin, command=_command("X2", tier="COUNTY", parent_code="123"))
    assert (refusal.value.code, refusal.value.fields) == ("dealers.lost_zeros", {"value": "123", "meant": "00123"})


def test_many_are_created_together_parents_before_children(cast: Cast) -> None:
    commands = [
        _command("X1"),
        _command("X2", tier="COUNTY", parent_code="X1"),
        _command("X3", tier="TERMINAL", parent_code="X2"),
    ]
    dealers = services.create_dealers(actor=cast.admin, commands=commands)
    assert dealers[2].path == f"{dealers[1].path}{dealers[2].pk}/"
    assert dealers[2].supplier_id == dealers[1].pk


def test_one_fault_among_many_and_none_is_created(cast: Cast) -> None:
    commands = [_command("X1"), _command("X1"), _command("X3", uscc="9", region_code="000000")]
    with pytest.raises(Refusal) as refusal:
        services.create_dealers(actor=cast.admin, commands=commands)
    assert {(fault.line, fault.code) for fault in refusal.value.faults} == {
        (2, "dealers.code_taken"),
        (3, "identifier.uscc_format"),
        (3, "region.unknown"),
    }
    assert _nothing_changed(cast)


def test_a_hundred_take_no_more_statements_than_one_but_for_their_events(cast: Cast) -> None:
    def statements(commands: list[CreateDealer]) -> int:
        with CaptureQueriesContext(connection) as queries:
            services.create_dealers(actor=cast.admin, commands=commands)
        return len([q for q in queries if "SAVEPOINT" not in q["sql"] and "events_event" not in q["sql"]])

    assert statements([_command("X0")]) == statements([_command(f"Y{n}") for n in range(100)])


@pytest.mark.parametrize("seat", ["finance", "rep", "admin_c1"])
def test_needs_the_permission(cast: Cast, seat: str) -> None:
    with pytest.raises(DomainError) as refusal:
        services.create_dealer(actor=cast.actor(seat), command=_command())
    assert refusal.value.code == "actor.not_permitted"
    assert _nothing_changed(cast)


def test_a_brand_is_planted_once_with_its_book(chishui: TestPortal) -> None:
    with chishui.inside():
        root = services.create_root(code="ROOT", name="赤水河酒业", region_code="520300", currency="USD")
        assert (root.tier, root.path, root.status) == ("BRAND", f"/{root.pk}/", "ACTIVE")
        assert root.party is not None
        assert [(b.currency, b.seller_id) for b in root.party.books.all()] == [("USD", root.party_id)]
