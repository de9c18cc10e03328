"""Changing the brand's rules for orders."""

from dataclasses import asdict, dataclass

from core.db.acts import act
from core.db.locks import Rank, locked
from core.events import services as events
from core.kernel.actor import Actor
from core.kernel.errors import Field, NotPermitted, VersionConflict
from core.kernel.money import MAX_MINOR
from ordering.orders.errors import SettingsInvalid
from ordering.orders.events import SETTINGS_CHANGED
from ordering.orders.models import OrderingSettings
from ordering.orders.permissions import Permission

MOST_HOURS = 24 * 30
MOST_TAX_BP = 5_000


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """What to change (None: as it is). Amounts in minor units, ``tax_rate_bp`` 1300 = 13 %."""

    approval_hours: int | None = None
    minimum_amount: int | None = None
    auto_approve_up_to: int | None = None
    tax_rate_bp: int | None = None
    requires_licence: bool | None = None
    requires_grant: bool | None = None
    shows_prices_on_notes: bool | None = None
    version: int | None = None


_BOUNDS = {
    "approval_hours": (1, MOST_HOURS),
    "minimum_amount": (0, MAX_MINOR),
    "auto_approve_up_to": (0, MAX_MINOR),
    "tax_rate_bp": (0, MOST_TAX_BP),
}


def change_settings(*, actor: Actor, command: ChangeSettings) -> OrderingSettings:
    """Change the one row; records ``SETTINGS_CHANGED``, before and after. Raises SettingsInvalid, VersionConflict.

    One for the whole house: a limited seat is refused as ``OutOfScope``.
    """
    actor.require(Permission.SETTINGS)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.SETTINGS)
    actor.require_unlimited()
    wanted = {name: value for name, value in asdict(command).items() if value is not None and name != "version"}
    for name, (least, most) in _BOUNDS.items():
        if name in wanted and not least <= wanted[name] <= most:
            raise SettingsInvalid(field=name, least=least, most=most)
    with act():
        (settings,) = locked(OrderingSettings.objects.filter(pk=1), Rank.ORDER)
        if command.version is not None and command.version != settings.version:
            raise VersionConflict(version=settings.version)
        changes = {name: value for name, value in wanted.items() if getattr(settings, name) != value}
        if not changes:
            return settings
        payload: dict[str, Field | dict[str, Field]] = {"before": {name: getattr(settings, name) for name in changes}}
        for name, value in changes.items():
            setattr(settings, name, value)
        settings.version += 1
        settings.save(update_fields=[*changes, "version"])
        events.record(
            kind=SETTINGS_CHANGED,
            aggregate_type="ordering_settings",
            aggregate_id="1",
            version=settings.version,
            actor=actor,
            payload={**payload, "after": changes},
            seller_id=actor.dealer_id,
        )
    return settings


def keep_days_of(time_zone: str) -> None:
    """Let the rules of a brand that is being opened count days where the brand is (IANA name). May be repeated."""
    with act():
        OrderingSettings.objects.filter(pk=1).update(time_zone=time_zone)
