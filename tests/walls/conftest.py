"""The world of the walls with everybody signed in."""

import pytest

import tests.walls.pages  # noqa: F401 - fills the registry
from tests.cast import Cast
from tests.clients import signed_in, visitor
from tests.walls.walking import Walk
from tests.walls.world import World


@pytest.fixture
def walk(cast: Cast, chishui_cast: Cast) -> Walk:
    world = World.build(cast)
    with chishui_cast.portal.inside():
        World.build(chishui_cast)
    clients = {key: signed_in(cast.portal, seat, raise_request_exception=False) for key, seat in cast.seats.items()}
    return Walk(world, clients, visitor(cast.portal, raise_request_exception=False))
