"""Column types that carry a rule."""

from django.db import models


class CurrencyField(models.CharField):  # type: ignore[type-arg]  # django-stubs: two parameters nobody writes
    """ISO 4217 code, three letters, beside every amount in minor units."""

    def __init__(self, **options: object) -> None:
        options.setdefault("max_length", 3)
        options.setdefault("default", "CNY")
        super().__init__(**options)  # type: ignore[arg-type]  # options are CharField's own


class MinorUnitsField(models.BigIntegerField):  # type: ignore[type-arg]  # as above
    """An amount in minor units (fen, cents) of the currency beside it."""
