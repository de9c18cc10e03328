"""What tests of the map ask for: a verb with few words, and an empty map."""

from collections.abc import Callable
from datetime import date

import pytest

from dms.territories import services
from dms.territories.models import Grant
from dms.territories.services import GrantTerritory, SaveZone
from tests.cast import Cast

TODAY = date(2026, 1, 12)
Gives = Callable[..., Grant]
HIGH_TECH = ("370102", "370112")
"""The zone HT: 历下 and 历城 of 济南."""


@pytest.fixture
def give(cast: Cast) -> Gives:
    """``give("C2", "370200", kind="EXCLUSIVE")`` on a map nobody holds anything of yet."""
    Grant.objects.all().delete()

    def given(dealer: str = "C2", region: str = "370200", **facts: object) -> Grant:
        command = GrantTerritory(dealer, region, **facts)  # type: ignore[arg-type]  # each test names what it wants
        return services.grant(actor=cast.admin, command=command)

    return given


@pytest.fixture
def high_tech(cast: Cast) -> str:
    """The code of a zone across two districts."""
    services.save_zone(actor=cast.admin, command=SaveZone("HT", "济南高新区", HIGH_TECH))
    return "HT"
