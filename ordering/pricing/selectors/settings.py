"""The brand's rules for prices."""

from ordering.pricing.models import PricingSettings


def pricing_settings() -> PricingSettings:
    """The one row, or the defaults where nobody has changed them yet. One query."""
    return PricingSettings.objects.first() or PricingSettings()
