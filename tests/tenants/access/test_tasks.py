"""The daily task: it visits every brand's schema."""

import pytest
from django.conf import settings

from core.db.acts import current_schema
from tenants.access import services, tasks
from tests.portals import TestPortal


def test_every_brand_is_visited(xinghe: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    visited: list[str] = []
    monkeypatch.setattr(services, "warn_of_ending_tokens", lambda: visited.append(current_schema()))
    monkeypatch.setattr(tasks.warn_here, "delay", tasks.warn_here.run)
    tasks.warn_of_ending_tokens()
    assert {"t_xinghe", "t_chishui"} <= set(visited)
    assert settings.CELERY_BEAT_SCHEDULE["tokens-ending"]["task"] == tasks.warn_of_ending_tokens.name
