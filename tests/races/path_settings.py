"""The product's settings with the doors of the search-path race on every brand's host."""

from tests.watched_settings import *  # noqa: F403 - the same settings but for one

URLCONF_BRAND = "tests.races.path_doors"
