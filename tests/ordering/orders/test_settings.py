"""change_settings: the brand's rules for orders, changed within bounds and told."""

import pytest

from core.events.models import Event
from core.kernel.errors import NotPermitted
from ordering.orders.selectors import ordering_settings
from ordering.orders.services import ChangeSettings, change_settings
from tests.cast import Cast
from tests.ordering.watching import refused


def test_a_new_schema_has_its_settings(cast: Cast) -> None:
    settings = ordering_settings()
    assert (settings.approval_hours, settings.auto_approve_up_to, settings.tax_rate_bp) == (72, 0, 1300)
    assert settings.serial is None


def test_a_change_is_written_and_told(cast: Cast) -> None:
    change_settings(actor=cast.admin, command=ChangeSettings(approval_hours=24, requires_grant=False, version=1))
    settings = ordering_settings()
    assert (settings.approval_hours, settings.requires_grant, settings.version) == (24, False, 2)
    payload = Event.objects.get(kind="ordering.settings_changed.v1").payload
    assert payload == {
        "before": {"approval_hours": 72, "requires_grant": True},
        "after": {"approval_hours": 24, "requires_grant": False},
    }


def test_the_same_again_changes_nothing(cast: Cast) -> None:
    change_settings(actor=cast.admin, command=ChangeSettings(approval_hours=72))
    assert ordering_settings().version == 1
    assert not Event.objects.exists()


def test_refuses_what_is_out_of_bounds_stale_or_not_ones_own(cast: Cast) -> None:
    with refused("ordering.settings"):
        change_settings(actor=cast.admin, command=ChangeSettings(approval_hours=0))
    with refused("ordering.settings"):
        change_settings(actor=cast.admin, command=ChangeSettings(minimum_amount=-1))
    with refused("conflict.version"):
        change_settings(actor=cast.admin, command=ChangeSettings(approval_hours=2, version=9))
    for key in ("sales_admin", "admin_c1"):
        with pytest.raises(NotPermitted):
            change_settings(actor=cast.actor(key), command=ChangeSettings(approval_hours=2))
