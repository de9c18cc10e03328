"""What the platform tells its portals: to whom, when, without a statement, and put away by whoever has read it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.db.acts import act
from core.kernel import clock
from core.kernel.errors import DomainError, NotPermitted
from tenants.brands.announcements import Publish, banners, publish, withdraw
from tenants.brands.hosts import brand_in
from tenants.brands.models import Announcement
from tests.cast import Cast
from tests.factories.operators import make_operator
from tests.portals import XINGHE


def told(**changes: object) -> Publish:
    """An announcement of a week to everybody, with changes."""
    now = clock.now()
    words: dict[str, object] = {
        "title": "今晚升级",
        "title_en": "Upgrade tonight",
        "body": "零点起，十分钟。",
        "body_en": "",
        "tone": "WARNING",
        "from_at": now,
        "until_at": now + timedelta(days=7),
    }
    return Publish(**{**words, **changes})  # type: ignore[arg-type]  # the tests' own words


def titles(side: str, slug: str = "xinghe", language: str = "zh-hans", seen: tuple[str, ...] = ()) -> list[str]:
    """What a page of the brand shows this side."""
    facts = brand_in(f"t_{slug}")
    assert facts is not None
    found = banners(brand_id=facts.public_id, side=side, language=language, seen=seen)
    return [one.title for one in found]


@pytest.fixture
def tell(cast: Cast, django_capture_on_commit_callbacks: Any) -> Callable[..., Announcement]:
    """Publish it, and let what follows the commit happen."""

    def publish_now(**changes: object) -> Announcement:
        with django_capture_on_commit_callbacks(execute=True):
            return publish(actor=make_operator("沈系统", "system"), command=told(**changes))

    return publish_now


def test_everybody_reads_it_in_their_language_until_it_is_withdrawn(
    tell: Callable[..., Announcement], django_capture_on_commit_callbacks: Any
) -> None:
    found = tell()
    assert titles("brand") == titles("dealer", "chishui") == ["今晚升级"]
    assert titles("dealer", language="en") == ["Upgrade tonight"]
    assert titles("dealer", seen=(str(found.pk),)) == []
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(actor=make_operator("沈系统", "system"), announcement_id=found.pk, reason="已完成")
    assert titles("brand") == []


def test_it_is_for_the_brands_and_the_side_it_names(tell: Callable[..., Announcement]) -> None:
    tell(slugs=("chishui",), sides="dealer")
    assert titles("dealer", "chishui") == ["今晚升级"]
    assert titles("brand", "chishui") == titles("dealer", "xinghe") == []


def test_it_is_seen_from_its_beginning_to_its_end(tell: Callable[..., Announcement]) -> None:
    now = clock.now()
    tell(from_at=now + timedelta(days=1))
    assert titles("brand") == []
    with clock.at(now + timedelta(days=2)):
        assert titles("brand") == ["今晚升级"]
    with clock.at(now + timedelta(days=7)):
        assert titles("brand") == []


@pytest.mark.parametrize(
    "changes",
    [{"title": " "}, {"title_en": ""}, {"until_at": clock.now() - timedelta(days=9)}, {"slugs": ("nobody",)}],
)
def test_half_an_announcement_is_refused(cast: Cast, changes: dict[str, object]) -> None:
    with pytest.raises(DomainError):
        publish(actor=make_operator("沈系统", "system"), command=told(**changes))


def test_only_who_may_announces(cast: Cast) -> None:
    for actor in (make_operator("史审计", "audit"), cast.admin):
        with pytest.raises(NotPermitted):
            publish(actor=actor, command=told())


def test_a_page_shows_it_without_a_statement_and_puts_it_away(cast: Cast, tell: Callable[..., Announcement]) -> None:
    client = cast.client(cast.buyer_c1)
    tell()
    page = client.get("/orders/")
    assert "今晚升级" in page.content.decode()
    assert titles("dealer") == ["今晚升级"]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert titles("dealer") == ["今晚升级"]
    assert len(captured) == 0
    found = page.content.decode().partition("/announcements/")[2].partition("/")[0]
    answer = client.post(f"/announcements/{found}/dismissal/", {"next": "/orders/"})
    assert (answer.status_code, answer["Location"]) == (302, "/orders/")
    assert "今晚升级" not in client.get("/orders/").content.decode()
    elsewhere = client.post(f"/announcements/{found}/dismissal/", {"next": "//evil.example/"})
    assert elsewhere["Location"] == "/"


def test_nothing_is_read_over_the_wall_inside_an_act(tell: Callable[..., Announcement]) -> None:
    tell()
    assert titles("dealer") == ["今晚升级"]
    caches["near"].clear()
    caches["shared"].delete("announcements")
    with XINGHE.inside(), act():
        assert titles("dealer") == []
