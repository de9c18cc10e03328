"""Scans of papers in forms: the field, and keeping what was uploaded until the verb has spoken."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from core.db.acts import public
from core.files.models import StoredFile
from core.files.rules import Purpose
from core.files.services import drop, store_unowned
from core.kernel.errors import DomainError

PAGES = ("scan", "scan_back")
"""Names of the form's fields; a paper has two sides at most."""


class ScanField(forms.FileField):
    """One picture or PDF of a paper."""

    def __init__(self, *, label: Any, required: bool = True, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            required=required,
            widget=forms.ClearableFileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.pdf"}),
            error_messages={"required": _("Add a scan or photo of the licence."), "empty": _("This file is empty.")},
            **kwargs,
        )


@contextmanager
def scans_kept(form: forms.Form) -> Iterator[tuple[UUID, ...]]:
    """Keep the form's scans among the platform's files for the verb inside; gone again when the verb refuses.

    Raises what ``core.files`` refuses, each with the field it belongs to.
    """
    kept: list[StoredFile] = []
    try:
        for name in PAGES:
            upload = form.cleaned_data.get(name)
            if upload is not None:
                kept.append(_stored(upload, name))
        yield tuple(stored.pk for stored in kept)
    except BaseException:
        with public():
            for stored in kept:
                drop(stored)
        raise


def _stored(upload: Any, name: str) -> StoredFile:
    try:
        with public():
            return store_unowned(upload=upload, name=upload.name, purpose=Purpose.LICENCE)
    except DomainError as refusal:
        refusal.field = name
        raise
