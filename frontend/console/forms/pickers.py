"""Fields that offer what there is: dealers, products and divisions, by code or by name.

The browser's own list of suggestions (``<datalist>``) opens without a script; typing a code from memory still works.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from core.kernel import regions
from core.kernel.text import normalised
from frontend.ui.places import name_to_type, place_called, place_name

REGIONS_LIST = "regions"
"""Id of the list of divisions: the page draws it once for all its fields (console/parts/regions.html)."""
_WHOLE_COUNTRY = frozenset({"CN", "中国", "全国"})


class Picker(forms.TextInput):
    """A line of text with suggestions: pairs of value and words, or the list another part of the page draws."""

    def __init__(self, *, list_id: str = "") -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.list_id = list_id
        self.options: tuple[tuple[str, str], ...] = ()

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The input, followed by its own list where it has one."""
        if self.list_id:
            return super().render(name, value, {**(attrs or {}), "list": self.list_id}, renderer)
        if not self.options:
            return super().render(name, value, attrs, renderer)
        own = f"{(attrs or {}).get('id') or name}_list"
        control = super().render(name, value, {**(attrs or {}), "list": own}, renderer)
        drawn = format_html_join("", '<option value="{}">{}</option>', self.options)
        return format_html('{}<datalist id="{}">{}</datalist>', control, own, drawn)


class CodeField(forms.CharField):
    """A code, chosen among codes with their names; a name that only one of them bears is read as its code."""

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(**{"widget": Picker(), **kwargs})

    def offer(self, options: Iterable[tuple[str, str]]) -> None:
        """What the list suggests: codes with the words people know them by."""
        if isinstance(self.widget, Picker):
            self.widget.options = tuple(options)

    def to_python(self, value: Any) -> str:
        """The code; anything unknown stays as it was typed: the verb says what is wrong with it."""
        text = str(super().to_python(value)).strip()
        options = self.widget.options if isinstance(self.widget, Picker) else ()
        if any(text.upper() == code for code, _name in options):
            return text.upper()
        named = {code for code, name in options if name == text}
        found = named.pop() if len(named) == 1 else text
        if len(found) > self.limit:
            raise ValidationError(gettext("There is no such code. Choose one from the list."))
        return found


class RegionField(forms.CharField):
    """A division: the name as people write it, or its six digits. ``with_country`` also takes the whole country."""

    def __init__(self, *, with_country: bool = False, **kwargs: Any) -> None:
        self.with_country = with_country
        usual = {
            "label": gettext_lazy("Division"),
            "max_length": 80,
            "help_text": gettext_lazy(
                "Write its name, for example Lixia District, Jinan, Shandong, or its six digits."
            ),
            "widget": Picker(list_id=REGIONS_LIST),
        }
        super().__init__(**{**usual, **kwargs})

    def to_python(self, value: Any) -> str:
        """The code; six digits are passed on as they are: the verb knows which of them rule."""
        text = normalised(str(super().to_python(value)))
        if not text or (text.isascii() and text.isdigit()):
            return text
        if self.with_country and (text.upper() in _WHOLE_COUNTRY or text == gettext("Whole country")):
            return regions.COUNTRY
        found = place_called(text)
        if found is None:
            raise ValidationError(
                gettext("“%(value)s” names no single division. Write its province in front, or its six digits.")
                % {"value": text[:40]}
            )
        return found.code

    def prepare_value(self, value: Any) -> Any:
        """370100 → 山东省济南市, where the name leads back to the same code; what was typed stays as it was typed."""
        if self.with_country and value == regions.COUNTRY:
            return gettext("Whole country")
        try:
            return name_to_type(value) if isinstance(value, str) and value else value
        except regions.UnknownRegion:
            return value


def offered_regions() -> list[tuple[str, str]]:
    """Provinces and cities by name in the reader's language. Counties are typed: three thousand weigh too much."""
    return [
        (place_name(place.code, full=True), place.code)
        for province in regions.provinces()
        for place in (province, *regions.children(province.code))
        if place.level is not regions.Level.COUNTY
    ]


def offer_codes(form: forms.Form, name: str, options: Iterable[tuple[str, str]]) -> None:
    """Let the form suggest ``options`` for a code, where it asks for that code at all."""
    field = form.fields.get(name)
    if isinstance(field, CodeField):
        field.offer(options)
