"""An upload for an import."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """A spreadsheet; for a stock count also the warehouse that was counted."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("xlsx or csv, at most 20 MB. The first row names the columns."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("Choose a file first."), "empty": _("This file is empty.")},
    )
    warehouse = forms.ChoiceField(label=_("Warehouse that was counted"))

    def __init__(self, *args: Any, warehouses: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if warehouses is None:
            del self.fields["warehouse"]
            return
        field = self.fields["warehouse"]
        if isinstance(field, forms.ChoiceField):
            field.choices = warehouses
