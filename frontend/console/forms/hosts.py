"""Where the portal is reached, and what the public directory says of the brand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.console.forms.pickers import RegionField
from frontend.console.forms.products import aromas
from frontend.ui.inputs import text_field
from tenants.brands.models import Brand
from tenants.brands.services import PublishBrand


class HostForm(forms.Form):
    """A host of the brand's own."""

    host = text_field(_("Host name"), limit=253, required=True, help_text=_("For example: order.example.com"))


class DirectoryForm(forms.Form):
    """What anybody may read of the brand, once it wishes to be found."""

    is_listed = forms.BooleanField(label=_("Show us in the public directory of brands"), required=False)
    introduction = text_field(_("Introduction"), limit=400, rows=3)
    introduction_en = text_field(_("Introduction in English"), limit=400, rows=3)
    region_code = RegionField(label=_("Home of the brand"), required=False)
    aromas = forms.MultipleChoiceField(
        label=_("Aroma types"), choices=aromas, required=False, widget=forms.CheckboxSelectMultiple
    )

    @classmethod
    def said(cls, brand: Brand) -> dict[str, object]:
        """What the brand says now."""
        return {name: getattr(brand, name) for name in cls.base_fields}

    def command(self) -> PublishBrand:
        """What is asked of the brand."""
        said = dict(self.cleaned_data)
        return PublishBrand(**{**said, "aromas": tuple(said["aromas"])})
