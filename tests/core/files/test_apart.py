"""No test keeps its files among the developer's own."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage


@pytest.fixture(scope="module")
def place() -> Path:
    """Where a fixture of a whole module keeps files: it comes before any test's own folder."""
    return Path(default_storage.path("t_xinghe"))


def test_a_module_keeps_files_apart(place: Path) -> None:
    assert settings.VAR not in place.parents
