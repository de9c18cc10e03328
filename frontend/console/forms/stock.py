"""Adjusting and transferring stock, opening a warehouse."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.db.naming import called
from core.kernel.text import normalised
from dms.stock.models import Warehouse
from dms.stock.services import OpenCount, OpenWarehouse
from frontend.console.forms.pickers import CodeField, RegionField, offer_codes
from frontend.ui.inputs import WholeField, text_field
from frontend.ui.vocabulary import term

KINDS = ("FACTORY", "CLOUD", "FRONT", "TRANSIT", "CUSTODY", "DEFECT")


class QuantityForm(forms.Form):
    """One product and how much of it, in cases and bottles."""

    sku_code = CodeField(label=_("Product"), limit=48, help_text=_("Its code or name."))
    cases = WholeField(label=_("Cases"), required=False, high=1_000_000)
    bottles = WholeField(label=_("Bottles"), required=False, high=10_000_000)
    batch = text_field(_("Batch"), limit=30)

    def __init__(self, *args: Any, skus: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_codes(self, "sku_code", skus)

    def total(self, bottles_per_case: int) -> int:
        """Bottles in all."""
        said = self.cleaned_data
        return (said["cases"] or 0) * bottles_per_case + (said["bottles"] or 0)


class AdjustForm(QuantityForm):
    """More or less of one product in one warehouse, and why."""

    warehouse = forms.ChoiceField(label=_("Warehouse"))
    sign = forms.ChoiceField(
        label=pgettext_lazy("stock adjustment", "Kind"),
        choices=(("-", _("Less: broken, lost, given away")), ("+", _("More: found, returned"))),
        widget=forms.RadioSelect,
        initial="-",
    )
    reason = text_field(_("Reason"), limit=200)
    field_order = ("warehouse", "sku_code", "sign", "cases", "bottles", "batch", "reason")

    def __init__(self, *args: Any, warehouses: Iterable[Warehouse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_warehouses(self, "warehouse", warehouses)


class CountForm(forms.Form):
    """A count of a warehouse: everything that lies there, or the products named."""

    warehouse = forms.ChoiceField(label=_("Warehouse"))
    sku_codes = forms.CharField(
        label=_("Only these products"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Codes, one a line. Leave it empty to count everything that lies there."),
    )
    note = text_field(_("Note"), limit=200)

    def __init__(self, *args: Any, warehouses: Iterable[Warehouse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_warehouses(self, "warehouse", warehouses)

    def command(self) -> OpenCount:
        """What is asked of stock."""
        said = self.cleaned_data
        codes = tuple(word for word in normalised(said["sku_codes"].replace("\n", " ")).split(" ") if word)
        return OpenCount(said["warehouse"], codes, said["note"])


class WarehouseForm(forms.Form):
    """A new warehouse of the brand."""

    code = text_field(_("Warehouse code"), limit=20, required=True)
    name = text_field(_("Name"), limit=80, required=True)
    name_en = text_field(_("English name"), limit=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=lambda: [(code, term("warehouse", code)) for code in KINDS])
    region_code = RegionField()
    priority = WholeField(
        label=_("Priority"), required=False, high=10_000, help_text=_("The lower, the sooner goods are taken from it.")
    )

    def command(self) -> OpenWarehouse:
        """What is asked of stock."""
        said = dict(self.cleaned_data)
        return OpenWarehouse(**{**said, "priority": 100 if said["priority"] is None else said["priority"]})


def offer_warehouses(form: forms.Form, name: str, warehouses: Iterable[Warehouse]) -> None:
    """Let the form choose among ``warehouses`` that are open."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = [(one.code, f"{called(one)} · {one.code}") for one in warehouses if one.is_active]
