"""Django app of the UI kit: templates, static files and the ``ui`` template tags; no tables."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """``frontend.ui``, label ``ui``."""

    name = "frontend.ui"
    label = "ui"
