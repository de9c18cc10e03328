"""Two people who give the same ground at the same moment: one gets through, and the map never contradicts itself.

The same race against look-then-write without the lock, kept beside it, gives the ground away twice: the race can see
the fault.
"""

from collections import Counter
from datetime import timedelta
from itertools import combinations
from threading import Barrier

from core.kernel import clock
from dms.territories import services
from dms.territories.models import Grant, OutletSupply
from dms.territories.rules import conflict
from dms.territories.selectors.grounds import grounds_of
from dms.territories.services import ChangeGrant, ChangeSupply, GrantTerritory, RenewGrant, SaveZone
from tests.cast import Cast
from tests.conftest import TODAY
from tests.dms.together.conftest import together

MANY = 8


def _exclusive(cast: Cast, dealer: str, region: str) -> str:
    with clock.at(TODAY):
        services.grant(actor=cast.admin, command=GrantTerritory(dealer, region, kind="EXCLUSIVE"))
    return "given"


def _contradictions() -> int:
    rows = list(Grant.objects.select_related("dealer"))
    return sum(conflict(one, other) for one, other in combinations(grounds_of(rows), 2))


def test_the_same_ground_is_given_once(committed: Cast) -> None:
    grounds = [("P1", "370000"), ("C2", "370100"), ("C2", "370000"), ("P1", "370102")]
    answers = together(MANY, lambda number: _exclusive(committed, *grounds[number % len(grounds)]))
    told = Counter(answers)
    assert told["given"] >= 1
    assert set(told) <= {"given", "territories.conflict", "territories.held_already"}
    assert len(set(Grant.objects.filter(kind="EXCLUSIVE").values_list("dealer_id", flat=True))) == 1
    assert _contradictions() == 0


def test_look_then_write_gives_it_twice(committed: Cast) -> None:
    everybody_has_looked = Barrier(2)

    def known_bad(number: int) -> str:
        dealer = (committed.p1, committed.c2)[number]
        is_free = not Grant.objects.filter(kind="EXCLUSIVE", region_code="370000").exists()
        everybody_has_looked.wait(timeout=30)
        if not is_free:
            return "refused"
        Grant.objects.create(
            dealer=dealer, region_code="370000", kind="EXCLUSIVE", valid_from=TODAY.date(), created_at=TODAY
        )
        return "given"

    assert together(2, known_bad) == ["given", "given"]
    assert _contradictions() == 1


def test_a_parent_ends_while_the_child_is_given(committed: Cast) -> None:
    """Either the child came first and the parent's grant stays, or it ended first and the child is refused."""
    with clock.at(TODAY):
        Grant.objects.filter(dealer__in=(committed.p1, committed.c1)).delete()
        above = services.grant(actor=committed.admin, command=GrantTerritory("P1", "370000"))

    def act(number: int) -> str:
        with clock.at(TODAY):
            if number % 2:
                services.grant(actor=committed.admin, command=GrantTerritory("C1", "370100"))
                return "given"
            services.end_grant(actor=committed.admin, grant_id=above.pk, ends_on=TODAY.date() + timedelta(days=30))
            return "ended"

    told = set(together(2, act))
    assert told in ({"given", "territories.held_below"}, {"ended", "territories.outside_parent"})


def test_one_change_or_renewal_of_a_grant_gets_through(committed: Cast) -> None:
    with clock.at(TODAY):
        row = services.grant(
            actor=committed.admin,
            command=GrantTerritory("C2", "370300", valid_to=TODAY.date() + timedelta(days=100)),
        )

    def act(number: int) -> str:
        with clock.at(TODAY):
            if number % 2:
                services.renew_grant(actor=committed.admin, command=RenewGrant(row.pk, None, version=1))
            else:
                day = TODAY.date() + timedelta(days=10)
                services.change_grant(
                    actor=committed.admin, command=ChangeGrant(row.pk, day, kind="EXCLUSIVE", version=1)
                )
            return "done"

    told = Counter(together(MANY, act))
    assert told["done"] == 1
    assert set(told) <= {"done", "conflict.version", "territories.followed_already"}
    assert Grant.objects.filter(follows=row).count() == 1


def test_one_of_many_redraws_a_zone(committed: Cast) -> None:
    with clock.at(TODAY):
        services.save_zone(actor=committed.admin, command=SaveZone("HT", "高新区", ("370302",)))
        services.grant(actor=committed.admin, command=GrantTerritory("C2", zone_code="HT"))
    counties = ("370303", "370304", "370305", "370306")

    def act(number: int) -> str:
        with clock.at(TODAY):
            command = SaveZone("HT", "高新区", (counties[number],), version=1)
            services.save_zone(actor=committed.admin, command=command)
            return "drawn"

    assert Counter(together(4, act)) == {"drawn": 1, "conflict.version": 3}


def test_an_outlet_gets_one_supplier(committed: Cast) -> None:
    with clock.at(TODAY):
        for dealer in ("P1", "C2"):
            services.grant(actor=committed.admin, command=GrantTerritory(dealer, "370102"))

    def act(number: int) -> str:
        with clock.at(TODAY):
            services.change_supply(actor=committed.admin, command=ChangeSupply("T1", ("P1", "C2")[number % 2]))
            return "moved"

    told = Counter(together(MANY, act))
    assert told["moved"] == 1
    assert OutletSupply.objects.filter(begun_at=None).count() == 1
