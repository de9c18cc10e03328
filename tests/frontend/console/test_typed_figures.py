"""Shares, factors and degrees of any size are refused in words: arithmetic that overflows is no fault of ours."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from frontend.console.forms.policy_fields import PercentField
from frontend.console.forms.prices import FactorField
from frontend.ui.inputs import TenthsField

FIELDS: list[forms.Field] = [PercentField(), FactorField(), TenthsField()]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)
@pytest.mark.parametrize("text", ["9e999999", "-9e999999", "NaN", "Infinity", "two", "9" * 5_000])
def test_figures_beyond_every_measure_are_refused(field: forms.Field, text: str) -> None:
    with pytest.raises(ValidationError):
        field.clean(text)


def test_figures_as_people_write_them_are_read() -> None:
    typed = zip(FIELDS, ("2.5%", "９７.５", "52.5度"), strict=True)
    assert [field.clean(text) for field, text in typed] == [250, 975_000, 525]
