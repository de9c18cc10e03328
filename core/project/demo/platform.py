"""The demo's platform: who runs it, what the directory says of the brands, one announcement. Made once, by verbs."""

from dataclasses import dataclass
from datetime import timedelta

from core.db.acts import public
from core.kernel import clock
from core.kernel.operators import AUDIT, ONBOARDING, SECURITY, SYSTEM
from core.project.demo.people import PASSWORD
from core.vault.services import seal
from tenants.brands.announcements import Publish, publish
from tenants.brands.models import Announcement, Brand
from tenants.brands.services import PublishBrand, publish_brand
from tenants.people.models import User
from tenants.people.operators import appoint_operator, operator_actor
from tenants.people.rules import account_name
from tenants.people.selectors import person_named
from tenants.people.services import register_person

FACTOR_SECRET = "JIUMAIDEMOJIUMAIDEMOJIUMAIDEMO22"
"""The second factor of every demo operator and of ``TWO_STEPS``, for an authenticator app; of no worth elsewhere."""
TWO_STEPS = "auditor@chishui.example"
"""One of a brand's staff who signs in with a code too."""


@dataclass(frozen=True, slots=True)
class DemoOperator:
    """Somebody who runs the demo's platform, in one role."""

    name: str
    email: str
    role: str


OPERATORS = (
    DemoOperator("沈系统", "system@ops.example", SYSTEM),
    DemoOperator("卫安全", "security@ops.example", SECURITY),
    DemoOperator("卫复核", "security2@ops.example", SECURITY),
    DemoOperator("史审计", "audit@ops.example", AUDIT),
    DemoOperator("迎入驻", "onboarding@ops.example", ONBOARDING),
)
LISTED = {
    "xinghe": PublishBrand(
        is_listed=True,
        introduction="汾河谷地清香型白酒，地缸发酵，青花系列供应山东、山西、河北渠道。",
        introduction_en="Light-aroma baijiu from the Fen valley, fermented in buried jars.",
        region_code="140100",
        aromas=("QX",),
    ),
    "chishui": PublishBrand(
        is_listed=True,
        introduction="赤水河畔酱香酒，坤沙工艺，五年陈起，主销贵州、四川、广东。",
        introduction_en="Sauce-aroma baijiu from the Chishui river, aged five years and more.",
        region_code="520300",
        aromas=("JX",),
    ),
}


def seed_platform() -> None:
    """Make what is missing."""
    for one in OPERATORS:
        _operator(one)
    if in_two_steps := person_named(account_name(TWO_STEPS)):
        _give_factor(in_two_steps)
    with public():
        unlisted = set(Brand.objects.filter(is_listed=False).values_list("slug", flat=True))
        is_told = Announcement.objects.exists()
    for slug, command in LISTED.items():
        if slug in unlisted:
            publish_brand(actor=None, command=command, slug=slug)
    if not is_told:
        _announce()


def _operator(one: DemoOperator) -> None:
    person = person_named(account_name(one.email)) or register_person(
        name=one.name, email=one.email, password=PASSWORD, language="zh-hans"
    )
    if operator_actor(person.pk) is None:
        appoint_operator(actor=None, person_id=person.pk, roles=[one.role], reason="演示数据")
    _give_factor(person)


def _give_factor(person: User) -> None:
    """Where there is none: the fixed secret, which no verb would take."""
    with public():
        User.objects.filter(pk=person.pk, totp_confirmed_at__isnull=True).update(
            totp_sealed=seal(FACTOR_SECRET), totp_confirmed_at=clock.now()
        )


def _announce() -> None:
    person = person_named(account_name(OPERATORS[0].email))
    actor = operator_actor(person.pk) if person else None
    if actor is None:
        return
    now = clock.now()
    command = Publish(
        title="演示环境：数据均为虚构",
        title_en="This is a demo: all data is made up",
        body="下单、收货、授信都可以放心试。",
        body_en="Order, receive and set limits as you like.",
        tone="INFO",
        from_at=now,
        until_at=now + timedelta(days=60),
    )
    publish(actor=actor, command=command)
