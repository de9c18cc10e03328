"""Changing the brand's rules for prices."""

from dataclasses import asdict, dataclass

from core.db.acts import act
from core.db.locks import Rank, note_rank
from core.events import services as events
from core.kernel.actor import Actor
from core.kernel.errors import NotPermitted, VersionConflict
from ordering.pricing.errors import ChoiceUnknown
from ordering.pricing.events import SETTINGS_CHANGED
from ordering.pricing.models import PricingSettings
from ordering.pricing.permissions import Permission


@dataclass(frozen=True, slots=True)
class ChangePricingSettings:
    """What to change (None: as it is). ``version``: the one the form was opened with; None does not ask."""

    choice: str | None = None
    changes_need_approval: bool | None = None
    floor_includes_rebate: bool | None = None
    version: int | None = None


def change_pricing_settings(*, actor: Actor, command: ChangePricingSettings) -> PricingSettings:
    """Change the one row; records ``SETTINGS_CHANGED``, before and after. Orders placed keep what they were priced by.

    One for the whole house. Raises ``ChoiceUnknown``, ``VersionConflict``; a limited seat ``OutOfScope``.
    """
    actor.require(Permission.SETTINGS)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.SETTINGS)
    actor.require_unlimited()
    if command.choice is not None and command.choice not in PricingSettings.Choice.values:
        raise ChoiceUnknown(field="choice", value=command.choice[:20])
    wanted = {name: value for name, value in asdict(command).items() if value is not None and name != "version"}
    with act():
        note_rank(Rank.ORDER)
        PricingSettings.objects.bulk_create([PricingSettings()], ignore_conflicts=True)  # the defaults rule until then
        settings = PricingSettings.objects.select_for_update().get()
        if command.version is not None and command.version != settings.version:
            raise VersionConflict(version=settings.version)
        changes = {name: value for name, value in wanted.items() if getattr(settings, name) != value}
        if not changes:
            return settings
        before = {name: getattr(settings, name) for name in changes}
        for name, value in changes.items():
            setattr(settings, name, value)
        settings.version += 1
        settings.save(update_fields=[*changes, "version"])
        events.record(
            kind=SETTINGS_CHANGED,
            aggregate_type="pricing_settings",
            aggregate_id="1",
            version=settings.version,
            actor=actor,
            payload={"before": before, "after": changes},
            seller_id=actor.dealer_id,
        )
    return settings
