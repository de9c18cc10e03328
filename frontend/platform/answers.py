"""How the pages of signing in answer a refusal: on the form that was sent, beside the field it is about."""

from urllib.parse import urlencode

from django.forms import Form
from django.urls import reverse

from core.kernel.errors import DomainError
from core.web.refusals import STATUS, words_of
from core.web.requests import PageRequest
from frontend.platform.arrivals import wanted
from tenants.people.errors import TooManyTries


def refuse(form: Form, error: DomainError) -> None:
    """Put the refusal's words where it belongs."""
    form.add_error(error.field if error.field in form.fields else None, words_of(error))


def status_of(error: DomainError) -> int:
    """The table's status; but 429 and not 503 where it is this caller who is to wait, not everybody."""
    return 429 if isinstance(error, TooManyTries) else STATUS[error.kind]


def with_next(name: str, page: PageRequest) -> str:
    """The address of a page, with where the reader wanted to go."""
    target = wanted(page)
    return f"{reverse(name)}?{urlencode({'next': target})}" if target else reverse(name)
