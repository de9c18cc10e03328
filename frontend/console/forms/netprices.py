"""The question what goods really cost."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.quantity import Unit
from frontend.console.forms.pickers import CodeField, RegionField, offer_codes
from frontend.ui.inputs import WholeField

MOST_QUANTITY = 1_000_000


class NetPriceForm(forms.Form):
    """Which product, how much of it, and where; or for which dealer."""

    sku = CodeField(label=_("Product"), limit=48)
    quantity = WholeField(label=_("Quantity"), low=1, high=MOST_QUANTITY, required=False)
    unit = forms.ChoiceField(
        label=_("Unit"),
        required=False,
        choices=[("", _("as it is sold")), (Unit.CASE.value, _("case")), (Unit.BOTTLE.value, _("bottle"))],
    )
    region = RegionField(label=_("Division"), required=False, with_country=True)
    dealer = CodeField(
        label=_("Dealer"), limit=20, required=False, help_text=_("Leave it empty to compare the tiers in a division.")
    )

    def __init__(
        self,
        *args: Any,
        dealers: Iterable[tuple[str, str]] = (),
        skus: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_codes(self, "dealer", dealers)
        offer_codes(self, "sku", skus)
