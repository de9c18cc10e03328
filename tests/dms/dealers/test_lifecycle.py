"""A dealer's life with the brand, its papers and its addresses."""

from datetime import date

import pytest

from billing.ledger import services as ledger
from core.events.models import Event
from core.kernel.errors import DomainError
from dms.dealers import services
from dms.dealers.models import Address, Credential, Dealer
from dms.dealers.rules import TRANSITIONS, Status
from dms.dealers.selectors import papers
from dms.dealers.services import Delivery, Licence, RecordCredential, SaveAddress
from tests.cast import Cast

USCC = "91350100M000100Y43"


def _step(cast: Cast, to: Status, code: str = "C2") -> Dealer:
    if to is Status.ACTIVE:
        return services.activate(actor=cast.admin, code=code)
    verb = services.suspend if to is Status.SUSPENDED else services.close
    return verb(actor=cast.admin, code=code, reason="合同到期")


def _put(cast: Cast, status: str, **fields: object) -> None:
    Dealer.objects.filter(pk=cast.c2.pk).update(status=status, **fields)


def _status(cast: Cast) -> str:
    return Dealer.objects.values_list("status", flat=True).get(pk=cast.c2.pk)


@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("to", [Status.ACTIVE, Status.SUSPENDED, Status.CLOSED])
def test_goes_the_ways_of_the_table_and_no_others(cast: Cast, before: Status, to: Status) -> None:
    _put(cast, before, uscc=USCC)
    if to in TRANSITIONS[before]:
        assert _step(cast, to).status == to
        event = Event.objects.get()
        assert (event.payload["before"], event.payload["after"]) == (before, to)
        assert event.payload["reason"] == ("" if to is Status.ACTIVE else "合同到期")
    else:
        with pytest.raises(DomainError) as refusal:
            _step(cast, to)
        assert refusal.value.code == "dealers.wrong_status"
        assert _status(cast) == before
        assert not Event.objects.exists()


def test_is_activated_with_its_business_licence(cast: Cast) -> None:
    _put(cast, "DRAFT")
    with pytest.raises(DomainError) as refusal:
        _step(cast, Status.ACTIVE)
    assert refusal.value.code == "dealers.uscc_missing"
    licence = Licence("BUSINESS", USCC, date(2026, 1, 1))
    services.record_credential(actor=cast.admin, command=RecordCredential("C2", licence))
    assert _step(cast, Status.ACTIVE).uscc == USCC


def test_is_activated_without_one_where_none_is_asked(cast: Cast) -> None:
    _put(cast, "DRAFT", requires_uscc=False)
    assert _step(cast, Status.ACTIVE).status == "ACTIVE"


@pytest.mark.parametrize("verb", ["suspend", "close"])
def test_asks_for_a_reason(cast: Cast, verb: str) -> None:
    with pytest.raises(DomainError) as refusal:
        getattr(services, verb)(actor=cast.admin, code="C2", reason=" ")
    assert refusal.value.code == "dealers.reason_missing"
    assert _status(cast) == "ACTIVE"


def test_is_not_closed_with_dealers_below(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        _step(cast, Status.CLOSED, "P1")
    assert (refusal.value.code, refusal.value.fields) == ("dealers.has_dealers_below", {"count": 1})


def test_is_not_closed_before_its_account_is_settled(cast: Cast) -> None:
    ledger.pay_in(actor=cast.finance, command=ledger.PayIn(cast.c2.pk, 100, "BANK-1"))
    with pytest.raises(DomainError) as refusal:
        _step(cast, Status.CLOSED)
    assert refusal.value.code == "dealers.account_not_settled"
    assert _status(cast) == "ACTIVE"


def test_the_root_has_no_such_life(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        _step(cast, Status.SUSPENDED, "ROOT")
    assert refusal.value.code == "dealers.wrong_status"


def test_an_unknown_dealer_is_missing(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        services.activate(actor=cast.admin, code="NO")
    assert refusal.value.code == "missing"


@pytest.mark.parametrize(
    ("licence", "code"),
    [
        (Licence("JY", "JY15308250014108", date(2026, 1, 1)), "identifier.licence_check_digit"),
        (Licence("PREPACK", "JY15308250014109", date(2026, 1, 1)), "identifier.licence_kind"),
        (Licence("BUSINESS", "91350100M000100Y4Z", date(2026, 1, 1)), "identifier.uscc_format"),
        (Licence("DRIVING", "1", date(2026, 1, 1)), "dealers.credential_invalid"),
        (Licence("TRADEMARK_AUTH", " ", date(2026, 1, 1)), "dealers.credential_invalid"),
    ],
)
def test_refuses_what_is_no_licence(cast: Cast, licence: Licence, code: str) -> None:
    before = Credential.objects.count()
    with pytest.raises(DomainError) as refusal:
        services.record_credential(actor=cast.admin, command=RecordCredential("C2", licence))
    assert refusal.value.code == code
    assert Credential.objects.count() == before


def test_a_licence_recorded_again_has_new_days(cast: Cast) -> None:
    for end in (date(2026, 6, 1), date(2027, 6, 1)):
        licence = Licence("JY", "JY15308250014109", date(2026, 1, 1), end)
        services.record_credential(actor=cast.admin, command=RecordCredential("C2", licence))
    assert Credential.objects.get(number="JY15308250014109").valid_to == date(2027, 6, 1)


def _address(line: str = "新街 1 号", *, is_default: bool = False, phone: str = "13900001111") -> Delivery:
    return Delivery("新仓", "孙店长", phone, "370202", line, is_default)


def test_a_dealers_administrator_saves_its_own_addresses(cast: Cast) -> None:
    saved = services.save_address(actor=cast.admin_c1, command=SaveAddress("C1", _address(is_default=True)))
    assert saved.is_default
    assert list(Address.objects.filter(dealer=cast.c1, is_default=True)) == [saved]
    changed = SaveAddress("C1", _address("新街 2 号"), address_id=saved.pk)
    services.save_address(actor=cast.admin_c1, command=changed)
    assert Address.objects.get(pk=saved.pk).line == "新街 2 号"
    assert Address.objects.filter(dealer=cast.c1, is_default=True).count() == 1
    shown = {address.pk: phone for address, phone in papers(cast.admin_c1, "C1").addresses}
    assert shown[saved.pk] == "139****1111"


def test_another_dealers_addresses_are_missing(cast: Cast) -> None:
    before = list(Address.objects.values_list("pk", "line"))
    own = Address.objects.get(dealer=cast.c2)
    for command in (SaveAddress("C2", _address()), SaveAddress("C1", _address(), address_id=own.pk)):
        with pytest.raises(DomainError) as refusal:
            services.save_address(actor=cast.admin_c1, command=command)
        assert refusal.value.code == "missing"
    assert list(Address.objects.values_list("pk", "line")) == before
