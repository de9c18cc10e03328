"""Clients of the storefront: people of the cast, signed in on the brand's host."""

from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.clients import HostClient, signed_in

Opens = Callable[[str], HostClient]


@pytest.fixture
def as_(cast: Cast) -> Opens:
    """``as_("buyer_c1")`` is that person's browser."""
    return lambda key: signed_in(cast.portal, cast.seats[key])


@pytest.fixture
def buyer(as_: Opens) -> HostClient:
    """The buyer of C1 (泉城名酒)."""
    return as_("buyer_c1")
