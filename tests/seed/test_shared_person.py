"""The buyer who sits in both brands is one person, whichever seed writes them down first."""

from core.project.demo.houses import _register
from core.project.demo.people import DemoPerson
from tests.portals import TestPortal


def test_a_person_written_down_a_moment_ago_by_the_other_seed_is_found(xinghe: TestPortal) -> None:
    one = DemoPerson("刘泉生", "13800138099", "", "dealer_buyer", "SD02")
    assert _register(one).pk == _register(one).pk
