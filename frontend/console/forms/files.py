"""An upload for an import."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.jobs.batches import MOST_SIGNS
from core.kernel import clock
from frontend.ui.inputs import DayField, text_field


class ImportForm(forms.Form):
    """A spreadsheet; for a stock count also the warehouse that was counted, for balances the day they stand on."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("xlsx or csv, at most 20 MB. The first row names the columns."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("Choose a file first."), "empty": _("This file is empty.")},
    )
    warehouse = forms.ChoiceField(label=_("Warehouse that was counted"))

    batch = text_field(
        _("Batch number"),
        limit=MOST_SIGNS,
        help_text=_("The same file under the same number is imported once. Leave it empty and one is made."),
    )
    on = DayField(
        label=_("Balances as of the morning of"),
        help_text=_("They are booked on this day; what falls due without a day of its own is counted from it."),
    )

    def __init__(
        self, *args: Any, warehouses: list[tuple[str, str]] | None = None, asks_day: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if asks_day:
            self.fields["on"].initial = clock.business_day()
        else:
            del self.fields["on"]
        if warehouses is None:
            del self.fields["warehouse"]
            return
        field = self.fields["warehouse"]
        if isinstance(field, forms.ChoiceField):
            field.choices = warehouses

    def clean_on(self) -> date:
        """Not a day to come."""
        day: date = self.cleaned_data["on"]
        if day > clock.business_day():
            raise forms.ValidationError(_("This day is still to come. Choose today or an earlier day."))
        return day
