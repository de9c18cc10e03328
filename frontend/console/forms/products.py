"""Families, SKUs, producers and product lines as forms."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.catalogue.models import Producer, ProductLine, Sku, Spu
from core.catalogue.rules import Aroma
from core.catalogue.services.commands import SaveLine, SaveProducer, SaveSku, SaveSpu
from core.db.naming import called
from frontend.console.forms.pickers import RegionField
from frontend.ui.inputs import DayField, TenthsField, WholeField, text_field
from frontend.ui.vocabulary import term

CATEGORIES = (
    ("BAIJIU", pgettext_lazy("category", "Baijiu")),
    ("SPIRIT", pgettext_lazy("category", "Other spirits")),
    ("OTHER", pgettext_lazy("category", "Other goods")),
)
PACKAGINGS = (
    ("BOX", pgettext_lazy("packaging", "Boxed bottle")),
    ("BARE", pgettext_lazy("packaging", "Bare bottle")),
    ("GIFT", pgettext_lazy("packaging", "Gift box")),
    ("JAR", pgettext_lazy("packaging", "Jar")),
)
AGE_BASES = (
    ("NONE", pgettext_lazy("age basis", "No statement of age")),
    ("NAME", pgettext_lazy("age basis", "The number is part of the name")),
    ("BLEND", pgettext_lazy("age basis", "Age of the blend")),
    ("BOTTLE_AGED", pgettext_lazy("age basis", "Aged in the bottle")),
)
PROCESSES = (
    ("", "—"),
    ("固态法", pgettext_lazy("process", "Solid-state method")),
    ("固液法", pgettext_lazy("process", "Solid-liquid method")),
    ("液态法", pgettext_lazy("process", "Liquid-state method")),
)
GRADES = (("", "—"), ("优级", pgettext_lazy("grade", "Superior")), ("一级", pgettext_lazy("grade", "First")))


def aromas() -> list[tuple[str, str]]:
    """Every aroma type by its word."""
    return [(aroma.value, term("aroma", aroma.value)) for aroma in Aroma]


class FamilyForm(forms.Form):
    """A product before pack and strength (SPU)."""

    code = text_field(_("Family code"), limit=40, required=True, help_text=_("Capital letters, digits and hyphens."))
    name = text_field(_("Name"), limit=120, required=True)
    name_en = text_field(_("English name"), limit=120)
    line_code = forms.ChoiceField(label=_("Product line"))
    producer_name = forms.ChoiceField(label=_("Producer"), required=False)
    category = forms.ChoiceField(label=_("Category"), choices=CATEGORIES)
    aroma = forms.ChoiceField(label=_("Aroma type"), choices=aromas)
    process = forms.ChoiceField(label=_("Process"), choices=PROCESSES, required=False)
    grade = forms.ChoiceField(label=_("Grade"), choices=GRADES, required=False)
    exec_standard = text_field(
        _("Product standard"), limit=40, help_text=_("As on the label, for example GB/T 10781.2.")
    )
    age_basis = forms.ChoiceField(label=_("What the age means"), choices=AGE_BASES)
    packaging = forms.ChoiceField(label=_("Packaging"), choices=PACKAGINGS)
    raw_materials = text_field(_("Ingredients"), limit=200)
    description = text_field(_("Description for dealers"), limit=4000, rows=4)

    def __init__(self, *args: Any, lines: Iterable[ProductLine], producers: Iterable[Producer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "line_code", [(line.code, called(line)) for line in lines])
        _offer(self, "producer_name", [("", "—"), *((one.name, one.name) for one in producers)])

    @staticmethod
    def of(family: Spu) -> dict[str, Any]:
        """The form's values for a family that exists."""
        said = {name: getattr(family, name) for name in FamilyForm.base_fields if hasattr(family, name)}
        return {
            **said,
            "line_code": family.product_line.code,
            "producer_name": family.producer.name if family.producer else "",
        }

    def command(self) -> SaveSpu:
        """What is asked of the catalogue."""
        return SaveSpu(**self.cleaned_data)


class SkuForm(forms.Form):
    """One strength, bottle, pack and edition of a family."""

    code = text_field(
        _("Product code"),
        limit=48,
        required=True,
        help_text=_("BRAND-AROMA-ABV-ML-AGE-PACK, e.g. FJ-QX-530-0500-Y20-06."),
    )
    spu_code = forms.ChoiceField(label=_("Family"))
    name = text_field(_("Name"), limit=160, required=True)
    name_en = text_field(_("English name"), limit=160)
    abv_tenths = TenthsField(label=_("Strength"))
    volume_ml = WholeField(label=_("Bottle"), low=0, high=99_999)
    bottles_per_case = WholeField(label=_("Bottles a case"), high=9_999)
    inner_pack = WholeField(label=_("Bottles a gift box"), required=False, high=9_999)
    age_code = text_field(
        _("Age code"), limit=5, help_text=_("NV for none, Y10 for ten years, B2018 for a bottling year.")
    )
    edition = text_field(_("Edition"), limit=6)
    gtin13 = text_field(_("Bottle barcode"), limit=20, help_text=_("13 digits; the check digit is verified."))
    gtin14 = text_field(_("Case barcode"), limit=20, help_text=_("14 digits; left empty there is none."))
    sells_in = forms.ChoiceField(label=_("Sold by"))
    order_multiple = WholeField(label=_("Ordered in multiples of"), required=False, high=100_000)
    gross_weight_g = WholeField(label=_("Gross weight of a case"), required=False)
    rank = WholeField(label=_("Place on the shelf"), required=False, low=-1_000_000, high=1_000_000)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, families: Iterable[Spu], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "spu_code", [(one.code, f"{one.name} · {one.code}") for one in families])
        _offer(self, "sells_in", [(code, term("sells_in", code)) for code in Sku.SellsIn.values])

    @staticmethod
    def of(sku: Sku) -> dict[str, Any]:
        """The form's values for a SKU that exists."""
        said = {name: getattr(sku, name) for name in SkuForm.base_fields if hasattr(sku, name)}
        return {**said, "spu_code": sku.spu.code}

    def command(self, before: Sku | None) -> SaveSku:
        """What is asked of the catalogue; what the form does not show stays as it is."""
        said = dict(self.cleaned_data)
        for name, usual in (("inner_pack", 1), ("order_multiple", 1), ("rank", 0)):
            said[name] = usual if said[name] is None else said[name]
        said["age_code"] = said["age_code"] or "NV"
        if before is not None:
            said |= {"picture_file_id": before.picture_file_id}
        return SaveSku(**said)


class ProducerForm(forms.Form):
    """Who makes or bottles it, with the SC licence."""

    name = text_field(_("Name"), limit=120, required=True)
    uscc = text_field(_("Unified social credit code"), limit=18)
    sc_no = text_field(
        _("Food production licence (SC)"), limit=16, help_text=_("SC and 14 digits; liquor begins with 115.")
    )
    sc_valid_to = DayField(label=_("Licence valid until"), required=False)
    region_code = RegionField(required=False)
    address = text_field(_("Address"), limit=200)
    current_name = forms.CharField(widget=forms.HiddenInput, required=False)

    def command(self) -> SaveProducer:
        """What is asked of the catalogue."""
        return SaveProducer(**self.cleaned_data)


class LineForm(forms.Form):
    """A product line: what dealers are authorised for."""

    code = text_field(_("Line code"), limit=20, required=True)
    name = text_field(_("Name"), limit=60, required=True)
    name_en = text_field(_("English name"), limit=60)
    position = WholeField(label=_("Place in lists"), required=False, high=100_000)

    def command(self) -> SaveLine:
        """What is asked of the catalogue."""
        return SaveLine(**{**self.cleaned_data, "position": self.cleaned_data["position"] or 0})


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
