"""A round over all brands is queued with its end: a busy worker does not find a hundred rounds waiting."""

import pytest
from celery import shared_task

from core.db.acts import current_schema
from core.tasks.fanning import in_every_brand
from tests.portals import TestPortal


@shared_task(name="tests.go_round")
def go_round() -> None: ...


def test_every_brand_once_until_the_next_round(
    xinghe: TestPortal, chishui: TestPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[tuple[str, object]] = []
    monkeypatch.setattr(go_round, "apply_async", lambda *, expires: queued.append((current_schema(), expires)))
    in_every_brand(go_round, expires_s=60)
    assert queued == [(schema, 60) for schema in sorted([xinghe.schema, chishui.schema])]
