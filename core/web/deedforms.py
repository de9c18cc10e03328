"""Forms of the operator's desk, dressed as Unfold's own."""

from typing import Any

from django import forms
from django.forms.widgets import Input
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    CHECKBOX_CLASSES,
    INPUT_CLASSES,
    SELECT_CLASSES,
    TEXTAREA_CLASSES,
    UnfoldAdminFileFieldWidget,
)

_CLASSES: dict[type[forms.Widget], list[str]] = {
    forms.Textarea: TEXTAREA_CLASSES,
    forms.CheckboxInput: CHECKBOX_CLASSES,
    forms.Select: SELECT_CLASSES,
    Input: INPUT_CLASSES,
}


class DeedForm(forms.Form):
    """The form of a deed, dressed as the desk; the reason is kept with the act."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in self.fields.values():
            if isinstance(one, forms.FileField):
                one.widget = UnfoldAdminFileFieldWidget()  # Unfold's script looks for the name's place beside it
                one.widget.is_required = one.required
                continue
            wanted = next((names for kind, names in _CLASSES.items() if isinstance(one.widget, kind)), None)
            if wanted is not None and not isinstance(one.widget, (forms.CheckboxSelectMultiple, forms.RadioSelect)):
                one.widget.attrs.setdefault("class", " ".join(wanted))


class ReasonForm(DeedForm):
    """Why it is done: asked wherever a deed says no other form."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept with the act; the auditor reads it."),
    )
