"""With Redis away an order is still accepted, and its event is heard once Redis is back."""

import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from core.events.models import Delivery, Event
from core.messages.models import Message
from tests.flows.world import room, until
from tests.live import ROOT, LiveProduct, redis_url


def what_beat_does_every_five_minutes(product: LiveProduct) -> None:
    command = [sys.executable, "-m", "tests.flows.in_the_product", "queue", "core.events.tasks.sweep"]
    subprocess.run(command, cwd=ROOT, env=product.environment, check=True)


pytestmark = pytest.mark.flows


def test_an_order_is_accepted_and_heard_of_later(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> None:
    nowhere = f"unix://{tmp_path}/no-redis.sock?db=0"
    with django_db_blocker.unblock(), room("redis", tmp_path, redis=nowhere) as world:
        line = {"sku": world.cast.skus[1].code, "unit": "CASE", "quantity": 1}
        placed = [world.post("buyer_c1", "/api/v1/orders", {"lines": [line]}) for _ in range(3)]
        assert [reply.status for reply in placed] == [201, 201, 201]
        assert Event.objects.filter(kind="ordering.order_placed.v1").count() == 3
        assert Delivery.objects.count() == 3
        assert not Message.objects.exists()
        world.product.environment["REDIS_URL"] = redis_url()
        world.product.start_worker()
        what_beat_does_every_five_minutes(world.product)
        assert until(lambda: not Delivery.objects.exists()), (tmp_path / "worker.log").read_text()[-2000:]
        assert until(lambda: Message.objects.filter(template="orders.waits").count() >= 3)
        world.assert_whole()
