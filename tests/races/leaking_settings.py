"""The known bad way: django-tenants' own wrapper, told to limit its calls, believes a note instead of the server."""

from tests.races.path_settings import *  # noqa: F403 - the same settings but for two

DATABASES["default"]["ENGINE"] = "django_tenants.postgresql_backend"  # noqa: F405 - comes with the star
TENANT_LIMIT_SET_CALLS = True
