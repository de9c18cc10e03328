"""Fields that read what people really type: full-width digits, currency signs, separators."""

from datetime import date
from decimal import Decimal, DecimalException
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.kernel.text import normalised
from core.web.refusals import words_of
from frontend.ui.templatetags.ui import fen_input

CHOICE_SIZE = 12


class WholeField(forms.Field):
    """A whole number, full-width digits included; ``low`` and ``high`` are both allowed."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, *, low: int = 0, high: int = 2_000_000_000, **kwargs: Any) -> None:
        self.low, self.high = low, high
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        """The number; None for nothing."""
        text = normalised(str(value or "")).replace(",", "").replace("−", "-")
        if not text:
            return None
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 15:
            raise ValidationError(_("Write a whole number, for example 12."))
        number = int(text)
        if not self.low <= number <= self.high:
            raise ValidationError(
                _("The number must lie between %(low)s and %(high)s."), params={"low": self.low, "high": self.high}
            )
        return number


class TenthsField(forms.Field):
    """A figure with at most one decimal, kept in tenths: 52.5 → 525."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        """Tenths; None for nothing."""
        text = normalised(str(value or "")).rstrip("%").removesuffix("度").removesuffix("°").strip()
        if not text:
            return None
        try:
            tenths = Decimal(text) * 10
        except DecimalException:
            raise ValidationError(_("Write a number with at most one decimal, for example 52.5.")) from None
        if not tenths.is_finite() or abs(tenths) > 10_000 or tenths != tenths.to_integral_value():
            raise ValidationError(_("Write a number with at most one decimal, for example 52.5."))
        return int(tenths)

    def prepare_value(self, value: Any) -> Any:
        """525 → 52.5; what was typed stays as it was typed."""
        return f"{value / 10:g}" if isinstance(value, int) else value


class MoneyField(forms.Field):
    """An amount as people write it (``¥1,980.00``), kept in minor units of ``currency``."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, currency: str = "CNY", low: int | None = 0, **kwargs: Any) -> None:
        self.currency, self.low = currency, low
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        """Minor units; None for nothing."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            amount = Money.parse(text, self.currency).amount
        except DomainError as refusal:
            raise ValidationError(words_of(refusal)) from None
        if self.low is not None and amount < self.low:
            raise ValidationError(_("The amount cannot be negative."))
        return amount

    def prepare_value(self, value: Any) -> Any:
        """198000 → 1980.00; what was typed stays as it was typed."""
        return fen_input(value, self.currency) if isinstance(value, int) else value


class DayField(forms.DateField):
    """A calendar day, chosen in the browser's own picker. At the calendar's ends sums overflow: no such day is read."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"]

    def to_python(self, value: Any) -> date | None:
        """The day, None where nothing was said. Raises ``ValidationError``."""
        day = super().to_python(value)
        if day is not None and not clock.FIRST_YEAR <= day.year <= clock.LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


def text_field(label: Any, *, limit: int, required: bool = False, rows: int = 0, **kwargs: Any) -> forms.CharField:
    """A line of text, or ``rows`` lines."""
    widget: forms.Widget = (
        forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    )
    return forms.CharField(label=label, max_length=limit, required=required, widget=widget, **kwargs)
