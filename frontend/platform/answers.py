"""How the pages of signing in answer a refusal: on the form that was sent, beside the field it is about."""

from urllib.parse import urlencode

from django.forms import Form
from django.urls import reverse

from core.kernel.errors import DomainError, Kind
from core.web.refusals import words_of
from core.web.requests import PageRequest
from frontend.platform.arrivals import wanted
from tenants.people.errors import TooManyTries


def refuse(form: Form, error: DomainError) -> None:
    """Put the refusal's words where it belongs."""
    form.add_error(error.field if error.field in form.fields else None, words_of(error))


def status_of(error: DomainError) -> int:
    """422 or 409: the form comes back with words on it. 429, not 503, where this caller is to wait, not everybody."""
    if isinstance(error, TooManyTries):
        return 429
    return 409 if error.kind is Kind.CONFLICT else 422


def with_next(name: str, page: PageRequest) -> str:
    """The address of a page, with where the reader wanted to go."""
    target = wanted(page)
    return f"{reverse(name)}?{urlencode({'next': target})}" if target else reverse(name)
