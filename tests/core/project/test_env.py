"""Settings read from the environment."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from core.project.settings import env


def test_a_misspelt_environment_does_not_start_with_the_keys_of_development(monkeypatch: pytest.MonkeyPatch) -> None:
    known = ("dev", "test", "prod")
    monkeypatch.setenv("JIUMAI_ENV", "production")
    with pytest.raises(ImproperlyConfigured, match="JIUMAI_ENV"):
        env.choice("JIUMAI_ENV", known)
    monkeypatch.setenv("JIUMAI_ENV", "prod")
    assert env.choice("JIUMAI_ENV", known) == "prod"
    monkeypatch.delenv("JIUMAI_ENV")
    assert env.choice("JIUMAI_ENV", known) == "dev"
