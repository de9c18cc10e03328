"""Every address of a brand's host, read from the resolver, with the methods it answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

_SAFE = {"HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Address:
    """A named pattern and one method of it."""

    name: str
    method: str


def addresses() -> list[Address]:
    """All of them, by name."""
    found = _under(get_resolver(settings.URLCONF_BRAND), ())
    return sorted(set(found), key=lambda address: (address.name, address.method))


def _under(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _under(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        else:
            name = ":".join((*spaces, pattern.name or f"unnamed {pattern.pattern}"))
            yield from (Address(name, method) for method in _methods(pattern))


def _methods(pattern: URLPattern) -> set[str]:
    view = pattern.callback
    view_class = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if view_class is not None:
        return {name.upper() for name in view_class.http_method_names if hasattr(view_class, name)} - _SAFE
    return set(getattr(view, "methods", {"GET"})) - _SAFE
