"""The probe's doors stand on every brand's host."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _probe(settings: Settings) -> None:
    settings.URLCONF_BRAND = "tests.core.web.probe_urls"
