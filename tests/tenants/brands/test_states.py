"""A portal is closed with a reason, by whoever may, and every process follows."""

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.db.acts import public
from core.events.models import Event
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted
from core.kernel.operators import AUDIT, ONBOARDING, SYSTEM
from tenants.brands import hosts
from tenants.brands.errors import BadBrand, ReasonMissing, WrongState
from tenants.brands.events import BRAND_STATE_CHANGED
from tenants.brands.hosts import brand_at
from tenants.brands.models import Brand
from tenants.brands.rules import STATES, check_move
from tenants.brands.services import (
    PublishBrand,
    begin_deletion,
    make_read_only,
    publish_brand,
    require_second_factor,
    resume,
    suspend,
)
from tests.cast import Cast
from tests.clients import visitor
from tests.factories.operators import make_operator
from tests.portals import TestPortal

Capture = DjangoCaptureOnCommitCallbacks


@pytest.fixture
def operator(db: None) -> Actor:
    return make_operator("运维甲", SYSTEM)


def state_of(slug: str) -> tuple[str, str]:
    with public():
        brand = Brand.objects.get(slug=slug)
    return brand.state, brand.state_reason


def test_the_reason_is_kept_shown_and_forgotten(
    operator: Actor, xinghe: TestPortal, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        suspend(actor=operator, slug="xinghe", reason="  年费未缴  ")
    assert state_of("xinghe") == ("SUSPENDED", "年费未缴")
    page = visitor(xinghe).get("/")
    assert page.status_code == 503
    assert "原因：年费未缴" in page.content.decode()
    with public():
        event = Event.objects.filter(kind=BRAND_STATE_CHANGED).latest("at")
    assert (event.payload["reason"], event.person_id) == ("年费未缴", operator.person_id)
    with django_capture_on_commit_callbacks(execute=True):
        make_read_only(actor=operator, slug="xinghe", reason="对账")
    assert state_of("xinghe") == ("READ_ONLY", "对账")
    with django_capture_on_commit_callbacks(execute=True):
        resume(actor=operator, slug="xinghe")
    assert state_of("xinghe") == ("ACTIVE", "")
    assert visitor(xinghe).get("/").status_code != 503


@pytest.mark.parametrize(
    ("state", "words"), [("PROVISIONING", "正在开通"), ("DELETING", "已停止使用本平台"), ("SUSPENDED", "已暂停订货")]
)
def test_a_closed_portal_says_what_it_is(xinghe: TestPortal, client: Client, state: str, words: str) -> None:
    with public():
        Brand.objects.filter(slug="xinghe").update(state=state)
    page = visitor(xinghe).get("/")
    assert page.status_code == 503
    assert words in page.content.decode()
    problem = visitor(xinghe).get("/api/v1/orders")
    assert problem.status_code == 503


def test_who_closes_says_why(operator: Actor) -> None:
    for verb in (suspend, make_read_only, begin_deletion):
        with pytest.raises(ReasonMissing):
            verb(actor=operator, slug="xinghe", reason="  ")
    assert state_of("xinghe") == ("ACTIVE", "")


def test_only_operators_with_the_right_close_portals(cast: Cast) -> None:
    for actor in (cast.actor("admin"), make_operator("审计员", AUDIT)):
        for verb in (suspend, make_read_only, begin_deletion):
            with pytest.raises(NotPermitted):
                verb(actor=actor, slug="xinghe", reason="因为")
        with pytest.raises(NotPermitted):
            resume(actor=actor, slug="xinghe")
    onboarding = make_operator("入驻专员", ONBOARDING)
    suspend(actor=onboarding, slug="xinghe", reason="资料不全")
    with pytest.raises(NotPermitted):
        begin_deletion(actor=onboarding, slug="xinghe", reason="资料不全")


def test_no_brand_no_state(operator: Actor) -> None:
    with pytest.raises(Missing):
        suspend(actor=operator, slug="nobody", reason="因为")


@pytest.mark.parametrize("before", sorted(STATES))
@pytest.mark.parametrize("after", sorted(STATES))
def test_the_table_of_states_is_kept(before: str, after: str) -> None:
    if after in STATES[before]:
        check_move(before, after)
    else:
        with pytest.raises(WrongState):
            check_move(before, after)
    assert "PROVISIONING" not in STATES[before]


def test_the_administrator_asks_staff_for_a_second_factor(
    cast: Cast, operator: Actor, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        require_second_factor(actor=cast.actor("admin"), on=True)
    facts = brand_at("xinghe.jiumai.localhost")
    assert facts is not None
    assert facts.requires_second_factor
    with django_capture_on_commit_callbacks(execute=True):
        require_second_factor(actor=operator, on=False, slug="xinghe", reason="手机换了")
    facts = brand_at("xinghe.jiumai.localhost")
    assert facts is not None
    assert not facts.requires_second_factor
    with pytest.raises(NotPermitted):
        require_second_factor(actor=cast.actor("rep"), on=False)
    with pytest.raises(ReasonMissing):
        require_second_factor(actor=operator, on=False, slug="xinghe")


def test_the_directory_says_what_the_brand_says(cast: Cast) -> None:
    admin = cast.actor("admin")
    command = PublishBrand(True, "清香型白酒", "Light aroma", "140100", ("QX", "QX"))
    brand = publish_brand(actor=admin, command=command)
    assert (brand.is_listed, brand.region_code, brand.aromas) == (True, "140100", ["QX"])
    with pytest.raises(BadBrand):
        publish_brand(actor=admin, command=PublishBrand(True))
    with pytest.raises(NotPermitted):
        publish_brand(actor=cast.actor("admin_c1"), command=command)


def test_what_is_told_is_what_stands(cast: Cast) -> None:
    """A verb that tells late, with the row as it held it, does not undo what came after it."""
    with public():
        held = Brand.objects.get(slug="xinghe")
        Brand.objects.filter(pk=held.pk).update(state=Brand.State.SUSPENDED)
    hosts.tell(held)
    facts = brand_at("xinghe.jiumai.localhost")
    assert facts is not None
    assert not facts.is_open
