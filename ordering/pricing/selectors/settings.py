"""The brand's rules for prices."""

from core.kernel.actor import Actor
from ordering.pricing.models import PricingSettings


def pricing_settings() -> PricingSettings:
    """The one row, or the defaults where nobody has changed them yet. One query."""
    return PricingSettings.objects.first() or PricingSettings()


def changes_by_rounds(actor: Actor) -> bool:
    """Whether the actor's prices change by approved rounds only; a dealer sets its own as ever. One query at most."""
    return actor.is_brand_staff and pricing_settings().changes_need_approval
