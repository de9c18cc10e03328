"""The rooms with a door for operators: importing this registers their windows on the desk's site."""

from importlib import import_module

from django.apps import apps

from core.web.desk import Window, site

ROOMS = (
    "core.jobs.admin",
    "core.web.admin",
    "tenants.people.admin",
    "tenants.organisations.admin",
    "tenants.brands.admin",
)

for room in ROOMS:
    import_module(room)


def windows() -> list[Window]:
    """Every window there is."""
    found = (site.get_model_admin(model) for model in apps.get_models() if site.is_registered(model))
    return [one for one in found if isinstance(one, Window)]
