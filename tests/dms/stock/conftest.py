"""After every test of stock it is sound."""

from collections.abc import Iterator

import pytest

from dms.stock.selectors import check_stock
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _sound_stock(cast: Cast) -> Iterator[None]:
    yield
    assert check_stock() == []
