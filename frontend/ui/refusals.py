"""Refusals brought back to the form they answer: by field where they name one, else above the form."""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from django.forms import BaseForm
from django.utils.translation import gettext

from core.kernel.errors import DomainError, Kind
from core.web.refusals import words_of
from frontend.ui.codewords import code_words
from tenants.access.roles import ROLE_WORDS

T = TypeVar("T")
_CODE = re.compile(r"[a-z_]+(?:\.[a-z_]+)?")
REFUSED = 422


def attempt(form: BaseForm, call: Callable[[], T], fields: Mapping[str, str] | None = None) -> T | None:
    """Call one verb; its refusal lands on ``form`` and None comes back. Nothing that was typed is lost.

    ``fields`` gives the form's name for a field the verb calls otherwise. ``Missing`` without a field goes on: there
    is no such page.
    """
    try:
        return call()
    except DomainError as refusal:
        if refusal.kind is Kind.MISSING and refusal.field is None and not _speaks(refusal):
            raise
        put_on(form, refusal, fields)
        return None


def did(form: BaseForm, call: Callable[[], object], fields: Mapping[str, str] | None = None) -> bool:
    """Whether the form was filled in and its verb did what it asks for; ``call`` runs only on a form that is."""
    if not form.is_valid():
        return False
    attempt(form, call, fields)
    return not form.errors


def put_on(form: BaseForm, refusal: DomainError, fields: Mapping[str, str] | None = None) -> None:
    """Write every fault of ``refusal`` on the form."""
    for fault in refusal.problems():
        name = (fields or {}).get(fault.field or "", fault.field)
        form.add_error(name if name in form.fields else None, words_of(_spoken(fault)))


def _spoken(fault: DomainError) -> DomainError:
    """Permission codes and roles in a refusal as people call them."""
    if "codes" in fault.fields:
        named = {role: gettext(words) for role, words in ROLE_WORDS.items()}
        fault.fields["codes"] = _CODE.sub(
            lambda found: named.get(found[0], code_words(found[0])), str(fault.fields["codes"])
        )
    return fault


def _speaks(refusal: DomainError) -> bool:
    """Whether the refusal says more than “not found”."""
    return refusal.code != "missing"
