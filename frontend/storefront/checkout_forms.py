"""What a buyer says at the checkout: where to and when, and about policies."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy

from ordering.orders.rules.evaluating import NO_WISHES, Wishes

MOST_COUPONS = 10
FIELDS = ("coupons", "no_gifts", "keep_pool")


class WishesForm(forms.Form):
    """What the buyer says about policies; the page is priced anew with it."""

    coupons = forms.CharField(label=gettext_lazy("Coupon codes"), required=False, max_length=300)
    no_gifts = forms.BooleanField(label=gettext_lazy("Order without gifts"), required=False)
    keep_pool = forms.BooleanField(label=gettext_lazy("Do not use the rebate pool"), required=False)

    @classmethod
    def said(cls, data: Mapping[str, str]) -> tuple["WishesForm", Wishes]:
        """The form as filled in, and what it asks for; nonsense asks for nothing."""
        form = cls({name: data.get(name, "") for name in cls.base_fields})
        if not form.is_valid():
            return form, NO_WISHES
        coupons = tuple(dict.fromkeys(form.cleaned_data["coupons"].replace("，", " ").replace(",", " ").split()))
        keeps = form.cleaned_data["keep_pool"]
        return form, Wishes(coupons[:MOST_COUPONS], 0 if keeps else None, form.cleaned_data["no_gifts"])


class CheckoutForm(forms.Form):
    """What the buyer says. ``key`` makes a repeated request the same one, ``mark`` names the cart that was shown."""

    coupons = forms.CharField(widget=forms.HiddenInput, max_length=300, required=False)
    no_gifts = forms.CharField(widget=forms.HiddenInput, max_length=5, required=False)
    keep_pool = forms.CharField(widget=forms.HiddenInput, max_length=5, required=False)

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


def wished_in(data: Mapping[str, str]) -> dict[str, str]:
    """The wishes among what was sent or kept, as typed."""
    return {name: str(data.get(name, "")) for name in FIELDS}
