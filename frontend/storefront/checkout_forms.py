"""What a buyer says at the checkout: where to and when."""

from django import forms
from django.utils.translation import gettext_lazy


class CheckoutForm(forms.Form):
    """What the buyer says. ``key`` makes a repeated request the same one, ``mark`` names the cart that was shown."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    mark = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    prices = forms.CharField(widget=forms.HiddenInput, required=False)
    expected_total = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    address = forms.IntegerField(required=False)
    wished_on = forms.DateField(
        label=gettext_lazy("Wished day of delivery"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    buyer_reference = forms.CharField(label=gettext_lazy("Your own reference"), required=False, max_length=60)
    note = forms.CharField(
        label=gettext_lazy("Note to the seller"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
