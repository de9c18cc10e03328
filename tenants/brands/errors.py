"""Refusals of brands and their hosts."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class BadSlug(DomainError):
    """The slug becomes a host name and a schema name: letters, digits, single hyphens."""

    code = "brands.bad_slug"
    text = N_("“%(slug)s” cannot be a brand's short name. Use 2 to 30 lower-case letters, digits or hyphens.")


class SlugTaken(DomainError):
    """Another brand has this slug or host."""

    code = "brands.slug_taken"
    kind = Kind.CONFLICT
    text = N_("“%(slug)s” is taken by another brand.")


class BadBrand(DomainError):
    """A setting of the brand is not one the product knows."""

    code = "brands.bad_setting"
    text = N_("“%(value)s” is not allowed here.")


class BadHost(DomainError):
    """Not a host name."""

    code = "brands.bad_host"
    text = N_("“%(host)s” is not a host name.")
