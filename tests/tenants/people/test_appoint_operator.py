"""The first operators come by the command line, with an account or without one."""

import pytest
from django.core.management import CommandError, call_command

from core.db.acts import public
from core.kernel.operators import Ops
from tenants.people.models import Operator, User
from tenants.people.operator_errors import NameUnproved
from tenants.people.operators import appoint_operator, operator_actor
from tenants.people.rules import account_name
from tenants.people.selectors import person_named
from tests.factories.people import make_person


def test_somebody_with_an_account_is_appointed(db: None) -> None:
    person = make_person("沈系统", email="system@ops.example")
    call_command("appoint_operator", "system@ops.example", "system", "onboarding")
    actor = operator_actor(person.pk)
    assert actor is not None
    assert actor.can(Ops.EDIT_BRANDS)
    assert actor.can(Ops.VERIFY_LICENCES)
    assert not actor.can(Ops.READ_AUDIT)


def test_somebody_new_is_written_down_only_by_name(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("appoint_operator", "new@ops.example", "audit")
    call_command("appoint_operator", "new@ops.example", "audit", name="史审计")
    person = person_named(account_name("new@ops.example"))
    assert person is not None
    with public():
        assert Operator.objects.get(pk=person.pk).roles == ["audit"]


def test_roles_that_must_be_apart_are_refused(db: None) -> None:
    make_person("一人", email="one@ops.example")
    with pytest.raises(CommandError):
        call_command("appoint_operator", "one@ops.example", "system", "security")


def test_a_name_nobody_has_proved_is_nobodys(db: None) -> None:
    make_person("冒名", phone="13912345678", email="chief@ops.example")
    with public():
        User.objects.update(email_proved_at=None)
    with pytest.raises(CommandError, match="proved"):
        call_command("appoint_operator", "chief@ops.example", "system")
    with pytest.raises(CommandError, match="proved"):
        call_command("appoint_operator", "chief@ops.example", "system", name="另一人")
    with pytest.raises(NameUnproved), public():
        person = User.objects.get()
        User.objects.update(phone_proved_at=None)
        appoint_operator(actor=None, person_id=person.pk, roles=["system"], reason="x")
    with public():
        assert not Operator.objects.exists()
