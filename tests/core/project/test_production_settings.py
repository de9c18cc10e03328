"""Production starts only when it was told everything, and nothing weak."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from core.project.settings import env, production
from tests.production import FIT, SECRETS, environment

ROOT = Path(__file__).resolve().parents[3]


def test_a_fit_environment_has_no_fault() -> None:
    assert production.faults(FIT) == []


@pytest.mark.parametrize("name", production.NEEDED)
@pytest.mark.parametrize("value", [None, ""])
def test_what_is_needed_may_not_be_missing(name: str, value: str | None) -> None:
    told = {key: word for key, word in FIT.items() if key != name} | ({name: value} if value is not None else {})
    assert production.faults(told) == [f"The environment variable {name} is not set."]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JIUMAI_SECRET_KEY", "short"),
        ("JIUMAI_SECRET_KEY", "a" * 60),
        ("JIUMAI_SECRET_KEY", "development-only-key-of-no-worth-0123456789abcdef-and-more"),
        ("JIUMAI_VAULT_KEYS", "k1:c2hvcnQ="),
        ("JIUMAI_VAULT_KEYS", "k1:not base64"),
        ("JIUMAI_VAULT_KEYS", base64.b64encode(bytes(range(32))).decode()),
        ("JIUMAI_VAULT_KEYS", "k1:" + base64.b64encode(b"\x00" * 32).decode()),
        ("JIUMAI_VAULT_KEYS", "d1:ZGV2ZWxvcG1lbnQtb25seS1rZXktMzItYnl0ZXMhISE="),
        ("JIUMAI_VAULT_INDEX_KEY", "development-only-index-key-long-enough"),
        ("JIUMAI_METRICS_TOKEN", "0" * 64),
        ("JIUMAI_BASE_DOMAIN", "jiumai.localhost"),
        ("JIUMAI_BASE_DOMAIN", "https://jiumai.cn"),
        ("JIUMAI_BASE_DOMAIN", "jiumai.cn:8000"),
        ("JIUMAI_PROXIES", "0"),
        ("JIUMAI_PROXIES", "yes"),
        ("JIUMAI_SCHEME", "http"),
        ("JIUMAI_DESK_NEEDS_FACTOR", "0"),
        ("DATABASE_URL", "sqlite:///db"),
        ("REDIS_URL", "memory://"),
    ],
)
def test_what_is_weak_is_refused_without_being_repeated(name: str, value: str) -> None:
    [fault] = production.faults({**FIT, name: value})
    assert fault.startswith(f"{name}: ")
    assert len(value) < 10 or value not in fault


def test_every_fault_is_said_at_once() -> None:
    with pytest.raises(ImproperlyConfigured) as told:
        production.refuse_unfit({})
    assert all(name in str(told.value) for name in production.NEEDED)


def test_a_bucket_wants_its_keys() -> None:
    assert len(production.faults({**FIT, "JIUMAI_S3_BUCKET": "jiumai"})) == len(production.NEEDED_WITH_S3)


def test_tls_to_the_database_is_asked_for_in_its_address() -> None:
    url = "postgresql://u:p@db:5432/jiumai?sslmode=verify-full&sslrootcert=/ca.pem&x=1"
    assert env.database_options(url) == {"sslmode": "verify-full", "sslrootcert": "/ca.pem"}


def test_the_settings_stop_at_the_first_line_of_a_bad_start(tmp_path: Path) -> None:
    told = {"PATH": os.environ["PATH"], "JIUMAI_ENV": "prod", "JIUMAI_SECRET_KEY": "weak"}
    done = _python("import core.project.settings", told)
    assert done.returncode == 1
    assert "JIUMAI_SECRET_KEY: needs at least 50 characters." in done.stderr
    assert "The environment variable JIUMAI_PROXIES is not set." in done.stderr


def test_the_deployment_checks_are_content(tmp_path: Path) -> None:
    told = environment(tmp_path)
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_cookies_and_mail_are_what_production_needs(tmp_path: Path) -> None:
    asked = (
        "from core.project import settings as s; "
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, "
        "s.SECURE_HSTS_SECONDS, s.DEBUG, s.POOL_SIZE)"
    )
    done = _python(asked, environment(tmp_path))
    assert done.stdout.split() == [
        *("__Host-jm", "__Host-jmc", "True", "True", "True", "Lax", "True", "False", "31536000", "False", "0")
    ]
    done = _python(asked, environment(tmp_path) | {"JIUMAI_MAIL_PORT": "465"})
    assert done.stdout.split()[6:8] == ["False", "True"]


def test_a_secret_never_reaches_the_output_of_a_start(tmp_path: Path) -> None:
    done = _python("import core.project.settings", environment(tmp_path) | {"JIUMAI_PROXIES": "0"})
    assert done.returncode == 1
    assert not any(FIT[name] in done.stderr for name in SECRETS)


def _python(code: str, told: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=told, capture_output=True, text=True, check=False)
