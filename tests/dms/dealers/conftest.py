"""After every test of the channel tree it is sound, and so are the books."""

from collections.abc import Iterator

import pytest

from billing.ledger.selectors import check_books
from dms.dealers.selectors import check_tree
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _sound(cast: Cast) -> Iterator[None]:
    yield
    assert check_tree() == []
    assert check_books() == []
