"""Every address of the three sorts of host, read from their resolvers, with the methods each answers."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

PLATFORM, DESK, BRAND = settings.ROOT_URLCONF, settings.URLCONF_OPS, settings.URLCONF_BRAND
_SAFE = {"HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Address:
    """A named pattern and one method of it."""

    name: str
    method: str


def addresses(urlconf: str = BRAND) -> list[Address]:
    """All of a host, by name."""
    found = _under(get_resolver(urlconf), ())
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
    said = getattr(view, "methods", None) or _decorated(view)
    return set(said) - _SAFE if said else {"GET", "POST"}


def _decorated(view: Callable[..., Any]) -> list[str]:
    """The methods of Django's ``require_…`` decorators, which keep them to themselves; none: it answers all."""
    layer: Any = view
    while layer is not None:
        if inspect.isfunction(layer):
            kept = inspect.getclosurevars(layer).nonlocals
            if "request_method_list" in kept:
                return list(kept["request_method_list"])
        layer = getattr(layer, "__wrapped__", None)
    return []
