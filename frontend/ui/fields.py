"""A form field as the page shows it: label above, hint, error beside it, wired for screen readers."""

from typing import NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString


class FieldView(NamedTuple):
    """Everything the field's template needs. ``control`` is the rendered widget."""

    bound: BoundField
    control: SafeString
    kind: str
    hint: str
    errors: tuple[str, ...]
    hint_id: str
    error_id: str
    is_optional: bool
    suffix: str


def field_view(bound: BoundField, hint: str = "", suffix: str = "", size: str = "") -> FieldView:
    """Render ``bound`` with the kit's classes and aria attributes; its own widget attributes are kept."""
    kind = _kind(bound.field.widget)
    errors = tuple(str(error) for error in bound.errors)
    words = hint or str(bound.help_text or "")
    own_id = bound.auto_id or bound.html_name
    hint_id, error_id = f"{own_id}_hint", f"{own_id}_error"
    described = [error_id] * bool(errors) + [hint_id] * bool(words)
    attributes: dict[str, str | bool] = {}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if errors:
        attributes["aria-invalid"] = "true"
    if kind in {"input", "select", "textarea"}:
        attributes["class"] = _classes(bound.field.widget, kind, size)
    return FieldView(
        bound=bound,
        control=bound.as_widget(attrs=attributes),
        kind=kind,
        hint=words,
        errors=errors,
        hint_id=hint_id,
        error_id=error_id,
        is_optional=not bound.field.required,
        suffix=suffix,
    )


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    if isinstance(widget, forms.Select):
        return "select"
    return "textarea" if isinstance(widget, forms.Textarea) else "input"


def _classes(widget: forms.Widget, kind: str, size: str) -> str:
    classes = [str(widget.attrs.get("class", "")), kind]
    if kind == "input" and isinstance(widget, forms.NumberInput):
        classes.append("input--num")
    if kind == "input" and size:
        classes.append(f"input--{size}")
    return " ".join(part for part in classes if part)
